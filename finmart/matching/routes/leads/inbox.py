"""The institution's inbox by clock, the board of anonymous cards, and taking one."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.matching.demands.types.clocks import Owner
from finmart.matching.forms.fields import told_apart, wan_text
from finmart.matching.forms.offers import TakeForm
from finmart.matching.leads.service import boarding, institution, pricing, reading
from finmart.matching.leads.types.states import LIVE, LeadState
from finmart.matching.leads.types.values import Card, Sheet
from finmart.matching.routes.blueprint import blueprint
from finmart.matching.routes.leads import board_view, wording
from finmart.matching.routes.leads.attempts import refusal
from finmart.matching.routes.leads.desk import branch_choices, product_choices
from finmart.matching.routes.leads.standing import ShownLead
from finmart.matching.routes.leads.working import priced
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.clock import today
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.pages import Page, page_number

Answer = str | Response | tuple[str, int]

TABS = ("", "mine", "ended")


def _state() -> LeadState | None:
    wanted = request.args.get("state", "")
    return LeadState(wanted) if wanted in set(LeadState) else None


@blueprint.get("/institution/leads")
@requires(Permission.OWN_LEADS_READ)
def inbox() -> Answer:
    """Leads by the day they are due, the longest overdue first; the reader's own; those that have ended."""
    actor = current_actor()
    tab = request.args.get("tab", "")
    tab = tab if tab in TABS else ""
    state, places = _state(), branch_choices(actor)
    branch = request.args.get("branch", "")
    branch = branch if branch in dict(places) else ""
    page = reading.inbox(
        actor,
        states=(state,) if state else (),
        mine=tab == "mine",
        live=tab != "ended",
        branch=branch,
        number=page_number(request.args.get("page")),
    )
    items = [
        (
            ShownLead(lead, "", wording.product_name(lead), wording.turn_of_lead(lead, Owner.INSTITUTION)),
            demand,
        )
        for lead, demand in page.items
    ]
    return render_template(
        "leads/inbox.html",
        page=Page(items, page.total, page.number, page.size),
        tab=tab,
        state=state,
        states=[one for one in LeadState if (one in LIVE) is (tab != "ended")],
        branch=branch,
        places=[(code, name) for code, name in places if code],
        counts=reading.inbox_counts(actor),
        actor=actor,
        today=today(),
    )


@blueprint.get("/institution/board")
@requires(Permission.OWN_LEADS_READ)
def board() -> Answer:
    """Anonymous cards that the institution may take: filters with counts, an order, all in the address."""
    actor = current_actor()
    asked = board_view.asked(request.args)
    found = boarding.board(actor, asked, number=page_number(request.args.get("page")))
    return render_template(
        "leads/board.html",
        page=found.page,
        actor=actor,
        filters=board_view.filters(found, asked),
        chosen=board_view.chosen(found, asked),
        wider=board_view.wider(found, asked),
        sorts=board_view.sorts(asked),
        without_filters=board_view.without_filters(asked),
        by_product="product" in asked.where,
    )


def _card_page(card: Card, form: TakeForm | None = None, sheet: Sheet | None = None) -> str:
    actor = current_actor()
    terms = {"amount": wan_text(card.amount), "months": card.term_months}
    form = form or TakeForm(product_choices(actor), formdata=None, data=terms)
    return render_template("leads/card.html", card=card, form=told_apart(form, "take"), sheet=sheet)


@blueprint.route("/institution/board/<public_id>", methods=["GET", "POST"])
@requires(Permission.OWN_LEADS_WORK)
def take_card(public_id: str) -> Answer:
    """One card, and taking a place at it with an own product and, if wanted, an offer."""
    actor = current_actor()
    card = reading.card(actor, public_id)
    if request.method == "GET":
        return _card_page(card)
    form = TakeForm(product_choices(actor))
    if form.with_bid.data:
        sheet, status = priced(
            form, lambda: pricing.price_bid(actor, form.terms(), product_code=form.product.data, asked=card.amount)
        )
        if sheet is not None or status is not None:
            return _card_page(card, form, sheet), status or 200
    made: list[str] = []

    def act() -> None:
        terms = form.terms() if form.with_bid.data else None
        made.append(institution.take_card(actor, public_id, product_code=form.product.data, terms=terms))

    status = refusal(form, act)
    if status is not None:
        return _card_page(reading.card(actor, public_id), form), status
    flash(_("已占一个名额，申请人会看到您的意向，由申请人决定是否让您看到联系方式。"), "good")
    return redirect(url_for("matching.lead", public_id=made[0]))
