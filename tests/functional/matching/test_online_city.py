"""The online engine on the real catalogue and the demonstration city: every applicant gets the plain answer."""

from finmart.matching import snapshots
from finmart.matching.engine import plain
from finmart.matching.engine.inputs import DemandNeed
from finmart.matching.rulesets.service import shipped
from finmart.matching.service.prospects import sample
from finmart.platform.authz.permissions import Permission
from finmart.platform.db.session import unit_of_work
from finmart.platform.kernel.actor import system_actor
from finmart.platform.kernel.clock import today
from tests.fixtures.city import CityVisit

WAN = 1_000_000


def test_everybody_in_the_city_is_answered_as_by_the_plain_evaluator(visit: CityVisit) -> None:
    actor = system_actor("test", "a test", frozenset({Permission.SAMPLE_PROSPECTS_READ}))
    with visit.app.app_context(), unit_of_work():
        plan = snapshots.current_plan()
        people = sample(actor, snapshots.used_keys(plan.offers))
    assert len(people) > 50
    need = DemandNeed(100 * WAN, 360, ("credit", "mortgage"), "working_capital", "360113", today(), "city")
    for _kind, facts in people:
        case = plain.Case(snapshots.asked(facts, need, frozenset(facts.values)), need, shipped().rule)
        answer = plan.engine.answer(plain.Case(case.facts, need, case.rule))
        expected = plain.match(case, plan.offers)
        assert answer.outcomes() == expected
        assert answer.near_misses() == plain.near_misses(expected)
