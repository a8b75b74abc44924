"""Letting an institution see one's profile: what was granted, granting, the receipt, and withdrawing."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from finmart.credit.datasets.registry import DATASETS
from finmart.credit.forms import ConsentForm, RevokeForm
from finmart.credit.routes import wording
from finmart.credit.routes.blueprint import blueprint
from finmart.credit.service import consenting
from finmart.credit.service.consenting import Asked, Standing
from finmart.credit.types.consent_text import CURRENT, TEXTS
from finmart.platform.accounts.service.claims import own_claim
from finmart.platform.accounts.service.reading_right import institution_by_public_id
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.errors import BadInput, FinmartError
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of
from finmart.platform.web.language import current_language

Answer = str | tuple[str, int] | Redirect


@blueprint.get("/consents")
@requires(Permission.OWN_CONSENTS_MANAGE)
def consents() -> str:
    """What was granted: what holds now, and what has ended."""
    actor = current_actor()
    given = consenting.own_consents(actor)
    holds = {Standing.OPEN, Standing.CLOSED}
    return render_template(
        "credit/consents.html",
        verified=consenting.granting_subject(actor) is not None,
        active=[one for one in given if one.standing in holds],
        ended=[one for one in given if one.standing not in holds],
        words=wording,
    )


@blueprint.route("/consents/new", methods=["GET", "POST"])
@requires(Permission.OWN_CONSENTS_MANAGE)
def new_consent() -> Answer:
    """Choose an institution, then read in plain words what is granted, and grant it."""
    actor, chosen = current_actor(), request.args.get("institution", "")
    if consenting.granting_subject(actor) is None:
        claim = own_claim(actor)
        return render_template("credit/consent_not_yet.html", claim=claim.value if claim else "")
    if not chosen:
        return render_template("credit/consent_choose.html", institutions=consenting.institutions_to_choose())
    form = ConsentForm(DATASETS.values())
    if request.method == "GET":
        return _page(form, chosen)
    if not form.validate_on_submit():
        return _page(form, chosen), 422
    try:
        given = consenting.grant_consent(actor, _asked(form, chosen))
    except BadInput as error:
        return _page(form, chosen, error), status_of(error)
    flash(_("授权已生效，机构已收到通知。请保存这份回执。"), "good")
    return redirect(url_for("credit.consent", public_id=given.public_id))


def _asked(form: ConsentForm, institution: str) -> Asked:
    return Asked(
        institution=institution,
        purpose=form.purpose.data,
        scopes=tuple(form.scopes.data),
        days=form.days.data,
        agreed=form.agreed.data,
        warned=form.warned.data,
        language=current_language(),
    )


def _page(form: ConsentForm, institution: str, error: FinmartError | None = None) -> str:
    subject = consenting.granting_subject(current_actor())
    card = institution_by_public_id(institution)
    return render_template(
        "credit/consent_new.html",
        form=form,
        institution=card,
        ready=card in consenting.institutions_to_choose(),
        datasets=tuple(DATASETS.values()),
        of_means=consenting.of_means(DATASETS),
        person=subject is not None and consenting.is_person(subject),
        text=TEXTS[CURRENT],
        version=CURRENT,
        refusals=[say(error.message)] if error else [],
        words=wording,
    )


@blueprint.get("/consents/<public_id>")
@requires(Permission.OWN_CONSENTS_MANAGE)
def consent(public_id: str) -> str:
    """The receipt: what was agreed to, who has read under it, and the form that withdraws it."""
    return _receipt(public_id, RevokeForm())


@blueprint.post("/consents/<public_id>/revoke")
@requires(Permission.OWN_CONSENTS_MANAGE)
def revoke_consent(public_id: str) -> Answer:
    """Withdraw a consent."""
    form = RevokeForm()
    if not form.validate_on_submit():
        return _receipt(public_id, form), 422
    consenting.revoke_consent(current_actor(), public_id, form.reason.data)
    flash(_("授权已撤回，机构现在起不能再看您的档案。"), "good")
    return redirect(url_for("credit.consent", public_id=public_id))


def _receipt(public_id: str, form: RevokeForm) -> str:
    actor = current_actor()
    given, reads = consenting.own_consent(actor, public_id)
    return render_template(
        "credit/consent.html",
        given=given,
        reads=reads,
        text=wording.consent_text(given),
        by_self=given.consent.user_id == actor.user_id,
        form=form,
        words=wording,
    )
