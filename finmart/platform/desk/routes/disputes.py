"""Several claims on one subject, side by side, for the operator to decide."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from finmart.platform.accounts.service.disputes import dispute, settle
from finmart.platform.accounts.types.claims import CLAIM_METHOD_WORDS, CLAIM_STATE_WORDS
from finmart.platform.accounts.types.disputes import DisputeSide
from finmart.platform.accounts.types.evidence import EVIDENCE_WORDS
from finmart.platform.accounts.types.kinds import SUBJECT_WORDS
from finmart.platform.authz.permissions import Permission
from finmart.platform.desk.forms import SettleForm
from finmart.platform.desk.routes.blueprint import blueprint
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of

Answer = str | Response | tuple[str, int]


@blueprint.get("/claims/<public_id>/dispute")
@requires(Permission.ALL_CLAIMS_READ)
def claim_dispute(public_id: str) -> Answer:
    """All live claims on the subject of one."""
    sides = dispute(current_actor(), public_id)
    return _page(public_id, sides, _form(sides))


@blueprint.post("/claims/<public_id>/dispute")
@requires(Permission.ALL_CLAIMS_REVIEW)
def settle_dispute(public_id: str) -> Answer:
    """Keep one claim, revoke the others."""
    sides = dispute(current_actor(), public_id)
    form = _form(sides)
    if not form.validate_on_submit():
        return _page(public_id, sides, form), 422
    try:
        settle(current_actor(), form.keep.data, note=form.note.data, reason=form.reason.data)
    except FinmartError as error:
        form.form_errors.append(say(error.message))
        return _page(public_id, sides, form), status_of(error)
    flash(_("争议已处理，各方都会收到消息。"), "success")
    return redirect(url_for("desk.claim", public_id=form.keep.data))


def _form(sides: tuple[DisputeSide, ...]) -> SettleForm:
    form = SettleForm()
    form.keep.choices = [
        SelectChoice(side.claim.public_id, f"{side.claim.organisation_name}（{side.claim.public_id}）")
        for side in sides
    ]
    return form


def _page(public_id: str, sides: tuple[DisputeSide, ...], form: SettleForm) -> str:
    return render_template(
        "operator/dispute.html",
        claim_public_id=public_id,
        sides=sides,
        form=form,
        state_words=CLAIM_STATE_WORDS,
        method_words=CLAIM_METHOD_WORDS,
        kind_words=SUBJECT_WORDS,
        evidence_words=EVIDENCE_WORDS,
    )
