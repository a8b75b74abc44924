"""The shipped catalogue over the demonstration city: the bulk engines count what the plain evaluator counts."""

from collections import Counter
from datetime import date

import pytest

from finmart.matching import snapshots
from finmart.matching.engine.bulk import everyone
from finmart.matching.engine.bulk.catalogue import compiled
from finmart.matching.engine.bulk.everyone import NUMPY, Machine, machine
from finmart.matching.engine.bulk.prospects import Screen
from finmart.matching.engine.bulk.table import table_of
from finmart.matching.engine.inputs import ApplicantFacts, DemandNeed, ProductOffer
from finmart.matching.engine.needs import with_need
from finmart.matching.engine.plain import clause_state, verdict_of
from finmart.matching.engine.results import Verdict
from finmart.matching.service.prospects import sample
from finmart.platform.db.session import unit_of_work
from finmart.platform.kernel.actor import Actor
from tests.fixtures.city import CityVisit

BEST = (Verdict.MET, Verdict.MET_CHECKED, Verdict.OPEN, Verdict.UNCHECKED, Verdict.NOT_MET)
#: Every so many subjects of the city: the plain evaluator takes its time.
STEP = 4


def _verdict(offer: ProductOffer, facts: ApplicantFacts) -> Verdict:
    ways = [[clause_state(clause, facts) for clause in variant.clauses] for variant in offer.variants]
    return min((verdict_of(way, offer.words) for way in ways), key=BEST.index)


@pytest.mark.parametrize("by", [NUMPY, machine()], ids=lambda each: each.name)
def test_every_product_counts_as_the_plain_evaluator_counts(by: Machine, visit: CityVisit) -> None:
    person = visit.enter("institution_clerk")
    assert person is not None
    need = DemandNeed(100_000_000, 360, ("credit",), "working_capital", "360113", date(2026, 11, 21))
    with unit_of_work():
        offers = snapshots.current_plan().offers
        known = sample(Actor(name="clerk", user_id=person.user_id), snapshots.used_keys(offers))
    people = [with_need(facts, need) for _kind, facts in known[::STEP]]
    found = everyone.answer(compiled(offers), table_of(people), by=by)
    screen = Screen(table_of(people), compare=by.at_least)
    assert len(offers) > 100
    for place, offer in enumerate(offers):
        counted = Counter(_verdict(offer, facts) for facts in people)
        met = counted[Verdict.MET] + counted[Verdict.MET_CHECKED]
        assert found.counts[place].tolist() == [met, met + counted[Verdict.OPEN]], offer.code
        one = screen.screen(offer)
        assert (one.met, one.open) == (met, counted[Verdict.OPEN]), offer.code
        assert (one.unchecked, one.not_met) == (counted[Verdict.UNCHECKED], counted[Verdict.NOT_MET]), offer.code
