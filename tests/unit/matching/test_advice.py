"""Questions and remedies: what helps most, and nothing that would have to be untrue."""

from collections.abc import Sequence
from typing import Any

from finmart.matching.engine.inputs import DemandNeed, ProductOffer
from finmart.matching.engine.plain import match
from finmart.matching.engine.questions import choose_questions
from finmart.matching.engine.remedies import changed_needs, missing_data
from finmart.matching.engine.results import Outcome
from tests.factories.matching import WAN, case, condition, facts, need, offer, variant

GRADE = condition({"in": [{"fact": "tax_grade"}, ["A"]]}, key="grade")
YEARS = condition({"ge": [{"fact": "years_established"}, {"value": 2}]}, key="years")
STAFF = condition({"ge": [{"fact": "employees"}, {"value": 5}]}, key="staff")
SECRET = condition({"ge": [{"fact": "score"}, {"value": 5}]}, key="secret")
DECLARABLE = frozenset({"tax_grade", "years_established", "employees"})
FIT: dict[str, Any] = {"amount_max": 500 * WAN, "term_max_days": 1080, "guarantee_modes": ("credit",)}


def test_the_question_that_decides_most_comes_first() -> None:
    shelf = [
        offer("a", variant(GRADE, **FIT)),
        offer("b", variant(GRADE, **FIT)),
        offer("c", variant(YEARS, **FIT)),
        offer("d", variant(YEARS, STAFF, **FIT)),
    ]
    questions = choose_questions(match(case(facts()), shelf), DECLARABLE)
    assert [(q.key, q.decides) for q in questions] == [("tax_grade", 2), ("years_established", 1), ("employees", 1)]


def test_what_nobody_may_declare_is_not_asked() -> None:
    shelf = [offer("a", variant(SECRET, GRADE, **FIT)), offer("b", variant(SECRET, **FIT))]
    assert choose_questions(match(case(facts()), shelf), DECLARABLE) == ()


def test_a_product_that_fails_already_asks_nothing() -> None:
    shelf = [offer("a", variant(GRADE, YEARS, **FIT))]
    assert choose_questions(match(case(facts(tax_grade="D")), shelf), DECLARABLE) == ()


def test_at_most_eight() -> None:
    keys = [f"fact_{n}" for n in range(12)]
    shelf = [offer(key, variant(condition({"ge": [{"fact": key}, {"value": 1}]}), **FIT)) for key in keys]
    assert len(choose_questions(match(case(facts()), shelf), frozenset(keys))) == 8


def test_one_datum_opens_the_products_that_miss_nothing_else() -> None:
    shelf = [
        offer("a", variant(GRADE, **FIT)),
        offer("b", variant(GRADE, YEARS, **FIT)),
        offer("c", variant(YEARS, **FIT)),
    ]
    found = missing_data(match(case(facts()), shelf))
    assert [(remedy.key, remedy.opens) for remedy in found] == [("tax_grade", ("a",)), ("years_established", ("c",))]


def _changes(shelf: Sequence[ProductOffer], asked: DemandNeed) -> dict[tuple[str, str, int | None], tuple[str, ...]]:
    one = case(facts(), asked)

    def answer(wanted: DemandNeed) -> Sequence[Outcome]:
        return match(one.asking(wanted), shelf)

    covered = {outcome.code for outcome in answer(asked) if outcome.covers}

    def lost(wanted: DemandNeed) -> int:
        return len(covered - {outcome.code for outcome in answer(wanted) if outcome.covers})

    found = changed_needs(asked, shelf, answer(asked), answer, lost)
    return {(remedy.kind, remedy.key, remedy.value): remedy.opens for remedy in found}


def test_the_nearest_amount_and_the_one_that_opens_most() -> None:
    caps = {"a": 90, "b": 50, "c": 50, "d": 200}
    shelf = [offer(code, variant(**{**FIT, "amount_max": cap * WAN})) for code, cap in caps.items()]
    found = _changes(shelf, need(100))
    assert found[("amount", "", 90 * WAN)] == ("a",)
    assert sorted(found[("amount", "", 50 * WAN)]) == ["a", "b", "c"]


def test_a_larger_amount_where_less_is_not_lent() -> None:
    shelf = [offer("a", variant(**FIT, amount_min=200 * WAN))]
    assert _changes(shelf, need(100)) == {("amount", "", 200 * WAN): ("a",)}


def test_what_closes_as_much_as_it_opens_is_not_advised() -> None:
    large, small = variant(**FIT, amount_min=200 * WAN), variant(**{**FIT, "amount_max": 150 * WAN})
    assert _changes([offer("a", large), offer("b", small)], need(100)) == {}
    shelf = [offer("a", large), offer("b", small), offer("c", large)]
    # Which of two equal products stands first is a matter of turns.
    assert {change: {*opens} for change, opens in _changes(shelf, need(100)).items()} == {
        ("amount", "", 200 * WAN): {"a", "c"}
    }


def test_another_term() -> None:
    shelf = [offer("a", variant(**{**FIT, "term_max_days": 360})), offer("b", variant(**FIT, term_min_days=900))]
    assert _changes(shelf, need(months=24)) == {("term", "", 900): ("b",), ("term", "", 360): ("a",)}


def test_a_guarantee_to_offer() -> None:
    shelf = [offer("a", variant(**{**FIT, "guarantee_modes": ("mortgage",)}))]
    assert _changes(shelf, need()) == {("guarantee", "mortgage", None): ("a",)}


def test_a_condition_that_fails_is_never_advised_away() -> None:
    place = condition({"region_in": [{"fact": "demand.region"}, ["360000"]]})
    purpose = condition({"in": [{"fact": "demand.purpose"}, ["equipment"]]})
    shelf = [offer("a", variant(place, **FIT)), offer("b", variant(purpose, **FIT))]
    assert _changes(shelf, need(region="440000", purpose="consumption")) == {}
