"""What people are told about leads: what happened, what comes next, and by when."""

from datetime import date

from finmart.matching.demands.models import Demand
from finmart.matching.leads.models import Lead
from finmart.matching.leads.types.states import STATE_WORDS, LeadStep
from finmart.platform.accounts.service.organisations import organisation_card
from finmart.platform.accounts.service.telling import tell_member, tell_members, tell_operators
from finmart.platform.accounts.service.tree import user_ids_reaching
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.messages import N_, Message
from finmart.platform.notices.types import Letter, Named

#: What the applicant is told when its lead has come to a state: what happened, what comes next.
_TO_APPLICANT = {
    "interested": (
        N_("{institution}对您的融资需求有意向，还不知道您是谁。"),
        N_("请查看它的意向条件，决定是否让它看到联系方式。"),
    ),
    "contacted": (
        N_("{institution}已登记与您取得联系。"),
        N_("机构将在期限内给出初步意见。如果并没有人联系您，请告诉平台。"),
    ),
    "review": (N_("{institution}已给出初步意见，开始审查。"), N_("机构将在期限内作出决定，您可以随时查看进度。")),
    "materials": (N_("{institution}请您补充材料，机构的时限暂停计算。"), N_("请按清单上传材料后提交。")),
    "supplement": (N_("{institution}请您补充材料，机构的时限暂停计算。"), N_("请按清单上传材料后提交。")),
    "approved": (N_("{institution}批准了您的申请。"), N_("请核对金额、利率和综合成本，决定是否接受。")),
    "funded": (N_("{institution}已登记放款。"), N_("请核对到账金额；如有不符，请在问答里告诉机构。")),
    "declined": (N_("{institution}没有通过您的申请。"), N_("页面上写明了原因和可以做的改进，您也可以申请其他产品。")),
    "passed": (N_("{institution}没有承接您的需求。"), N_("您的需求仍在进行，其他机构还可以响应。")),
    "lapsed": (N_("{institution}与您需求之间的申请已经失效。"), N_("请在需求页面选择下一步。")),
}
#: What the applicant is told of a step whose state alone would say something else.
_STEP_TO_APPLICANT = {
    LeadStep.GO_ON: (
        N_("{institution}不再等待补充材料，按现有材料继续办理。"),
        N_("机构的时限继续计算；还有材料要交的，请在问答里告诉机构。"),
    ),
    LeadStep.REVERSE: (
        N_("{institution}更正了上一步，申请现在的状态是：{state}。"),
        N_("请以申请页面上的最新进度为准，更正的原因写在那里。"),
    ),
}
#: What the institution is told.
_TO_INSTITUTION = {
    "assigned": (N_("平台向您派送了一条融资需求。"), N_("请在期限内答复是否承接。")),
    "received": (N_("您收到一笔新的融资申请，可以看到申请人的联系方式。"), N_("请在期限内联系申请人并登记。")),
    "contacted": (N_("申请人已交齐材料。"), N_("请在期限内给出初步意见。")),
    "review": (N_("申请人已交齐补充材料。"), N_("请在期限内作出决定。")),
    "contracted": (N_("申请人接受了您的条件。"), N_("请在期限内放款并登记。")),
    "not_chosen": (N_("申请人没有选择贵机构。"), N_("这笔申请已经结束，不需要再做什么。")),
    "withdrawn": (N_("申请人撤回了申请。"), N_("这笔申请已经结束，不需要再做什么。")),
    "closed": (N_("申请人的需求已经结束。"), N_("这笔申请已经结束，不需要再做什么。")),
    "lapsed": (N_("一笔申请因逾期已经失效。"), N_("这笔申请已经结束；请留意收件箱里其他申请的期限。")),
}
_STEP_TO_INSTITUTION = {
    LeadStep.GO_ON: (
        N_("申请人没有在期限内交齐材料，贵机构的时限继续计算。"),
        N_("请按现有材料继续办理；确实缺少的，可以再次请申请人补充。"),
    ),
}


def _application(lead: Lead) -> str:
    return f"/applications/{lead.public_id}"


def _desk(lead: Lead) -> str:
    return f"/institution/leads/{lead.public_id}"


def _params(lead: Lead) -> dict[str, object]:
    card = organisation_card(lead.organisation_id)
    return {"institution": Named(card.name_zh, card.name_en), "state": Message(STATE_WORDS[lead.state])}


def tell_applicant(lead: Lead, demand: Demand, *, step: LeadStep | None = None) -> None:
    """Tell the applicant's members where its lead stands now; nothing where there is nothing to say.

    ``step`` is given where the way to the state matters: waiting no longer for materials, and taking a step back.
    """
    words = _STEP_TO_APPLICANT[step] if step is not None else _TO_APPLICANT.get(lead.state)
    if words is not None:
        letter = Letter(
            f"lead.{step or lead.state}", *words, by=lead.due_on, path=_application(lead), params=_params(lead)
        )
        tell_members(demand.organisation_id, letter, permission=Permission.OWN_DEMANDS_READ)


def tell_institution(lead: Lead, *, step: LeadStep | None = None) -> None:
    """Tell the institution's clerks where a lead stands now; ``step`` as above."""
    words = _STEP_TO_INSTITUTION[step] if step is not None else _TO_INSTITUTION.get(lead.state)
    if words is not None:
        letter = Letter(f"lead.{step or lead.state}", *words, by=lead.due_on, path=_desk(lead), params=_params(lead))
        _tell_desk(lead, letter)


def _tell_desk(lead: Lead, letter: Letter) -> None:
    """Tell those who work on leads and look after the branch of this one."""
    there = user_ids_reaching(lead.organisation_id, lead.branch_id)
    tell_members(lead.organisation_id, letter, permission=Permission.OWN_LEADS_WORK, only=there)


def tell_institution_of_branch(lead: Lead) -> None:
    """Tell a branch that a lead has come to it."""
    letter = Letter(
        "lead.routed",
        N_("一笔融资申请转到了您的网点：{state}。"),
        N_("请打开申请查看进度并接着办理，期限不变。"),
        by=lead.due_on,
        path=_desk(lead),
        params=_params(lead),
    )
    _tell_desk(lead, letter)


def tell_of_post(lead: Lead, demand: Demand, *, to_applicant: bool) -> None:
    """Tell the other side of a question or an answer."""
    happened, following = N_("申请页面上有一条新的提问或答复。"), N_("请打开页面查看。")
    if to_applicant:
        letter = Letter("lead.posted", happened, following, path=_application(lead), params=_params(lead))
        tell_members(demand.organisation_id, letter, permission=Permission.OWN_DEMANDS_READ)
    else:
        letter = Letter("lead.posted", happened, following, path=_desk(lead), params=_params(lead))
        _tell_desk(lead, letter)


def tell_of_handover(lead: Lead, *, to: int, by: str, reason: str) -> None:
    """Tell the colleague who has got a lead; ``by`` is a name, ``reason`` the words of the code."""
    happened = N_("{colleague}把一笔融资申请转交给您办理：{reason}。")
    params = _params(lead) | {"colleague": by, "reason": Message(reason)}
    letter = Letter(
        "lead.handed_over",
        happened,
        N_("请打开申请查看进度并接着办理，期限不变。"),
        by=lead.due_on,
        path=_desk(lead),
        params=params,
    )
    tell_member(lead.organisation_id, to, letter)


def remind_of_lead(lead: Lead, demand: Demand, *, owner_is_applicant: bool) -> None:
    """Tell whoever let the day pass."""
    happened = N_("一笔融资申请已超过办理期限：{state}。")
    if owner_is_applicant:
        following = N_("请尽快答复；再过两个工作日仍没有答复，这一步将按规则自动处理。")
        letter = Letter(
            "lead.overdue", happened, following, by=lead.due_on, path=_application(lead), params=_params(lead)
        )
        tell_members(demand.organisation_id, letter, permission=Permission.OWN_DEMANDS_READ)
    else:
        following = N_("请今天办理；再过一个工作日仍没有办理，将转由平台处理，并计入机构的时效记录。")
        letter = Letter("lead.overdue", happened, following, by=lead.due_on, path=_desk(lead), params=_params(lead))
        _tell_desk(lead, letter)


def tell_of_escalation(lead: Lead, demand: Demand, due: date) -> None:
    """Tell the operator that it must step in, and the applicant that it will."""
    params = _params(lead)
    happened = N_("{institution}逾期没有办理一笔融资申请：{state}。")
    tell_operators(
        Letter(
            "lead.escalated",
            happened,
            N_("请联系机构催办，或收回后改派。"),
            by=due,
            path="/operator/stuck",
            params=params,
        )
    )
    following = N_("平台已介入，将联系机构或为您改派；您也可以撤回这笔申请。")
    letter = Letter("lead.escalated", happened, following, by=due, path=_application(lead), params=params)
    tell_members(demand.organisation_id, letter, permission=Permission.OWN_DEMANDS_READ)


def remind_of_demand(demand: Demand, due: date, *, owner_is_applicant: bool) -> None:
    """Tell the owner of a demand without a living lead that its day has passed."""
    if owner_is_applicant:
        happened = N_("您的融资需求目前没有机构在办理，已超过选择下一步的期限。")
        following = N_("请申请其他产品、公开匿名名片或撤回；再过两个工作日仍没有选择，需求将自动结束。")
        letter = Letter("demand.overdue", happened, following, by=due, path=f"/demands/{demand.public_id}")
        tell_members(demand.organisation_id, letter, permission=Permission.OWN_DEMANDS_READ)
        return
    happened = N_("一条公开的融资需求到期仍没有机构响应。")
    tell_operators(Letter("demand.unanswered", happened, N_("请向合适的机构派单。"), by=due, path="/operator/stuck"))


def tell_of_end(demand: Demand) -> None:
    """Tell the applicant that a demand has ended by the passing of time."""
    happened = N_("您的融资需求已到期结束，没有机构在办理。")
    following = N_("情况没有变化的话，可以照原样重新填写一条；匹配结果里写明了补充哪些资料会打开更多产品。")
    letter = Letter("demand.ended", happened, following, path=f"/demands/{demand.public_id}")
    tell_members(demand.organisation_id, letter, permission=Permission.OWN_DEMANDS_READ)
