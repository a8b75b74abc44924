"""The counter: a clerk finds a claim by its code, checks the papers in person and verifies."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.accounts.forms.claims import CodeForm, CounterForm
from finmart.platform.accounts.routes.answers import refuse
from finmart.platform.accounts.routes.blueprint import blueprint
from finmart.platform.accounts.service.counter import look_up, verify_at_counter
from finmart.platform.accounts.types.claims import CLAIM_STATE_WORDS
from finmart.platform.accounts.types.disputes import PapersDiffer
from finmart.platform.accounts.types.evidence import claim_in
from finmart.platform.accounts.types.kinds import NATURAL_PERSONS, SUBJECT_WORDS
from finmart.platform.authz.permissions import Permission
from finmart.platform.extensions import limiter
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.edge import start_over

Answer = str | Response | tuple[str, int]


@blueprint.get("/counter/claims")
@requires(Permission.COUNTER_CLAIMS_VERIFY)
@limiter.limit("30 per minute")
def counter() -> Answer:
    """Ask for a claim's code."""
    if not request.args.get("code", "").strip():
        return render_template("accounts/counter.html", form=CodeForm(formdata=None))
    form = CodeForm(request.args)
    if not form.validate():
        return render_template("accounts/counter.html", form=form), 422
    try:
        found = look_up(current_actor(), form.code.data)
    except FinmartError as error:
        status = refuse(form, error, field=form.code)
        return render_template("accounts/counter.html", form=form), status
    return redirect(url_for("accounts.counter_claim", public_id=found.public_id))


@blueprint.get("/counter/claims/<public_id>")
@requires(Permission.COUNTER_CLAIMS_VERIFY)
@limiter.limit("30 per minute")
def counter_claim(public_id: str) -> Answer:
    """One claim, as much of it as a clerk needs."""
    return _page(public_id, CounterForm())


@blueprint.post("/counter/claims/<public_id>/verify")
@requires(Permission.COUNTER_CLAIMS_VERIFY)
@limiter.limit("10 per minute")
def counter_verify(public_id: str) -> Answer:
    """pending → verified by a clerk."""
    form = CounterForm()
    if not form.validate_on_submit():
        start_over()
        return _page(public_id, form), 422
    try:
        verify_at_counter(current_actor(), claim_in(public_id), identifier=form.identifier.data, note=form.note.data)
    except FinmartError as error:
        status = refuse(form, error, field=form.identifier if isinstance(error, PapersDiffer) else None)
        start_over()
        return _page(public_id, form), status
    flash(_("认领已当面核实，申请人已收到通知。"), "success")
    return redirect(url_for("accounts.counter"))


def _page(public_id: str, form: CounterForm) -> str:
    return render_template(
        "accounts/counter_claim.html",
        claim=look_up(current_actor(), public_id),
        form=form,
        state_words=CLAIM_STATE_WORDS,
        kind_words=SUBJECT_WORDS,
        natural_persons=NATURAL_PERSONS,
    )
