"""The applicant's applications: the list, one with everything that happened, and what the applicant does in it."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from finmart.credit.routes.wording import scope_words
from finmart.credit.service import consenting
from finmart.matching.demands.types.clocks import Owner
from finmart.matching.forms.applying import PostForm, RefuseForm, UploadForm
from finmart.matching.forms.fields import told_apart
from finmart.matching.leads.service import applicant, materials, reading, talking
from finmart.matching.leads.types.reasons import DECLINE_REASONS
from finmart.matching.leads.types.states import LeadStep, Side, steps_from
from finmart.matching.leads.types.values import OpenLead
from finmart.matching.routes.blueprint import blueprint
from finmart.matching.routes.leads import wording
from finmart.matching.routes.leads.attempts import refusal
from finmart.matching.routes.leads.contacts import own_contact
from finmart.matching.routes.leads.standing import shown
from finmart.platform.accounts.service.claims import verified_subject_of
from finmart.platform.authz.permissions import Permission
from finmart.platform.consents.types import ConsentView
from finmart.platform.extensions import limiter
from finmart.platform.files.answering import attachment
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.pages import Page, page_number

Answer = str | Response | tuple[str, int]


@blueprint.get("/applications")
@requires(Permission.OWN_DEMANDS_READ)
def applications() -> Answer:
    """Every application, living ones first."""
    page = reading.own_applications(current_actor(), number=page_number(request.args.get("page")))
    items = [(shown(lead), demand) for lead, demand, _name in page.items]
    return render_template("leads/applications.html", page=Page(items, page.total, page.number, page.size))


def _consents(actor: Actor, found: OpenLead) -> tuple[ConsentView, ...]:
    subject = verified_subject_of(actor.organisation_id or 0)
    if subject is None:
        return ()
    return consenting.consents_for(subject_id=subject, institution_id=found.lead.organisation_id, on=today())


def _placed(found: OpenLead, may: frozenset[LeadStep]) -> set[str]:
    """The steps whose forms stand on the page, and show there why they were refused."""
    placed = {step.value for step in (LeadStep.REFUSE, LeadStep.WITHDRAW) if step in may}
    if LeadStep.HAND_IN in may:
        placed |= {f"upload-{material.public_id}" for material in found.materials}
    return placed | ({"post"} if wording.can_post(found.lead) else set())


def application_page(public_id: str, **refused: FlaskForm) -> str:
    """The page of an own application; ``refused`` are forms as they were sent, by the name of their step.

    The form of a material's papers is named ``upload-`` and the material's public id.
    """
    actor = current_actor()
    found = reading.open_lead(actor, public_id)
    blank: dict[str, FlaskForm] = {
        "refuse": RefuseForm(formdata=None),
        "withdraw": RefuseForm(formdata=None),
        "post": PostForm(formdata=None),
        **{f"upload-{material.public_id}": UploadForm(formdata=None) for material in found.materials},
    }
    may = steps_from(found.lead.state, Side.APPLICANT)
    institution = wording.institution_name(found.lead.organisation_id)
    step = next(iter(refused), "")
    return render_template(
        "leads/application.html",
        found=found,
        lead=found.lead,
        institution=institution,
        turn=wording.turn_of_lead(found.lead, Owner.APPLICANT, institution),
        product=wording.product_name(found.lead),
        may=may,
        forms={name: told_apart(form, name) for name, form in (blank | refused).items()},
        refused_step=step,
        refused_elsewhere=refused[step] if step and step not in _placed(found, may) else None,
        declined=DECLINE_REASONS.get(found.lead.decline_code),
        contact=own_contact(actor),
        scope_words=scope_words,
        consents=_consents(actor, found),
        side=Side.APPLICANT,
    )


@blueprint.get("/applications/<public_id>")
@requires(Permission.OWN_DEMANDS_READ)
def application(public_id: str) -> Answer:
    """One application: whose turn it is, what was offered and decided, every step."""
    return application_page(public_id)


def _step(public_id: str, step: str, form: FlaskForm, act: Callable[[], object], said: str) -> Answer:
    status = refusal(form, act)
    if status is not None:
        return application_page(public_id, **{step: form}), status
    flash(said, "good")
    return redirect(url_for("matching.application", public_id=public_id))


@blueprint.post("/applications/<public_id>/reveal")
@requires(Permission.OWN_DEMANDS_WRITE)
def reveal(public_id: str) -> Answer:
    """Let the interested institution see the contacts."""
    actor = current_actor()
    said = _("已同意。这家机构现在可以看到您的联系方式，会在期限内联系您。")
    return _step(public_id, "reveal", FlaskForm(), lambda: applicant.reveal(actor, public_id), said)


@blueprint.post("/applications/<public_id>/refuse")
@requires(Permission.OWN_DEMANDS_WRITE)
def refuse(public_id: str) -> Answer:
    """Not go on with an interested institution, or with what it approved."""
    actor, form = current_actor(), RefuseForm()

    def act() -> None:
        applicant.refuse(actor, public_id, reason=form.reason.data, note=form.note.data or "")

    return _step(public_id, "refuse", form, act, _("已告知这家机构。您的需求仍在进行，可以选择其他机构或产品。"))


@blueprint.post("/applications/<public_id>/accept")
@requires(Permission.OWN_DEMANDS_WRITE)
def accept(public_id: str) -> Answer:
    """Accept what was approved."""
    actor = current_actor()
    said = _("已接受。接下来由机构与您签约并放款，放款后会在这里登记。")
    return _step(public_id, "accept", FlaskForm(), lambda: applicant.accept(actor, public_id), said)


@blueprint.post("/applications/<public_id>/withdraw")
@requires(Permission.OWN_DEMANDS_WRITE)
def withdraw_application(public_id: str) -> Answer:
    """Withdraw one application; the demand lives on."""
    actor, form = current_actor(), RefuseForm()

    def act() -> None:
        applicant.withdraw_lead(actor, public_id, reason=form.reason.data, note=form.note.data or "")

    return _step(public_id, "withdraw", form, act, _("申请已撤回。您的需求仍在进行，可以选择其他机构或产品。"))


@blueprint.post("/applications/<public_id>/materials/<material_public_id>")
@requires(Permission.OWN_DEMANDS_WRITE)
@limiter.limit("60 per minute")
def hand_over(public_id: str, material_public_id: str) -> Answer:
    """Papers for one line of the checklist: all of them are kept, or none is."""
    actor, form = current_actor(), UploadForm()

    def act() -> None:
        for file in form.files.data:
            materials.hand_over(
                actor, public_id, material_public_id, name=file.filename or "", content=file.stream.read()
            )

    return _step(public_id, f"upload-{material_public_id}", form, act, _("文件已加密保存，只有这家机构可以打开。"))


@blueprint.post("/applications/<public_id>/hand-in")
@requires(Permission.OWN_DEMANDS_WRITE)
def hand_in(public_id: str) -> Answer:
    """Say that the materials are complete."""
    actor = current_actor()
    said = _("材料已提交，机构的时限继续计算。")
    return _step(public_id, "hand-in", FlaskForm(), lambda: materials.hand_in(actor, public_id), said)


@blueprint.post("/applications/<public_id>/questions")
@requires(Permission.OWN_DEMANDS_WRITE)
@limiter.limit("30 per minute")
def ask_institution(public_id: str) -> Answer:
    """Ask the institution, or answer it."""
    actor, form = current_actor(), PostForm()
    said = _("已发送，机构会收到通知。")
    return _step(public_id, "post", form, lambda: talking.post(actor, public_id, text=form.text.data), said)


@blueprint.get("/applications/<public_id>/files/<file_public_id>")
@requires(Permission.OWN_DEMANDS_READ)
def own_file(public_id: str, file_public_id: str) -> Response:
    """A file that the applicant has handed in, to be saved."""
    return attachment(materials.open_file(current_actor(), public_id, file_public_id))
