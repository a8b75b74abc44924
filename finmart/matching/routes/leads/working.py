"""What an institution does in a lead, one endpoint a step."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from finmart.matching.forms.applying import PostForm
from finmart.matching.forms.offers import ApproveForm, OfferForm, TakeForm, fingerprint
from finmart.matching.forms.working import (
    ContactForm,
    DeclineForm,
    DrawDownForm,
    HandOverForm,
    MaterialsForm,
    OpinionForm,
    PassForm,
    ReasonForm,
    RouteForm,
)
from finmart.matching.leads.service import handing, institution, materials, pricing, reading, talking
from finmart.matching.leads.types.values import ContactChannel, ContactOutcome, Sheet
from finmart.matching.routes.blueprint import blueprint
from finmart.matching.routes.leads.attempts import refusal
from finmart.matching.routes.leads.desk import (
    Answer,
    branch_choices,
    clerk_choices,
    lead_page,
    product_choices,
    take_step,
)
from finmart.platform.authz.permissions import Permission
from finmart.platform.extensions import limiter
from finmart.platform.files.answering import attachment
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.edge import start_over


def priced(form: OfferForm, price: Callable[[], Sheet]) -> tuple[Sheet | None, int | None]:
    """The cost of what a form offers, unless the page has shown it already; or the status of a refusal.

    Nobody confirms terms whose all-in cost was not on the page before.
    """
    found: list[Sheet] = []
    status = refusal(form, lambda: found.append(price()))
    if status is not None:
        return None, status
    if form.was_seen():
        return None, None
    form.seen.data = fingerprint(form.terms())
    start_over()
    return found[0], None


@blueprint.post("/institution/leads/<public_id>/claim")
@requires(Permission.OWN_LEADS_WORK)
def claim(public_id: str) -> Answer:
    """Claim a lead."""
    actor = current_actor()
    said = _("已由您领取，期限从收到申请时算起。")
    return take_step(public_id, "claim", FlaskForm(), lambda: institution.claim(actor, public_id), said)


@blueprint.post("/institution/leads/<public_id>/hand-over")
@requires(Permission.OWN_LEADS_WORK)
def pass_to_colleague(public_id: str) -> Answer:
    """Give a lead to a colleague."""
    actor = current_actor()
    form = HandOverForm(clerk_choices(actor, public_id))

    def act() -> None:
        handing.pass_to_colleague(actor, public_id, colleague=form.colleague.data, reason=form.reason.data)

    return take_step(public_id, "hand-over", form, act, _("已转交，同事会收到站内消息，期限不变。"))


@blueprint.post("/institution/leads/<public_id>/branch")
@requires(Permission.OWN_LEADS_WORK)
def pass_to_branch(public_id: str) -> Answer:
    """Give a lead to another branch."""
    actor = current_actor()
    form = RouteForm(branch_choices(actor))

    def act() -> None:
        handing.pass_to_branch(actor, public_id, branch=form.branch.data or "")

    return take_step(public_id, "route", form, act, _("已转到所选网点，网点的人员会收到站内消息，期限不变。"))


@blueprint.post("/institution/leads/<public_id>/take")
@requires(Permission.OWN_LEADS_WORK)
def take_assigned(public_id: str) -> Answer:
    """Take what the platform has sent, with a product and perhaps an offer."""
    actor = current_actor()
    form = TakeForm(product_choices(actor))
    if form.with_bid.data:
        asked = reading.card_of_lead(actor, public_id).amount
        sheet, status = priced(
            form, lambda: pricing.price_bid(actor, form.terms(), product_code=form.product.data, asked=asked)
        )
        if sheet is not None or status is not None:
            return lead_page(public_id, sheet=sheet, take=form), status or 200

    def act() -> None:
        terms = form.terms() if form.with_bid.data else None
        institution.take_assigned(actor, public_id, product_code=form.product.data, terms=terms)

    return take_step(public_id, "take", form, act, _("已承接，等待申请人决定是否让您看到联系方式。"))


@blueprint.post("/institution/leads/<public_id>/pass")
@requires(Permission.OWN_LEADS_WORK)
def pass_on(public_id: str) -> Answer:
    """Leave it to others before the applicant is known."""
    actor, form = current_actor(), PassForm()

    def act() -> None:
        institution.pass_on(actor, public_id, reason=form.reason.data, note=form.note.data or "")

    return take_step(public_id, "pass", form, act, _("已登记不承接，名额留给其他机构。"))


@blueprint.post("/institution/leads/<public_id>/contact")
@requires(Permission.OWN_LEADS_WORK)
def log_contact(public_id: str) -> Answer:
    """Note an attempt to reach the applicant."""
    actor, form = current_actor(), ContactForm()

    def act() -> None:
        institution.log_contact(
            actor,
            public_id,
            channel=ContactChannel(form.channel.data),
            outcome=ContactOutcome(form.outcome.data),
            note=form.note.data or "",
        )

    return take_step(public_id, "contact", form, act, _("联系记录已保存。"))


@blueprint.post("/institution/leads/<public_id>/opinion")
@requires(Permission.OWN_LEADS_WORK)
def give_opinion(public_id: str) -> Answer:
    """Tell the first opinion."""
    actor, form = current_actor(), OpinionForm()

    def act() -> None:
        institution.give_opinion(actor, public_id, note=form.note.data)

    return take_step(public_id, "opinion", form, act, _("初步意见已发给申请人。"))


@blueprint.post("/institution/leads/<public_id>/materials")
@requires(Permission.OWN_LEADS_WORK)
def ask_materials(public_id: str) -> Answer:
    """Put materials on the checklist; the institution's clock pauses."""
    actor, form = current_actor(), MaterialsForm()
    said = _("清单已发给申请人，等待期间您的时限暂停计算。")
    return take_step(
        public_id, "materials", form, lambda: institution.ask_materials(actor, public_id, form.materials()), said
    )


@blueprint.post("/institution/leads/<public_id>/go-on")
@requires(Permission.OWN_LEADS_WORK)
def go_on(public_id: str) -> Answer:
    """Wait no longer for materials."""
    actor = current_actor()
    said = _("不再等待材料，时限继续计算。")
    return take_step(public_id, "go-on", FlaskForm(), lambda: institution.go_on(actor, public_id), said)


@blueprint.post("/institution/leads/<public_id>/approve")
@requires(Permission.OWN_LEADS_WORK)
def approve_lead(public_id: str) -> Answer:
    """Approve: first the all-in cost is shown, then it is confirmed."""
    actor, form = current_actor(), ApproveForm()
    sheet, status = priced(form, lambda: pricing.price_decision(actor, public_id, form.terms()))
    if sheet is not None or status is not None:
        return lead_page(public_id, sheet=sheet, approve=form), status or 200

    def act() -> None:
        institution.approve(actor, public_id, form.terms(), note=form.note.data or "")

    return take_step(public_id, "approve", form, act, _("已批准，申请人会看到金额、利率、各项费用和综合成本。"))


@blueprint.post("/institution/leads/<public_id>/decline")
@requires(Permission.OWN_LEADS_WORK)
def decline(public_id: str) -> Answer:
    """Decline with a coded reason."""
    actor, form = current_actor(), DeclineForm()

    def act() -> None:
        institution.decline(actor, public_id, code=form.code.data, note=form.note.data or "")

    return take_step(public_id, "decline", form, act, _("已登记不予通过，申请人会看到原因和改进建议。"))


@blueprint.post("/institution/leads/<public_id>/draw-down")
@requires(Permission.OWN_LEADS_WORK)
def draw_down(public_id: str) -> Answer:
    """Note that the money has gone out."""
    actor, form = current_actor(), DrawDownForm()

    def act() -> None:
        institution.draw_down(actor, public_id, amount=form.amount.fen, on=form.on.data)

    return take_step(public_id, "draw-down", form, act, _("放款已登记，这条需求就此完成。"))


@blueprint.post("/institution/leads/<public_id>/reverse")
@requires(Permission.OWN_LEADS_WORK)
def reverse(public_id: str) -> Answer:
    """Take the last step back, with the reason."""
    actor, form = current_actor(), ReasonForm()

    def act() -> None:
        institution.reverse(actor, public_id, reason=form.reason.data)

    return take_step(public_id, "reverse", form, act, _("上一步已更正，原来的记录和更正的原因都保留。"))


@blueprint.post("/institution/leads/<public_id>/questions")
@requires(Permission.OWN_LEADS_WORK)
@limiter.limit("30 per minute")
def ask_applicant(public_id: str) -> Answer:
    """Ask the applicant, or answer it."""
    actor, form = current_actor(), PostForm()
    said = _("已发送，申请人会收到通知。")
    return take_step(public_id, "post", form, lambda: talking.post(actor, public_id, text=form.text.data), said)


@blueprint.get("/institution/leads/<public_id>/files/<file_public_id>")
@requires(Permission.OWN_LEADS_READ)
def lead_file(public_id: str, file_public_id: str) -> Response:
    """A file that the applicant has handed in, to be saved; that it was opened is recorded."""
    return attachment(materials.open_file(current_actor(), public_id, file_public_id))
