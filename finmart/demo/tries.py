"""What came before the stories: results that were read, products that were opened, applications that were decided.

Every step goes through the services that people use and is recorded with the run that led to it, so that
``finmart match evaluate`` has something to judge by in the demonstration.
"""

from collections.abc import Iterator

from finmart.demo.city.dice import Dice
from finmart.demo.seen import Seen
from finmart.demo.week.habits import HABITS
from finmart.demo.week.institutions import NOTE, OPINION, Desk, decline, terms_of
from finmart.demo.week.people import institution_actor
from finmart.matching.demands.types.values import DemandView
from finmart.matching.engine.results import Fitness, Verdict
from finmart.matching.engine.rows import Row
from finmart.matching.leads.service import applicant, institution, reading
from finmart.matching.leads.types.values import ContactChannel, ContactOutcome
from finmart.platform.kernel.actor import Actor
from finmart.products import service as products

#: So many products of a result are tried, by a few of a hundred applicants one more, at so many institutions at most.
TRIED, ONE_MORE, INSTITUTIONS = 2, 15, 2
#: Of 100 applications so many are approved: to a product whose conditions are met and which covers the need, one
#: that covers part of it, any other.
GOOD, FAIR, POOR = 26, 9, 3


class Tries:
    """The applications that came before the stories' own."""

    def __init__(self) -> None:
        self._desks: dict[str, Desk] = {}
        self._owners = {code: one.institution.code for code, one in products.published_catalogue().by_code.items()}

    def before(self, subject: int, owner: Actor, demand: DemandView, seen: Seen, story: str) -> int:
        """Apply to the best products of other institutions than the story's; all of it is decided. How many it were.

        ``subject``: the number of the city's subject, whose dice fall the same each time.
        """
        dice = Dice("tries", subject)
        count = 0
        for row in self._chosen(seen, story, TRIED + dice.chance(ONE_MORE)):
            seen.opened(owner, row.code)
            self._decided(owner, demand, row, dice)
            count += 1
        return count

    def _chosen(self, seen: Seen, story: str, left: int) -> Iterator[Row]:
        places: set[str] = set()
        for row in seen.rows:
            code = self._owners.get(row.code, story)
            if left and code != story and code in HABITS and (code in places or len(places) < INSTITUTIONS):
                places.add(code)
                left -= 1
                yield row

    def _decided(self, owner: Actor, demand: DemandView, row: Row, dice: Dice) -> None:
        cap = products.product(row.code).amount_max
        amount = demand.amount if cap is None else min(cap, demand.amount)
        lead = applicant.apply(owner, demand.public_id, product_code=row.code, amount=amount)
        desk = self._desk(self._owners[row.code])
        if dice.chance(_likely(row)):
            self._approved(owner, demand, desk, lead)
        else:
            decline(desk, lead)

    def _approved(self, owner: Actor, demand: DemandView, desk: Desk, lead: str) -> None:
        """An offer that the applicant did not take, so that its need lives on."""
        institution.log_contact(
            desk.actor, lead, channel=ContactChannel.PHONE, outcome=ContactOutcome.REACHED, note=NOTE
        )
        institution.give_opinion(desk.actor, lead, note=OPINION)
        terms = terms_of(desk, reading.open_lead(desk.actor, lead).lead, demand.term_months)
        institution.approve(desk.actor, lead, terms, note=NOTE)
        applicant.refuse(owner, lead, reason="cost")

    def _desk(self, code: str) -> Desk:
        if code not in self._desks:
            self._desks[code] = Desk(code, institution_actor(code), HABITS[code], Dice("tries", code), [])
        return self._desks[code]


def _likely(row: Row) -> int:
    if row.verdict is Verdict.NOT_MET or row.fit.overall is Fitness.NONE:
        return POOR
    met = row.verdict in {Verdict.MET, Verdict.MET_CHECKED}
    return GOOD if met and row.fit.overall in {Fitness.FULL, Fitness.OPEN} else FAIR
