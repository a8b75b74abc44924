"""The applicant's pages: home, a new demand, questions, declared facts. A demand's own page stands in ``leads``."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.matching.demands import service as demands
from finmart.matching.demands.types.clocks import Owner
from finmart.matching.demands.types.states import STATE_WORDS
from finmart.matching.demands.types.values import URGENCY_WORDS
from finmart.matching.forms.answers import answers_form
from finmart.matching.forms.demand import DemandForm
from finmart.matching.recommendations.service.reading import recommended
from finmart.matching.routes.answering import kept_or_status
from finmart.matching.routes.blueprint import blueprint
from finmart.matching.routes.leads.wording import turn_of_demand
from finmart.matching.routes.recommending import MOST_AT_HOME, shown_recommended
from finmart.matching.service import demands as matching
from finmart.matching.service.applicants import account_of
from finmart.matching.service.asking import asker
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import requires, signed_in
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of
from finmart.platform.web.navigation import first_page
from finmart.platform.web.pages import page_number
from finmart.reference.industries import classes

Answer = str | Response | tuple[str, int]


@blueprint.app_context_processor
def _tables() -> dict[str, object]:
    return {"demand_states": STATE_WORDS, "demand_urgencies": URGENCY_WORDS, "is_applicant": _is_applicant}


def _is_applicant() -> bool:
    # The account's pages lead applicants to settings of this domain, of which accounts know nothing.
    return current_actor().may(Permission.OWN_DEMANDS_WRITE)


@blueprint.get("/home")
@signed_in
def home() -> Answer:
    """What an applicant comes back to: its demands, the next step, what is still unknown; others to their own start."""
    actor = current_actor()
    if not actor.may(Permission.OWN_DEMANDS_READ):
        return redirect(first_page(actor))
    page = matching.own_demands_with_runs(actor, number=page_number(request.args.get("page")))
    clocks = demands.clocks_of(demand.id for demand, _run in page.items)
    return render_template(
        "demands/home.html",
        page=page,
        turns={key: turn_of_demand(clock, Owner.APPLICANT) for key, clock in clocks.items()},
        account=account_of(actor),
        advice=matching.newest_advice(actor),
        found=shown_recommended(recommended(actor), most=MOST_AT_HOME),
    )


@blueprint.route("/demands/new", methods=["GET", "POST"])
@requires(Permission.OWN_DEMANDS_WRITE)
def new_demand() -> Answer:
    """State a need; it is matched at once."""
    actor = current_actor()
    form = DemandForm(region=account_of(actor).region)
    status = 200
    if form.validate_on_submit():
        try:
            demand = matching.new_demand(actor, form.demand())
        except FinmartError as error:
            form.form_errors.append(say(error.message))
            status = status_of(error)
        else:
            # Whoever came from a product's page sees first how that product came out.
            return redirect(url_for("matching.demand", public_id=demand.public_id, product=request.args.get("product")))
    elif form.is_submitted():
        status = 422
    return render_template("demands/new.html", form=form), status


@blueprint.route("/demands/<public_id>/answers", methods=["GET", "POST"])
@requires(Permission.OWN_FACTS_DECLARE)
def answer(public_id: str) -> Answer:
    """The questions of the newest result; the answers are kept with the commitment, and the demand is matched again."""
    actor = current_actor()
    demand, advice = matching.questions_of(actor, public_id)
    form = answers_form((question.key for question in advice.questions), asker(actor))
    status = kept_or_status(
        form,
        lambda answers: matching.declare_and_rematch(actor, public_id, answers, commitment=form.commitment.data),
    )
    if status is None:
        flash(_("已按新的填报重新匹配。"), "good")
        return redirect(url_for("matching.demand", public_id=public_id))
    return render_template("demands/answers.html", demand=demand, form=form, industries=classes()), status


@blueprint.post("/demands/<public_id>/match")
@requires(Permission.OWN_DEMANDS_WRITE)
def match_again(public_id: str) -> Answer:
    """Match again on what is known now."""
    matching.rematch(current_actor(), public_id)
    flash(_("已按现在的资料和产品目录重新匹配。"), "good")
    return redirect(url_for("matching.demand", public_id=public_id))


@blueprint.route("/facts", methods=["GET", "POST"])
@requires(Permission.OWN_FACTS_DECLARE)
def declared() -> Answer:
    """What this applicant has declared, what imported data say otherwise, and what it may still answer."""
    actor = current_actor()
    known = matching.declared_view(actor)
    form = answers_form(known.asks, asker(actor))
    status = kept_or_status(form, lambda answers: matching.declare(actor, answers, commitment=form.commitment.data))
    if status is None:
        flash(_("已保存。下次匹配会用上这些填报。"), "good")
        return redirect(url_for("matching.declared"))
    return render_template("demands/declared.html", known=known, form=form, industries=classes()), status
