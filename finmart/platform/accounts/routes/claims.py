"""The claimant's papers: seen, handed in and taken back while the claim waits."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from finmart.platform.accounts.forms.claims import PaperForm
from finmart.platform.accounts.routes.answers import refuse
from finmart.platform.accounts.routes.blueprint import blueprint
from finmart.platform.accounts.service.evidence import add_paper, own_claim_with_papers, own_paper, remove_paper
from finmart.platform.accounts.types.claims import CLAIM_STATE_WORDS
from finmart.platform.accounts.types.evidence import EVIDENCE_WORDS, EvidenceKind
from finmart.platform.accounts.types.kinds import NATURAL_PERSONS
from finmart.platform.authz.permissions import Permission
from finmart.platform.extensions import limiter
from finmart.platform.files.answering import attachment
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor

Answer = str | Response | tuple[str, int]


@blueprint.route("/account/claim/papers", methods=["GET", "POST"])
@requires(Permission.OWN_CLAIMS_MANAGE)
@limiter.limit("30 per minute", methods=["POST"])
def papers() -> Answer:
    """The own claim with its papers, its code for the counter, and one more paper."""
    form = PaperForm()
    form.kind.choices = [SelectChoice(kind.value, _(words)) for kind, words in EVIDENCE_WORDS.items()]
    status = 200
    if form.validate_on_submit():
        try:
            add_paper(
                current_actor(),
                kind=EvidenceKind(form.kind.data),
                name=form.file.data.filename,
                content=form.file.data.read(),
            )
        except FinmartError as error:
            status = refuse(form, error, field=form.file)
        else:
            flash(_("材料已加密保存。"), "success")
            return redirect(url_for("accounts.papers"))
    elif form.is_submitted():
        status = 422
    return render_template(
        "accounts/papers.html",
        claim=own_claim_with_papers(current_actor()),
        form=form,
        state_words=CLAIM_STATE_WORDS,
        evidence_words=EVIDENCE_WORDS,
        natural_persons=NATURAL_PERSONS,
    ), status


@blueprint.get("/account/claim/papers/<public_id>")
@requires(Permission.OWN_CLAIMS_MANAGE)
def paper(public_id: str) -> Response:
    """One of the own papers, to be saved."""
    return attachment(own_paper(current_actor(), public_id))


@blueprint.post("/account/claim/papers/<public_id>/remove")
@requires(Permission.OWN_CLAIMS_MANAGE)
def take_paper_back(public_id: str) -> Response:
    """Take a paper back while the claim waits."""
    remove_paper(current_actor(), public_id)
    flash(_("材料已删除。"), "success")
    return redirect(url_for("accounts.papers"))
