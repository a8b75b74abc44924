"""How subjects stand to a part of the shelf is what the plain evaluator says of its ways, with numba and without."""

from hypothesis import given, settings
from hypothesis import strategies as st

from finmart.matching.engine.bulk.everyone import Machine
from finmart.matching.engine.bulk.standing import Standing, checked, standings
from finmart.matching.engine.bulk.table import table_of
from finmart.matching.engine.inputs import ApplicantFacts, ProductOffer, VariantOffer
from finmart.matching.engine.plain import clause_state, verdict_of
from finmart.matching.engine.results import Verdict
from finmart.matching.insights.service.coverage_count import shelves_of
from finmart.matching.insights.types.coverage import ALL, DEMANDING
from tests.factories.matching import condition, facts, offer, variant
from tests.unit.matching.test_bulk import crowds, machines, some_time

STANDING = {Verdict.MET: Standing.MET, Verdict.OPEN: Standing.OPEN, Verdict.NOT_MET: Standing.NONE}


def plainly(ways: list[VariantOffer], known: ApplicantFacts) -> Standing:
    verdicts = (verdict_of([clause_state(clause, known) for clause in way.clauses], 0) for way in ways)
    return max(STANDING[verdict] for verdict in verdicts)


@machines
@given(world=crowds(), cut=st.integers(0, 5))
@settings(some_time, max_examples=12)
def test_standings_are_those_of_the_plain_evaluator(
    by: Machine, world: tuple[tuple[ProductOffer, ...], list[ApplicantFacts]], cut: int
) -> None:
    offers, people = world
    parts = [[way for one in each for way in checked(one)] for each in (offers, offers[:cut], offers[cut:])]
    parts = [ways for ways in parts if ways]
    if parts:
        expected = [[plainly(ways, known) for ways in parts] for known in people]
        assert standings(parts, table_of(people), by=by).tolist() == expected


def test_a_way_asks_how_somebody_does_business_or_only_who_it_is() -> None:
    sales = {"ge": [{"fact": "annual_revenue"}, {"value": 1, "unit": "money"}]}
    shallow = condition({"in": [{"fact": "subject_kind"}, ["enterprise"]]})
    wish = condition({"in": [{"fact": "demand.purpose"}, ["equipment"]]})
    wants = condition(sales, required=False)
    assert not variant(shallow, wish, wants).is_demanding
    assert variant(shallow, condition(sales)).is_demanding


def test_a_way_without_anything_to_check_stands_on_no_shelf() -> None:
    sales = condition({"ge": [{"fact": "annual_revenue"}, {"value": 1, "unit": "money"}]})
    one = offer("one", variant(sales, key="asks"), variant(key="asks nothing"), product_type="tax_loan")
    silent = offer("silent", variant(), product_type="green")
    shelves = shelves_of([one, silent])
    assert {name: [(code, way.key) for code, way in shelf] for name, shelf in shelves.items()} == {
        ALL: [("one", "asks")],
        DEMANDING: [("one", "asks")],
        "tax_loan": [("one", "asks")],
    }
    table = table_of([facts(annual_revenue=2), facts(annual_revenue=0), facts()])
    assert standings([checked(one)], table).tolist() == [[Standing.MET], [Standing.NONE], [Standing.OPEN]]
