"""A demand's page and what its applicant does there: publish, apply, take the card back, finish, withdraw."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from finmart.matching.demands import service as demands
from finmart.matching.demands.types.errors import DemandClosed
from finmart.matching.demands.types.values import DemandView
from finmart.matching.exposure import service as exposure
from finmart.matching.forms.applying import ApplyForm, PlacesForm
from finmart.matching.forms.demand import WithdrawForm
from finmart.matching.forms.fields import told_apart, wan_text
from finmart.matching.leads.service import applicant as leads
from finmart.matching.leads.types.errors import InstitutionClosed
from finmart.matching.routes import covering, presentation
from finmart.matching.routes.blueprint import blueprint
from finmart.matching.routes.leads.attempts import refusal
from finmart.matching.routes.leads.contacts import own_contact
from finmart.matching.routes.leads.standing import Standing, standing_of
from finmart.matching.routes.leads.stated import guarantee_warning, stated_cost
from finmart.matching.service import demands as matching
from finmart.matching.service import runs
from finmart.matching.service.advice import load_advice
from finmart.matching.service.applicants import account_of
from finmart.matching.service.policies import best_relief
from finmart.matching.service.runs import OpenRun
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.money import Money
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.pages import page_number
from finmart.products import policy_view
from finmart.products import service as products
from finmart.products.types import PublishedProduct

Answer = str | Response | tuple[str, int]


def demand_page(public_id: str, **refused: FlaskForm) -> str:
    """The page of an own demand; ``refused`` are forms as they were sent, by the name of their step."""
    actor = current_actor()
    found = matching.result(actor, public_id)
    blank = {
        "places": PlacesForm(formdata=None, data={"places": found.demand.places}),
        "withdraw": WithdrawForm(formdata=None),
    }
    standing = standing_of(actor, found.demand)
    step = next(iter(refused), "")
    more = {
        "demand": found.demand,
        "standing": standing,
        "forms": {name: told_apart(form, name) for name, form in (blank | refused).items()},
        "refused_elsewhere": refused[step] if step and step not in standing.placed else None,
        "newest": True,
    }
    if found.run is None:
        return render_template("demands/unmatched.html", **more)
    more["is_behind"] = bool(matching.declared_since(actor, found.run.view.created_at))
    return result_page(found.run, earlier=found.earlier, account=account_of(actor), **more)


def result_page(run: OpenRun, **more: Any) -> str:
    """A run's products in their order, or that it is closed."""
    if run.closed:
        return render_template("matches/closed.html", run=run, **more)
    group = request.args.get("show", "")
    group = group if group in presentation.GROUPS else ""
    advice, relief = load_advice(run.advice), best_relief(run)
    page = presentation.page_of(run, group, page_number(request.args.get("page")), with_facts=True)
    came_for = presentation.row_of(run, request.args.get("product", ""))
    exposure.note_shown(run.view.public_id, [one.row for one in (*page.items, *([came_for] if came_for else []))])
    return render_template(
        "matches/result.html",
        run=run,
        page=page,
        group=group,
        came_for=came_for,
        counts=presentation.group_counts(run),
        remedies=presentation.shown_remedies(advice.remedies),
        financing=covering.shown_financing(advice.financing, advice.plans),
        advice=advice,
        phones=presentation.phones(),
        relief_place=relief.place,
        reliefs=[policy_view.shown_relief(line) for line in relief.lines],
        **more,
    )


@blueprint.get("/demands/<public_id>")
@requires(Permission.OWN_DEMANDS_READ)
def demand(public_id: str) -> Answer:
    """A demand: where it stands, its applications, its newest result."""
    return demand_page(public_id)


@blueprint.get("/runs/<public_id>")
@requires(Permission.OWN_DEMANDS_READ)
def run(public_id: str) -> Answer:
    """An earlier result of one of the organisation's own demands, as it was."""
    actor = current_actor()
    found = runs.own_run(actor, public_id)
    return result_page(found, demand=matching.demand_of(actor, found), earlier=(), newest=False, standing=Standing())


@blueprint.get("/runs/<public_id>/products/<code>")
@requires(Permission.OWN_DEMANDS_READ)
def open_product(public_id: str, code: str) -> Answer:
    """From a result to a product's page; that it was opened from there is noted beside the run."""
    product = products.product(code)
    exposure.note_opened(current_actor(), public_id, product.code)
    return redirect(url_for("products.show", code=product.code))


@blueprint.post("/demands/<public_id>/publish")
@requires(Permission.OWN_DEMANDS_WRITE)
def publish(public_id: str) -> Answer:
    """Show the need to institutions as an anonymous card."""
    form = PlacesForm()
    actor = current_actor()
    status = refusal(form, lambda: leads.open_to_institutions(actor, public_id, places=form.places.data))
    if status is not None:
        return demand_page(public_id, places=form), status
    flash(_("匿名名片已公开。有机构愿意承接时会通知您，由您决定是否让它看到联系方式。"), "good")
    return redirect(url_for("matching.demand", public_id=public_id))


@blueprint.post("/demands/<public_id>/leave-board")
@requires(Permission.OWN_DEMANDS_WRITE)
def leave_board(public_id: str) -> Answer:
    """Take the anonymous card back."""
    form = FlaskForm()
    actor = current_actor()
    status = refusal(form, lambda: leads.leave_board(actor, public_id))
    if status is not None:
        return demand_page(public_id, leave=form), status
    flash(_("匿名名片已收回，已经开始的申请照常进行。"), "good")
    return redirect(url_for("matching.demand", public_id=public_id))


@blueprint.post("/demands/<public_id>/finish")
@requires(Permission.OWN_DEMANDS_WRITE)
def finish(public_id: str) -> Answer:
    """End a demand that was declined, keeping the reason."""
    form = FlaskForm()
    actor = current_actor()
    status = refusal(form, lambda: leads.finish(actor, public_id))
    if status is not None:
        return demand_page(public_id, finish=form), status
    flash(_("这条需求已结束，原因和改进建议会一直保留在页面上。"), "good")
    return redirect(url_for("matching.demand", public_id=public_id))


@blueprint.post("/demands/<public_id>/withdraw")
@requires(Permission.OWN_DEMANDS_WRITE)
def withdraw(public_id: str) -> Answer:
    """Withdraw a demand with everything that runs for it, with the reason."""
    form = WithdrawForm()
    actor = current_actor()
    status = refusal(form, lambda: leads.withdraw_demand(actor, public_id, reason=form.reason.data))
    if status is not None:
        return demand_page(public_id, withdraw=form), status
    flash(_("需求已撤回，进行中的申请一并结束，机构会收到通知。"), "good")
    return redirect(url_for("matching.home"))


@blueprint.route("/demands/<public_id>/apply/<product_code>", methods=["GET", "POST"])
@requires(Permission.OWN_DEMANDS_WRITE)
def apply(public_id: str, product_code: str) -> Answer:
    """Apply to a product: who will see what, how much is asked, what it costs as stated, what comes next."""
    actor = current_actor()
    need, product = demands.own_demand(actor, public_id), products.product(product_code)
    if not product.institution.connected:
        raise InstitutionClosed
    if request.method == "GET" and not need.is_open:
        raise DemandClosed(need.state.value)
    form = ApplyForm(data={"amount": wan_text(_wanted(need, product))})
    status: int | None = 200
    if form.is_submitted():
        made: list[str] = []
        status = refusal(
            form,
            lambda: made.append(leads.apply(actor, public_id, product_code=product_code, amount=form.amount.fen)),
        )
        if status is None:
            flash(_("申请已提交，机构已收到通知。"), "good")
            return redirect(url_for("matching.application", public_id=made[0]))
    return _apply_page(need, product, form), status or 200


def _apply_page(need: DemandView, product: PublishedProduct, form: ApplyForm) -> str:
    actor = current_actor()
    return render_template(
        "leads/apply.html",
        demand=need,
        product=product,
        form=form,
        standing=standing_of(actor, need),
        contact=own_contact(actor),
        guarantee=guarantee_warning(need, product),
        cost=stated_cost(product, amount=form.amount.fen or _wanted(need, product), months=need.term_months),
    )


def _wanted(need: DemandView, product: PublishedProduct) -> int:
    """The amount that the form begins with: what a result proposed, within the need and the product's cap."""
    most = min(need.amount, product.amount_max or need.amount)
    try:
        proposed = Money.from_wan(request.args.get("amount", "")).fen
    except BadInput:
        return most
    return min(proposed, most) if proposed > 0 else most
