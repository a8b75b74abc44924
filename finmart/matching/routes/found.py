"""The applicant's page of being found: what institutions see, agreeing and taking it back, invitations."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from finmart.matching.forms.prospects import AgreeForm, ComplaintForm
from finmart.matching.prospecting.service import being_found
from finmart.matching.prospecting.types.values import InvitationView
from finmart.matching.routes.blueprint import blueprint
from finmart.matching.routes.leads.attempts import refusal
from finmart.platform.accounts.service.organisations import organisation_cards
from finmart.platform.authz.permissions import Permission
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.language import localized
from finmart.products import service as products

Answer = str | Response | tuple[str, int]


@blueprint.get("/account/found")
@requires(Permission.OWN_CONSENTS_MANAGE)
def found() -> Answer:
    """Whether institutions may find this applicant, and what they invited it to."""
    return _page()


@blueprint.post("/account/found")
@requires(Permission.OWN_CONSENTS_MANAGE)
def agree_to_be_found() -> Answer:
    """Let institutions find this applicant by its conditions."""
    form = AgreeForm()
    status = refusal(form, lambda: being_found.agree(current_actor(), agreed=form.agreed.data))
    if status:
        return _page(agree=form, refused=form), status
    flash(_("从现在起，机构可以按产品条件找到您。随时可以在这里停止。"), "good")
    return redirect(url_for("matching.found"))


@blueprint.post("/account/found/withdraw")
@requires(Permission.OWN_CONSENTS_MANAGE)
def withdraw_from_found() -> Answer:
    """Be found no longer."""
    return _answered(lambda: being_found.withdraw(current_actor()), _("已停止。机构的名单里立即不再有您。"))


@blueprint.post("/account/found/<public_id>/accept")
@requires(Permission.OWN_CONSENTS_MANAGE)
def accept_invitation(public_id: str) -> Answer:
    """Look at what one was invited to: on to a need of one's own, whose application says what is shown."""
    accepted: list[InvitationView] = []
    form = FlaskForm()
    status = refusal(form, lambda: accepted.append(being_found.accept(current_actor(), public_id)))
    if status:
        return _page(refused=form), status
    flash(_("已告诉机构有申请人愿意了解，它仍不知道您是谁。提交申请后它才看到联系方式。"), "good")
    return redirect(url_for("products.show", code=accepted[0].product_code))


@blueprint.post("/account/found/<public_id>/decline")
@requires(Permission.OWN_CONSENTS_MANAGE)
def decline_invitation(public_id: str) -> Answer:
    """Say no, for good."""
    told = _("已谢绝。这家机构不会再为这个产品邀请您。")
    return _answered(lambda: being_found.decline(current_actor(), public_id), told)


@blueprint.post("/account/found/<public_id>/report")
@requires(Permission.OWN_CONSENTS_MANAGE)
def report_invitation(public_id: str) -> Answer:
    """Tell the operators what is wrong with an invitation."""
    form = ComplaintForm()
    status = refusal(form, lambda: being_found.report(current_actor(), public_id, form.complaint.data))
    if status:
        return _page(refused=form), status
    flash(_("已举报，平台会核实。这家机构不会再邀请您。"), "good")
    return redirect(url_for("matching.found"))


def _answered(act: Callable[[], object], told: str) -> Answer:
    form = FlaskForm()
    status = refusal(form, act)
    if status:
        return _page(refused=form), status
    flash(told, "good")
    return redirect(url_for("matching.found"))


def _page(agree: FlaskForm | None = None, refused: FlaskForm | None = None) -> str:
    standing = being_found.findable(current_actor())
    cards = organisation_cards(one.institution_id for one in standing.invitations)
    by_code = products.published_catalogue().by_code
    named = {code: localized(one.name_zh, one.name_en) for code, one in by_code.items()}
    return render_template(
        "prospects/being_found.html",
        standing=standing,
        institutions=cards,
        products=named,
        agree=agree or AgreeForm(),
        complaint=ComplaintForm(formdata=None),
        refused=refused,
    )
