"""Leads in words: states, whose turn it is and until when, reasons, products, in the language of the request."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from finmart.matching.demands.service import days_of
from finmart.matching.demands.types.clocks import ClockView, DutyKind, Owner
from finmart.matching.demands.types.states import STATE_WORDS as DEMAND_WORDS
from finmart.matching.demands.types.states import DemandState
from finmart.matching.leads.types.reasons import DECLINE_REASONS, HOUSE_REASONS, PASS_REASONS, REFUSE_REASONS
from finmart.matching.leads.types.states import CHANNEL_WORDS, STATE_WORDS, STEP_WORDS, Channel, LeadState, LeadStep
from finmart.matching.leads.types.values import (
    CONTACT_CHANNEL_WORDS,
    CONTACT_OUTCOME_WORDS,
    MATERIAL_WORDS,
    ContactChannel,
    ContactOutcome,
    LeadView,
    Material,
    StepView,
)
from finmart.matching.routes import wording as matching
from finmart.matching.routes.leads.offers import hundredths
from finmart.platform.accounts.service.organisations import organisation_card
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.messages import N_
from finmart.platform.web import filters
from finmart.platform.web.language import current_language, localized
from finmart.products import service as products
from finmart.products.service import ProductUnknown
from finmart.products.types import PublishedProduct
from finmart.reference import regions
from finmart.reference.working_days import days_passed

#: state → tone and icon of its tag; a tag always has its words too.
LOOKS: dict[str, tuple[str, str]] = {
    LeadState.ASSIGNED: ("accent", "send"),
    LeadState.INTERESTED: ("accent", "hand-thumbs-up"),
    LeadState.RECEIVED: ("accent", "inbox"),
    LeadState.CONTACTED: ("accent", "telephone"),
    LeadState.MATERIALS: ("warn", "paperclip"),
    LeadState.REVIEW: ("accent", "search"),
    LeadState.SUPPLEMENT: ("warn", "paperclip"),
    LeadState.APPROVED: ("good", "check-circle"),
    LeadState.CONTRACTED: ("good", "pen"),
    LeadState.FUNDED: ("good", "cash-coin"),
    LeadState.DECLINED: ("bad", "x-circle"),
}
DEMAND_LOOKS: dict[str, tuple[str, str]] = {
    DemandState.PUBLISHED: ("accent", "arrow-repeat"),
    DemandState.FUNDED: ("good", "cash-coin"),
    DemandState.DECLINED: ("bad", "x-circle"),
}
_SOON = 1

#: What is to be done, to stand behind whoever has to do it.
PHRASES: dict[str, str] = {
    DutyKind.ANSWER: N_("寻找愿意承接的机构"),
    DutyKind.RESPOND: N_("答复要不要承接"),
    DutyKind.CHOOSE: N_("决定是否让机构看到联系方式"),
    DutyKind.CONTACT: N_("联系申请人"),
    DutyKind.FIRST_OPINION: N_("给出初步意见"),
    DutyKind.MATERIALS: N_("补齐材料"),
    DutyKind.DECISION: N_("作出决定"),
    DutyKind.ACCEPT: N_("答复是否接受"),
    DutyKind.DRAW_DOWN: N_("放款并登记"),
    DutyKind.NEXT_STEP: N_("选择下一步"),
    DutyKind.RESCUE: N_("介入处理逾期的申请"),
}


def _(text: str, **params: object) -> str:
    return str(gettext(text, **params))


@dataclass(frozen=True)
class Turn:
    """Whose turn it is: ``mine`` for the reader's own side; ``left`` says how much time is left, in working days."""

    who: str
    mine: bool
    what: str
    due_on: date
    left: str
    tone: str
    icon: str
    provisional: bool
    #: Whether the one who is late on a lead was reminded.
    reminded: bool = False

    @property
    def is_over(self) -> bool:
        """Whether the day has passed."""
        return self.due_on < today()


def _left(due_on: date) -> tuple[str, str, str]:
    """How much time is left, the tone and the icon that go with it."""
    day = today()
    if day > due_on:
        late = days_passed(due_on, day)
        words = _("已逾期 %(days)s 个工作日", days=late) if late else _("已逾期")
        return words, "bad", "exclamation-octagon-fill"
    if day == due_on:
        return _("今天到期"), "warn", "hourglass-split"
    days = days_passed(day, due_on)
    words = _("还剩 %(days)s 个工作日", days=days) if days else _("下一个工作日前")
    return words, "warn" if days <= _SOON else "plain", "hourglass-split" if days <= _SOON else "clock"


def _duty(kind: DutyKind, side: Owner) -> str:
    if kind is DutyKind.CONTACT and side is Owner.APPLICANT:
        return _("联系您")
    return _(PHRASES[kind])


def _who(owner: Owner, side: Owner, institution: str) -> str:
    if owner is side:
        return {Owner.APPLICANT: _("您"), Owner.INSTITUTION: _("本机构"), Owner.OPERATOR: _("平台")}[side]
    if owner is Owner.INSTITUTION and institution:
        return institution
    return {Owner.APPLICANT: _("申请人"), Owner.INSTITUTION: _("机构"), Owner.OPERATOR: _("平台")}[owner]


def turn_of_lead(lead: LeadView, side: Owner, institution: str = "") -> Turn | None:
    """Whose turn it is on a lead, for a reader on ``side``; None when it has ended."""
    if lead.duty is None or lead.duty_owner is None or lead.due_on is None:
        return None
    left, tone, icon = _left(lead.due_on)
    return Turn(
        who=_who(lead.duty_owner, side, institution),
        mine=lead.duty_owner is side,
        what=_duty(lead.duty, side),
        due_on=lead.due_on,
        left=left,
        tone=tone,
        icon=icon,
        provisional=lead.provisional,
        reminded=lead.reminded,
    )


def turn_of_demand(clock: ClockView | None, side: Owner, institution: str = "") -> Turn | None:
    """Whose turn it is on a demand, by the clock that runs; None when it does not live."""
    if clock is None:
        return None
    left, tone, icon = _left(clock.due_on)
    return Turn(
        who=_who(clock.owner, side, institution),
        mine=clock.owner is side,
        what=_duty(clock.kind, side),
        due_on=clock.due_on,
        left=left,
        tone=tone,
        icon=icon,
        provisional=clock.provisional,
        reminded=clock.reminded_at is not None,
    )


def state_label(state: LeadState) -> str:
    """A lead's state in words."""
    return _(STATE_WORDS[state])


def state_look(state: LeadState) -> tuple[str, str]:
    """Tone and icon of a lead's state."""
    return LOOKS.get(state, ("plain", "dash-circle"))


def demand_label(state: DemandState) -> str:
    """A demand's state in words."""
    return _(DEMAND_WORDS[state])


def demand_look(state: DemandState) -> tuple[str, str]:
    """Tone and icon of a demand's state."""
    return DEMAND_LOOKS.get(state, ("plain", "dash-circle"))


def channel_label(channel: Channel) -> str:
    """How a lead began."""
    return _(CHANNEL_WORDS[channel])


def can_post(lead: LeadView) -> bool:
    """Whether questions and answers may still be written."""
    return lead.is_live or lead.state is LeadState.DECLINED


def step_label(step: LeadStep) -> str:
    """A step in words."""
    return _(STEP_WORDS[step])


def reason_words(step: LeadStep, code: str) -> str:
    """Why a step was taken; empty without a reason."""
    if not code:
        return ""
    if step is LeadStep.DECLINE and code in DECLINE_REASONS:
        return _(DECLINE_REASONS[code].words)
    tables = {
        LeadStep.PASS: PASS_REASONS,
        LeadStep.REFUSE: REFUSE_REASONS,
        LeadStep.WITHDRAW: REFUSE_REASONS,
        LeadStep.CONTACT: CONTACT_OUTCOME_WORDS,
    }
    words = tables.get(step, HOUSE_REASONS).get(code) or HOUSE_REASONS.get(code)
    return _(words) if words else code


def step_details(step: StepView) -> str:
    """The figures of a step in words."""
    if step.step is LeadStep.APPLY:
        return _("申请金额 %(amount)s", amount=matching.money(step.details.get("amount")))
    if step.step is LeadStep.APPROVE:
        return _(
            "金额 %(amount)s，年利率 %(rate)s，期限 %(term)s，综合年化成本 %(cost)s",
            amount=matching.money(step.details.get("amount")),
            rate=matching.rate(step.details.get("rate")),
            term=matching.days(30 * int(step.details.get("months", 0))),
            cost=hundredths(int(step.details.get("compound_rate", 0))),
        )
    if step.step is LeadStep.DRAW_DOWN:
        on = date.fromisoformat(str(step.details["on"])) if "on" in step.details else None
        words = matching.money(step.details.get("amount"))
        return _("%(amount)s，%(day)s", amount=words, day=filters.day(on, current_language()))
    return ""


def _note_of(steps: Iterable[StepView], wanted: LeadStep) -> str:
    """The words of the last step of a kind that was not taken back."""
    return next((step.note for step in reversed(list(steps)) if step.step is wanted and not step.undone), "")


def opinion_note(steps: Iterable[StepView]) -> str:
    """The first opinion in the institution's own words."""
    return _note_of(steps, LeadStep.OPINION)


def decline_note(steps: Iterable[StepView]) -> str:
    """What the institution wrote beside the reason of a decline."""
    return _note_of(steps, LeadStep.DECLINE)


def approve_note(steps: Iterable[StepView]) -> str:
    """What the institution wrote beside its decision to lend."""
    return _note_of(steps, LeadStep.APPROVE)


def contact_words(channel: ContactChannel, outcome: ContactOutcome) -> str:
    """One line of the contact log."""
    return _(
        "%(channel)s：%(outcome)s", channel=_(CONTACT_CHANNEL_WORDS[channel]), outcome=_(CONTACT_OUTCOME_WORDS[outcome])
    )


def material_name(material: Material) -> str:
    """A material by its own words, or by its code's."""
    return material.label or _(MATERIAL_WORDS[material.code])


def place(code: str) -> str:
    """A district or a zone by its name."""
    return regions.label(code, current_language())


def district(code: str) -> str:
    """The district of a region, so that a page shows no more of where somebody is."""
    return regions.district_of(code) or code


#: What the page behind a reason's advice is called.
_ADVICE = {
    "accounts.settings": N_("核对手机号"),
    "credit.profile": N_("查看我的档案"),
    "matching.applications": N_("查看我的申请"),
    "matching.declared": N_("更正我的填报"),
    "matching.new_demand": N_("填写新的需求"),
    "products.shelf": N_("查看其他产品"),
}


def advice_label(endpoint: str) -> str:
    """The words of the link to where something can be mended."""
    return _(_ADVICE[endpoint])


def listed_product(code: str) -> PublishedProduct | None:
    """A product as it is published now; None for one that no longer is."""
    return products.published_catalogue().by_code.get(code)


def product_name(lead: LeadView) -> str:
    """The product of a lead by the version it began with; empty while none is chosen."""
    if not lead.product_code:
        return ""
    known = listed_product(lead.product_code)
    if known is None and lead.product_number is not None:
        try:
            known = products.version(lead.product_code, lead.product_number)
        except ProductUnknown:
            known = None
    return lead.product_code if known is None else localized(known.name_zh, known.name_en)


def institution_name(organisation_id: int) -> str:
    """An institution by its name."""
    card = organisation_card(organisation_id)
    return localized(card.name_zh, card.name_en)


def usual_days(product_type: str = "") -> dict[str, int]:
    """Working days of each duty by name, for the sentences that say what comes next."""
    return {kind.value: days_of(kind, product_type=product_type) for kind in DutyKind}
