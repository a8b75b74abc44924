"""The institution's pages of applicants that agreed to be found: counts of its products, lists, invitations."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from finmart.matching.forms.prospects import InviteForm
from finmart.matching.prospecting.service import counting, finding, inviting
from finmart.matching.prospecting.types import limits
from finmart.matching.prospecting.types.words import INVITATION_WORDS, REASON_WORDS
from finmart.matching.routes.blueprint import blueprint
from finmart.matching.routes.leads.attempts import refusal
from finmart.matching.types.numbers import LEAST
from finmart.platform.authz.permissions import Permission
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.language import current_language
from finmart.platform.web.navigation import stand_under
from finmart.products import service as products
from finmart.reference import industries, regions

Answer = str | Response | tuple[str, int]


@blueprint.app_context_processor
def _found_words() -> dict[str, object]:
    return {
        "invitation_states": INVITATION_WORDS,
        "invitation_reasons": REASON_WORDS,
        "prospect_limits": limits,
        "least_stated": LEAST,
        "place_name": lambda code: regions.label(code, current_language()),
        "industry_name": lambda code: industries.label(code, current_language()),
    }


@blueprint.get("/institution/prospects/count")
@requires(Permission.OWN_PROSPECTS_READ)
def prospect_counts() -> Answer:
    """How many of the city's subjects each own product would take, as far as it was counted today."""
    return _counts(FlaskForm())


@blueprint.post("/institution/prospects/count")
@requires(Permission.OWN_PROSPECTS_READ)
def count_prospects() -> Answer:
    """Have today's numbers worked out; they stand for the day."""
    form = FlaskForm()
    status = refusal(form, lambda: counting.ask_for_counts(current_actor()))
    if status:
        return _counts(form), status
    flash(_("正在统计，通常几秒钟内完成；数字出来后，今天之内不再变化。"), "good")
    return redirect(url_for("matching.prospect_counts", asked="yes"))


def _counts(form: FlaskForm) -> str:
    actor = current_actor()
    listed = products.own_products(actor)
    counts = counting.counts_today(actor)
    return render_template("prospects/counts.html", listed=listed, counts=counts, form=form)


@blueprint.route("/institution/products/<code>/prospects", methods=["GET", "POST"])
@requires(Permission.OWN_PROSPECTS_READ)
def found_applicants(code: str) -> Answer:
    """Who agreed to be found and may meet a product, anonymous; and inviting one of them."""
    stand_under(url_for("matching.prospect_counts"))
    actor, form, status = current_actor(), InviteForm(), 200
    if form.is_submitted():
        refused = refusal(form, lambda: inviting.invite(actor, code, form.ref.data, form.reason.data))
        if refused is None:
            flash(_("邀请已发出。申请人答复后，您会收到消息。"), "good")
            return redirect(url_for("matching.found_applicants", code=code))
        status = refused
    found = finding.found_list(actor, code)
    product = products.product(code)
    return render_template("prospects/found.html", product=product, found=found, form=form, actor=actor), status
