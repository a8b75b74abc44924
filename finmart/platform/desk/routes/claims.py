"""The operator's review of claims."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from finmart.platform.accounts.service.claims import list_claims, read_claim, revoke_claim, verify_claim
from finmart.platform.accounts.service.evidence import open_paper, papers_for_review
from finmart.platform.accounts.types.claims import CLAIM_METHOD_WORDS, CLAIM_STATE_WORDS, ClaimMethod, ClaimState
from finmart.platform.accounts.types.evidence import EVIDENCE_WORDS
from finmart.platform.accounts.types.kinds import SUBJECT_WORDS
from finmart.platform.authz.permissions import Permission
from finmart.platform.desk.forms import ReasonForm, VerifyForm
from finmart.platform.desk.routes.blueprint import blueprint
from finmart.platform.files.answering import attachment
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of
from finmart.platform.web.pages import page_number

Answer = str | Response | tuple[str, int]

#: A person at the desk reviews papers or stands in for a counter; single sign-on verifies by itself.
BY_HAND = (ClaimMethod.REVIEW, ClaimMethod.CLERK)


@blueprint.get("/claims")
@requires(Permission.ALL_CLAIMS_READ)
def claims() -> Answer:
    """Claims by state; those that wait come first."""
    state = request.args.get("state", ClaimState.PENDING.value)
    page = list_claims(
        current_actor(),
        state=ClaimState(state) if state in set(ClaimState) else None,
        disputed=request.args.get("disputed") == "1",
        number=page_number(request.args.get("page")),
    )
    return render_template(
        "operator/claims.html",
        page=page,
        state=state,
        disputed=request.args.get("disputed") == "1",
        state_words=CLAIM_STATE_WORDS,
        kind_words=SUBJECT_WORDS,
    )


@blueprint.get("/claims/<public_id>")
@requires(Permission.ALL_CLAIMS_READ)
def claim(public_id: str) -> Answer:
    """One claim, with what can be done about it."""
    return _page(public_id, _verify_form(), ReasonForm())


@blueprint.get("/claims/<public_id>/papers/<paper_public_id>")
@requires(Permission.ALL_CLAIMS_READ)
def claim_paper(public_id: str, paper_public_id: str) -> Response:
    """One paper of a claim, to be saved; each opening is audited before anything is sent."""
    return attachment(open_paper(current_actor(), public_id, paper_public_id))


@blueprint.post("/claims/<public_id>/verify")
@requires(Permission.ALL_CLAIMS_REVIEW)
def verify(public_id: str) -> Answer:
    """pending → verified."""
    form = _verify_form()
    status = 422
    if form.validate_on_submit():
        try:
            verify_claim(current_actor(), public_id, method=ClaimMethod(form.method.data), note=form.note.data)
        except FinmartError as error:
            form.form_errors.append(say(error.message))
            status = status_of(error)
        else:
            flash(_("认领已核实，该单位现在可以使用主体数据。"), "success")
            return redirect(url_for("desk.claim", public_id=public_id))
    return _page(public_id, form, ReasonForm(formdata=None)), status


@blueprint.post("/claims/<public_id>/revoke")
@requires(Permission.ALL_CLAIMS_REVIEW)
def revoke(public_id: str) -> Answer:
    """pending or verified → revoked."""
    form = ReasonForm()
    status = 422
    if form.validate_on_submit():
        try:
            revoke_claim(current_actor(), public_id, reason=form.reason.data)
        except FinmartError as error:
            form.form_errors.append(say(error.message))
            status = status_of(error)
        else:
            flash(_("认领已撤销，该单位不能再使用主体数据。"), "success")
            return redirect(url_for("desk.claim", public_id=public_id))
    return _page(public_id, _verify_form(bound=False), form), status


def _verify_form(*, bound: bool = True) -> VerifyForm:
    form = VerifyForm() if bound else VerifyForm(formdata=None)
    form.method.choices = [SelectChoice(method.value, _(CLAIM_METHOD_WORDS[method])) for method in BY_HAND]
    return form


def _page(public_id: str, verify_form: VerifyForm, revoke_form: ReasonForm) -> str:
    return render_template(
        "operator/claim.html",
        claim=read_claim(current_actor(), public_id),
        papers=papers_for_review(current_actor(), public_id),
        evidence_words=EVIDENCE_WORDS,
        verify_form=verify_form,
        revoke_form=revoke_form,
        state_words=CLAIM_STATE_WORDS,
        method_words=CLAIM_METHOD_WORDS,
        kind_words=SUBJECT_WORDS,
    )
