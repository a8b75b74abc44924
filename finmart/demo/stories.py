"""Some of the city's demands go further: applications at every stage at the institutions whose staff have accounts."""

from collections.abc import Callable, Mapping

from finmart.demo.city.demands import CityDemand
from finmart.demo.city.dice import Dice
from finmart.demo.city.people import applicants
from finmart.demo.needs import applicant_actor
from finmart.demo.seen import Seen, SeenBy
from finmart.demo.tries import Tries
from finmart.demo.week.habits import FAST
from finmart.demo.week.institutions import NOTE, OPINION, Desk, terms_of
from finmart.demo.week.people import institution_actor, operator_actor
from finmart.matching.demands import service as demands
from finmart.matching.demands.types.values import DemandView
from finmart.matching.leads.service import applicant, institution, operator, reading
from finmart.matching.leads.service.materials import NewMaterial
from finmart.matching.leads.types.values import ContactChannel, ContactOutcome
from finmart.platform.accounts.service.organisations import organisation_card
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.products import service as products

#: Institutions whose staff can sign in, so that the stories can be looked at from both sides.
PLACES = ("jxbank", "ccb", "cmb_nc", "jx_agri_guarantee")
#: How far the demands come, one after the other; an empty one stays an anonymous card that nobody has taken.
FATES = (
    *("approved", "interested", "", "received", "review", ""),
    *("declined", "materials", "", "funded", "contacted", "assigned"),
)


class Story:
    """One demand on its way at one institution."""

    def __init__(self, owner: Actor, desk: Desk, demand: DemandView, seen: Seen | None) -> None:
        self.owner, self.desk, self.demand, self.seen = owner, desk, demand, seen
        self.lead = ""

    def interested(self) -> None:
        """The institution takes the card."""
        self.lead = institution.take_card(self.desk.actor, self.demand.public_id, product_code=self._product())

    def assigned(self) -> None:
        """The platform asks the institution."""
        card = organisation_card(self.desk.actor.organisation_id or 0)
        self.lead = operator.dispatch(operator_actor(), self.demand.public_id, institution_public_id=card.public_id)

    def received(self) -> None:
        """The applicant applies for what the product lends at most."""
        code = self._product()
        if self.seen is not None:
            self.seen.opened(self.owner, code)
        cap = products.product(code).amount_max
        amount = self.demand.amount if cap is None else min(cap, self.demand.amount)
        self.lead = applicant.apply(self.owner, self.demand.public_id, product_code=code, amount=amount)

    def contacted(self) -> None:
        """… and the institution calls."""
        self.received()
        phone, reached = ContactChannel.PHONE, ContactOutcome.REACHED
        institution.log_contact(self.desk.actor, self.lead, channel=phone, outcome=reached, note=NOTE)

    def materials(self) -> None:
        """… and asks for papers."""
        self.contacted()
        wanted = [NewMaterial("business_licence"), NewMaterial("contract", required=False)]
        institution.ask_materials(self.desk.actor, self.lead, wanted)

    def review(self) -> None:
        """… or gives its first opinion."""
        self.contacted()
        institution.give_opinion(self.desk.actor, self.lead, note=OPINION)

    def declined(self) -> None:
        """… and declines with a code."""
        self.review()
        institution.decline(self.desk.actor, self.lead, code="cash_flow", note=NOTE)

    def approved(self) -> None:
        """… or approves with every cost."""
        self.review()
        lead = reading.open_lead(self.desk.actor, self.lead).lead
        terms = terms_of(self.desk, lead, self.demand.term_months)
        institution.approve(self.desk.actor, self.lead, terms, note=NOTE)

    def funded(self) -> None:
        """… and pays out what was accepted."""
        self.approved()
        applicant.accept(self.owner, self.lead)
        lead = reading.open_lead(self.desk.actor, self.lead).lead
        institution.draw_down(self.desk.actor, self.lead, amount=lead.approved_amount or 0, on=today())

    def _product(self) -> str:
        """The institution's product that stands first in what was read, or any of its own."""
        any_of_them, read = self.desk.dice.pick(self.desk.products), self.seen.rows if self.seen is not None else ()
        return next((row.code for row in read if row.code in self.desk.products), any_of_them)


WAYS: Mapping[str, Callable[[Story], None]] = {
    "assigned": Story.assigned,
    "interested": Story.interested,
    "received": Story.received,
    "contacted": Story.contacted,
    "materials": Story.materials,
    "review": Story.review,
    "declined": Story.declined,
    "approved": Story.approved,
    "funded": Story.funded,
}


def tell(asked: list[CityDemand], organisations: Mapping[int, int], seen: SeenBy) -> tuple[int, int]:
    """Let the demands of ``asked`` go their ways; how many leads began, and how many were decided before them.

    A second time nothing is left to begin.
    """
    desks = [_desk(code) for code in PLACES]
    tries, begun, before = Tries(), 0, 0
    # Whoever signs in finds one application, its story's own.
    signed_in = {subject.number for _person, subject in applicants()}
    for place, each in enumerate(asked):
        owner = applicant_actor(organisations[each.subject.number])
        fate = FATES[place % len(FATES)]
        demand = next((one for one in demands.own_demands(owner).items if one.is_live), None)
        if demand is None or not fate or reading.applications_of(owner, demand):
            continue
        number, desk = each.subject.number, desks[begun % len(desks)]
        own = seen.get(number)
        if own is not None and number not in signed_in:
            before += tries.before(number, owner, demand, own, desk.code)
        WAYS[fate](Story(owner, desk, demand, own))
        begun += 1
    return begun, before


def _desk(code: str) -> Desk:
    own = [product.code for product in products.products_of(code)]
    return Desk(code, institution_actor(code), FAST, Dice("stories", code), own)
