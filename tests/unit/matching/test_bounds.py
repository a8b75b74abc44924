"""What long-lived things keep is bounded, whatever is asked of them; what they answer stays the same."""

from datetime import UTC, datetime
from typing import Any

import pytest

from finmart.conditions.types import FactValue
from finmart.matching.engine.bulk import encoding, prospects, reckon
from finmart.matching.engine.bulk.admission import judge
from finmart.matching.engine.bulk.bits import count
from finmart.matching.engine.bulk.catalogue import compiled
from finmart.matching.engine.bulk.prospects import Screen
from finmart.matching.engine.bulk.reckon import Lookups
from finmart.matching.engine.bulk.table import Dictionary, table_of
from finmart.matching.engine.inputs import ApplicantFacts, ProductOffer
from finmart.matching.engine.plain import match
from tests.factories.matching import case, condition, facts, offer, variant

KEPT = 40 * 64


def _staff(bound: int) -> ProductOffer:
    return offer("p", variant(condition({"ge": [{"fact": "employees"}, {"value": bound}]})))


def _kept(screen: Screen) -> int:
    maker = screen.maker
    own = (maker.known, maker.open, maker.bounds, maker.rows_of)
    return sum(each.nbytes for held in (screen.kept, *own) for each in held.values())


def test_a_screen_keeps_no_more_than_it_says_and_answers_alike() -> None:
    people = [facts(employees=number) for number in range(200)]
    screen = Screen(table_of(people), kept_bytes=KEPT)
    for bound in (*range(150), *range(150)):
        assert screen.screen(_staff(bound)).met == 200 - bound
        assert _kept(screen) == screen.maker.nbytes + sum(each.nbytes for each in screen.kept.values()) <= KEPT


def test_what_figures_are_made_of_is_counted_among_them(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [facts(sales_monthly=tuple(range(number, number + 24))) for number in range(64)]
    screen = Screen(table_of(people))
    gap = {"window": {"series": "sales_monthly", "months": 3, "of": "longest_gap"}}
    asked = offer("p", variant(condition({"le": [gap, {"value": 1}]})))
    screen.screen(asked)
    assert screen.maker.reckoner.trails["sales_monthly"].nbytes >= 24 * 64
    monkeypatch.setattr(prospects, "FIGURES", 24 * 64)
    before = screen.maker
    assert screen.screen(_staff(1)).met == 0
    assert screen.maker is not before
    assert not screen.maker.reckoner.trails
    assert screen.screen(asked).met == 64


def test_answers_about_the_codes_of_ever_new_tables_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reckon, "MOST_ANSWERS", 100)
    lookups = Lookups()
    leaf = condition({"in": [{"fact": "tax_grade"}, ["A"]]}).condition
    for _ in range(50):
        column = table_of([facts(tax_grade=grade) for grade in "ABCDM"]).dictionary("tax_grade")
        met, open_ = lookups.places(leaf, column)  # type: ignore[arg-type]
        assert (met.tolist(), open_.tolist()) == ([0], [5])
        assert sum(len(found) for found, _values in lookups.states.values()) == lookups.answers <= 100
        assert len(lookups.chosen) == len(lookups.states)
    large = Dictionary(column.codes, tuple(f"{number}" for number in range(500)))
    assert len(lookups.leaf(leaf, large)) == 501  # type: ignore[arg-type]


def test_choices_among_the_codes_of_ever_new_tables_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "MOST_CHOICES", 3)
    asked = condition({"in": [{"fact": "tax_grade"}, ["A"]]})
    leaves = compiled([offer("p", variant(asked))]).encoding
    for _ in range(10):
        column = table_of([facts(tax_grade="B"), facts(tax_grade="A")]).dictionary("tax_grade")
        # Code 1 is the one that is met (in both bitmaps); of who is not known, the last, nothing can be said.
        assert leaves.choices("tax_grade", column, Lookups()).operands.tolist() == [2, 5]
        assert len(leaves.known_choices) <= 3


@pytest.mark.parametrize(
    "strange",
    [["A"], [1, 2], {}, {"a": 1}, {"A"}, ([], 1), datetime(2026, 1, 1, tzinfo=UTC), float("nan"), b"A", (1,) * 40_000],
)
def test_facts_of_no_known_type_are_unknown_to_bulk_as_well(strange: Any) -> None:
    window = {"window": {"series": "sales_monthly", "months": 3, "of": "sum"}}
    shelf = (
        offer("a", variant(condition({"ge": [{"fact": "employees"}, {"value": 9}]}))),
        offer("b", variant(condition({"in": [{"fact": "tax_grade"}, ["A"]]}))),
        offer("c", variant(condition({"is": [{"fact": "tax_arrears"}, False]}))),
        offer("d", variant(condition({"on_list": {"fact": "high_tech_valid_until"}}))),
        offer("e", variant(condition({"ge": [window, {"value": 1}]}))),
    )
    keys = ("employees", "tax_grade", "tax_arrears", "high_tech_valid_until", "sales_monthly")
    known = ApplicantFacts({key: FactValue(strange, None, "invoices", "computed") for key in keys})
    expected = {outcome.code: outcome.verdict for outcome in match(case(known), shelf)}
    screen = Screen(table_of([known, facts()]))
    for each in shelf:
        screened, empty = screen.screen(each), Screen(table_of([facts(), facts()])).screen(each)
        if not isinstance(strange, tuple) or each.code != "e":
            assert (screened.met, screened.open) == (empty.met, empty.open) == (0, 2)
        assert expected[each.code] in judge(Screen(table_of([known])), each).counts
    assert count(screen.maker.everyone) == 2
