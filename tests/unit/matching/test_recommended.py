"""Products without a demand: what counts as open, in which order, and what is said of a change."""

from datetime import date
from typing import Any

import pytest

from finmart.conditions.types import FactValue
from finmart.matching.engine.inputs import ApplicantFacts, ProductOffer
from finmart.matching.engine.json_form import dump_offer
from finmart.matching.engine.rows import row_of
from finmart.matching.recommendations.service.comparing import Side, compare
from finmart.matching.recommendations.service.today import Standing, neutral_need, standing
from finmart.matching.recommendations.types import (
    Change,
    ChangedFact,
    Opened,
    ProductName,
    Why,
    dump_change,
    dump_opened,
    load_change,
    load_opened,
)
from finmart.matching.rulesets.service import shipped
from finmart.matching.snapshots import Plan, plan_of
from tests.factories.matching import condition, fact, offer, variant

GRADE = condition({"in": [{"fact": "tax_grade"}, ["A", "B"]]}, key="grade")
YEARS = condition({"ge": [{"fact": "years_established"}, {"value": 2}]}, key="years")
PURPOSE = condition({"in": [{"fact": "demand.purpose"}, ["equipment"]]}, key="purpose")
DAY = date(2026, 11, 21)
RULE = shipped().rule


def plan(*offers: ProductOffer) -> Plan:
    return plan_of([dump_offer(one) for one in offers], 1)


def stands(*offers: ProductOffer, day: date = DAY, region: str | None = "360113", **known: Any) -> Standing:
    values: dict[str, FactValue] = {key: fact(value) for key, value in known.items()}
    return standing(plan(*offers), RULE, values, neutral_need(region, day, "7"))


def codes(found: Standing) -> list[str]:
    return [outcome.code for outcome in found.outcomes]


def side(found: Standing) -> Side:
    rows = [row_of(outcome, place) for place, outcome in enumerate(found.outcomes, start=1)]
    names = {row.code: Opened(row, ProductName(row.code, "", "", "")) for row in rows}
    return Side(found.plan, found.facts, names)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"tax_grade": "A", "years_established": 3}, ["p"]),
        ({"tax_grade": "C", "years_established": 3}, []),
        ({"tax_grade": "A"}, []),
        ({}, []),
    ],
)
def test_every_condition_that_can_be_checked_must_be_met(known: dict[str, Any], expected: list[str]) -> None:
    assert codes(stands(offer("p", variant(GRADE, YEARS)), **known)) == expected


def test_a_condition_on_the_need_waits_and_does_not_shut_out() -> None:
    found = stands(offer("p", variant(GRADE, PURPOSE)), tax_grade="A")
    assert codes(found) == ["p"]
    assert [clause.state for clause in found.outcomes[0].clauses] == ["m", "u"]


def test_what_is_about_the_need_alone_or_about_nothing_is_not_worth_a_word() -> None:
    assert codes(stands(offer("p", variant(PURPOSE)), offer("q", variant()), tax_grade="A")) == []


def test_facts_said_of_some_need_are_left_out() -> None:
    known: dict[str, Any] = {"tax_grade": "A", "demand.purpose": "tax"}
    found = stands(offer("p", variant(GRADE, PURPOSE)), **known)
    assert codes(found) == ["p"]
    assert "demand.purpose" not in found.facts.values


def test_the_place_is_where_the_applicant_is_registered() -> None:
    local = condition({"region_in": [{"fact": "demand.region"}, ["360100"]]}, key="place")
    assert codes(stands(offer("p", variant(GRADE, local)), tax_grade="A")) == ["p"]
    assert codes(stands(offer("p", variant(GRADE, local)), tax_grade="A", region="110101")) == []


def test_another_way_counts_when_the_first_is_shut() -> None:
    ways = (variant(YEARS, key="first", rate_min=20_000), variant(GRADE, key="second", rate_min=60_000))
    found = stands(offer("p", *ways), tax_grade="A")
    assert [outcome.variant for outcome in found.outcomes] == ["second"]


def test_words_to_confirm_come_before_cost_and_an_unstated_cost_last() -> None:
    offers = (
        offer("silent", variant(GRADE)),
        offer("dear", variant(GRADE, rate_min=90_000)),
        offer("cheap", variant(GRADE, rate_min=30_000)),
        offer("wordy", variant(GRADE, rate_min=10_000), words=2),
    )
    assert codes(stands(*offers, tax_grade="A")) == ["cheap", "dear", "silent", "wordy"]


def test_no_amount_is_asked_so_none_shuts_out() -> None:
    small = offer("p", variant(GRADE, amount_max=1_000_000, term_max_days=30, guarantee_modes=("mortgage",)))
    assert codes(stands(small, tax_grade="A")) == ["p"]


def test_a_fact_that_opened_or_closed_is_named_with_both_values() -> None:
    products = (offer("p", variant(GRADE, YEARS)), offer("q", variant(YEARS)))
    before = side(stands(*products, tax_grade="C", years_established=3))
    now = side(stands(*products, tax_grade="A", years_established=3))
    (came,) = compare(before, now)
    assert (came.opened, came.code, came.why) == (True, "p", Why.FACTS)
    assert [(one.key, one.before, one.after) for one in came.facts] == [("tax_grade", fact("C"), fact("A"))]
    (went,) = compare(now, before)
    assert (went.opened, went.why, went.facts[0].after) == (False, Why.FACTS, fact("C"))


def test_a_fact_that_is_not_known_any_more_closes() -> None:
    product = offer("p", variant(GRADE))
    (went,) = compare(side(stands(product, tax_grade="A")), side(stands(product)))
    assert went.facts == (ChangedFact("tax_grade", fact("A"), None),)


def test_facts_beside_the_matter_are_not_blamed() -> None:
    product = offer("p", variant(GRADE), variant(YEARS, key="other"))
    before = side(stands(product, tax_grade="C", years_established=1))
    now = side(stands(product, tax_grade="A", years_established=0))
    (came,) = compare(before, now)
    assert [one.key for one in came.facts] == ["tax_grade"]


def test_the_shelf_and_the_institution_are_causes_of_their_own() -> None:
    old, strict = offer("p", variant(GRADE)), offer("p", variant(GRADE, YEARS), version=2)
    known: dict[str, Any] = {"tax_grade": "A", "years_established": 1}
    nothing, one, edited = side(stands(**known)), side(stands(old, **known)), side(stands(strict, **known))
    assert [change.why for change in compare(nothing, one)] == [Why.LISTED]
    assert [change.why for change in compare(one, nothing)] == [Why.UNLISTED]
    assert [change.why for change in compare(one, edited)] == [Why.EDITED]
    assert [change.why for change in compare(edited, one)] == [Why.EDITED]
    assert compare(one, one) == ()


def test_a_product_edited_while_a_fact_changed_blames_what_turned_it() -> None:
    before = side(stands(offer("p", variant(GRADE)), tax_grade="A", years_established=1))
    now = side(stands(offer("p", variant(GRADE, YEARS), version=2), tax_grade="B", years_established=1))
    (went,) = compare(before, now)
    assert (went.why, went.facts) == (Why.EDITED, ())


def test_what_is_kept_reads_as_it_was_written() -> None:
    found = side(stands(offer("p", variant(GRADE, PURPOSE, rate_min=40_000)), tax_grade="A"))
    opened = found.opened["p"]
    assert load_opened(dump_opened(opened)) == opened
    change = Change(False, "p", opened.name, Why.FACTS, (ChangedFact("tax_grade", fact("A"), None),))
    assert load_change(dump_change(change)) == change


def test_the_applicants_facts_are_only_those_some_product_speaks_of() -> None:
    found = stands(offer("p", variant(GRADE)), tax_grade="A", annual_tax=5)
    assert isinstance(found.facts, ApplicantFacts)
    assert found.facts.values.keys() == {"tax_grade", "demand.region", "demand.as_of"}
