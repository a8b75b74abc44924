"""What institutions do during the week, each after its habit."""

from dataclasses import dataclass

from finmart.demo.city.dice import Dice
from finmart.demo.week.asking import Asker
from finmart.demo.week.habits import DECLINES, Habit
from finmart.matching.leads.service import institution
from finmart.matching.leads.service.materials import NewMaterial
from finmart.matching.leads.types.states import LeadState
from finmart.matching.leads.types.values import ContactChannel, ContactOutcome, FeeTerm, LeadView, Terms
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.products import service as products
from finmart.reference.loan_cost import Timing
from finmart.reference.repayment import Method

#: Where a product states no rate, and what the guarantor takes a year: 4.35 % and 1 %, for the demonstration alone.
RATE, GUARANTEE_FEE = 43_500, 10_000
WAN = 1_000_000
OPINION = "材料初步符合要求，进入审查（演示）"
NOTE = "演示数据：按演示规则作出的决定"


@dataclass
class Desk:
    """One institution of the week, at its desk."""

    code: str
    actor: Actor
    habit: Habit
    dice: Dice
    products: list[str]


def terms_of(desk: Desk, lead: LeadView, months: int) -> Terms:
    """What the institution offers: the whole amount or four fifths of it, at the product's lowest stated rate."""
    share = desk.dice.weighted(((100, 70), (80, 30)))
    amount = lead.asked_amount if lead.product_cap is None else min(lead.asked_amount, lead.product_cap)
    listed = products.published_catalogue().by_code.get(lead.product_code)
    rate = (listed.lowest_interest if listed else None) or RATE
    fees = (FeeTerm("guarantee", Timing.PREPAID, rate=GUARANTEE_FEE),) if desk.code == "jx_agri_guarantee" else ()
    rounded = max(WAN, amount * share // 100 // WAN * WAN)
    return Terms(min(amount, rounded), rate, months, Method.EQUAL_INSTALMENT, fees)


def take_from_board(desk: Desk, asker: Asker) -> None:
    """Take a card with one of the own products."""
    institution.take_card(desk.actor, asker.public_id, product_code=desk.dice.pick(desk.products))


def work(desk: Desk, lead: LeadView, months: int) -> None:
    """Take the next step on a lead that waits for the institution."""
    state, actor, dice = lead.state, desk.actor, desk.dice
    if state is LeadState.ASSIGNED:
        _respond(desk, lead)
    elif state is LeadState.RECEIVED:
        reached = ContactOutcome.REACHED if dice.chance(85) else ContactOutcome.NO_ANSWER
        institution.log_contact(actor, lead.public_id, channel=ContactChannel.PHONE, outcome=reached)
    elif state is LeadState.CONTACTED:
        _look(desk, lead)
    elif state is LeadState.REVIEW:
        _decide(desk, lead, months)
    elif state is LeadState.CONTRACTED:
        institution.draw_down(actor, lead.public_id, amount=lead.approved_amount or 0, on=today())


def _respond(desk: Desk, lead: LeadView) -> None:
    if desk.dice.chance(70):
        institution.take_assigned(desk.actor, lead.public_id, product_code=desk.dice.pick(desk.products))
    else:
        institution.pass_on(desk.actor, lead.public_id, reason="no_capacity")


def _look(desk: Desk, lead: LeadView) -> None:
    if desk.dice.chance(desk.habit.declines_early):
        decline(desk, lead.public_id)
    elif desk.dice.chance(desk.habit.asks_materials):
        wanted = [NewMaterial("business_licence"), NewMaterial("bank_statements")]
        institution.ask_materials(desk.actor, lead.public_id, wanted)
    else:
        institution.give_opinion(desk.actor, lead.public_id, note=OPINION)


def _decide(desk: Desk, lead: LeadView, months: int) -> None:
    if desk.dice.chance(desk.habit.approves):
        institution.approve(desk.actor, lead.public_id, terms_of(desk, lead, months), note=NOTE)
    else:
        decline(desk, lead.public_id)


def decline(desk: Desk, lead: str) -> None:
    """Decline a lead (public id) for one of the usual reasons."""
    institution.decline(desk.actor, lead, code=desk.dice.weighted(DECLINES), note=NOTE)
