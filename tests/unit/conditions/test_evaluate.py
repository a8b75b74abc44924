"""The plain evaluator on stated facts: comparisons, sets, places, lists, arithmetic and what is said to be missing."""

from datetime import date
from typing import Any

import pytest

from finmart.conditions.evaluate import compute, evaluate
from finmart.conditions.json_form import parse_condition, parse_expression
from tests.unit.conditions.samples import WAN, facts

SALES = {"fact": "sales_12m"}
THREE_MILLION = {"value": 300 * WAN, "unit": "money"}


def state(source: dict[str, Any], **values: Any) -> str:
    """The state of a condition given as JSON."""
    return evaluate(parse_condition(source), facts(**values)).state.value


def amount(source: dict[str, Any], **values: Any) -> int | None:
    """The value of an expression given as JSON."""
    return compute(parse_expression(source), facts(**values)).amount


@pytest.mark.parametrize(
    ("operator", "below", "equal", "above"),
    [
        ("ge", "not_met", "met", "met"),
        ("gt", "not_met", "not_met", "met"),
        ("le", "met", "met", "not_met"),
        ("lt", "met", "not_met", "not_met"),
        ("eq", "not_met", "met", "not_met"),
        ("ne", "met", "not_met", "met"),
    ],
)
def test_bounds_are_exact(operator: str, below: str, equal: str, above: str) -> None:
    bound = 300 * WAN
    found = [state({operator: [SALES, THREE_MILLION]}, sales_12m=bound + step) for step in (-1, 0, 1)]
    assert found == [below, equal, above]


def test_a_missing_fact_is_unknown_and_named() -> None:
    result = evaluate(parse_condition({"ge": [SALES, THREE_MILLION]}), {})
    assert (result.state.value, result.leaves[0].missing, result.leaves[0].seen) == ("unknown", ("sales_12m",), {})


def test_a_leaf_says_what_it_saw() -> None:
    result = evaluate(parse_condition({"ge": [SALES, THREE_MILLION]}), facts(sales_12m=5 * WAN))
    (leaf,) = result.leaves
    assert (leaf.left, leaf.right, leaf.seen["sales_12m"].source) == (5 * WAN, 300 * WAN, "vat_invoices")


@pytest.mark.parametrize(
    ("operator", "held", "expected"),
    [
        ("has_any", ("high_tech",), "met"),
        ("has_any", (), "not_met"),
        ("has_all", ("high_tech",), "not_met"),
        ("has_all", ("high_tech", "tech_sme", "exporter"), "met"),
        ("has_none", (), "met"),
        ("has_none", ("tech_sme",), "not_met"),
        ("in", frozenset({"tech_sme"}), "met"),
        ("not_in", ("exporter",), "met"),
    ],
)
def test_sets(operator: str, held: Any, expected: str) -> None:
    assert state({operator: [{"fact": "qualifications"}, ["high_tech", "tech_sme"]]}, qualifications=held) == expected


def test_a_value_of_the_wrong_type_is_unknown() -> None:
    assert state({"in": [{"fact": "tax_grade"}, ["A"]]}, tax_grade=7) == "unknown"
    assert state({"ge": [SALES, THREE_MILLION]}, sales_12m="300万") == "unknown"
    assert state({"ge": [SALES, THREE_MILLION]}, sales_12m=True) == "unknown"
    assert state({"is": [{"fact": "overdue_now"}, False]}, overdue_now="no") == "unknown"


@pytest.mark.parametrize(
    ("place", "wanted", "expected"),
    [
        ("360113", "360100", "met"),
        ("360113", "360000", "met"),
        ("360113", "360113", "met"),
        ("110105", "360000", "not_met"),
        ("360100", "360113", "unknown"),
    ],
)
def test_a_place_coarser_than_what_is_asked_is_unknown(place: str, wanted: str, expected: str) -> None:
    assert state({"region_in": [{"fact": "demand.region"}, [wanted]]}, demand__region=place) == expected


@pytest.mark.parametrize(
    ("industry", "wanted", "expected"),
    [
        ("3911", ["C"], "met"),
        ("C3911", ["C39"], "met"),
        ("3911", ["A", "F5292"], "not_met"),
        ("C", ["C3911"], "unknown"),
        ("5292", ["F5292"], "met"),
    ],
)
def test_industries_by_prefix(industry: str, wanted: list[str], expected: str) -> None:
    assert state({"industry_in": [{"fact": "industry"}, wanted]}, industry=industry) == expected


@pytest.mark.parametrize(
    ("last_day", "months", "expected"),
    [
        (date(2020, 3, 21), 1, "met"),
        (date(2020, 3, 20), 1, "not_met"),
        (date(2020, 2, 21), 0, "met"),
        (date(2020, 2, 20), 0, "not_met"),
        (False, 0, "not_met"),
        (True, 6, "met"),
        ("soon", 0, "unknown"),
    ],
)
def test_a_dated_list_is_judged_on_the_day_of_the_match(last_day: Any, months: int, expected: str) -> None:
    listed = {"on_list": {"fact": "certificate", "remaining_months": months}}
    assert state(listed, certificate=last_day, demand__as_of=date(2020, 2, 21)) == expected


def test_without_the_day_of_the_match_a_dated_list_is_unknown() -> None:
    result = evaluate(parse_condition({"on_list": {"fact": "certificate"}}), facts(certificate=date(2020, 3, 1)))
    assert (result.state.value, result.leaves[0].missing) == ("unknown", ("demand.as_of",))


def test_a_group_is_decided_as_soon_as_the_unknown_cannot_change_it() -> None:
    small, big = {"ge": [SALES, {"value": 1}]}, {"ge": [SALES, {"value": 10**9}]}
    unknown = {"is": [{"fact": "overdue_now"}, False]}
    assert state({"all": [big, unknown]}, sales_12m=5) == "not_met"
    assert state({"any": [small, unknown]}, sales_12m=5) == "met"
    assert state({"at_least": [2, [small, big, unknown]]}, sales_12m=5) == "unknown"
    assert state({"at_least": [1, [small, big, unknown]]}, sales_12m=5) == "met"
    assert state({"unless": [small, unknown]}, sales_12m=5) == "met"
    assert state({"unless": [big, unknown]}, sales_12m=5) == "unknown"
    assert state({"not": {"all": [big, unknown]}}, sales_12m=5) == "met"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ({"times": [{"value": 300_000, "unit": "ratio"}, SALES]}, 300),
        ({"times": [SALES, {"value": 300_000, "unit": "ratio"}]}, 300),
        ({"times": [{"value": 3}, SALES]}, 3003),
        ({"divide": [SALES, {"value": 3}]}, 333),
        ({"divide": [SALES, {"value": 500_000, "unit": "ratio"}]}, 2002),
        ({"divide": [SALES, {"fact": "annual_tax"}]}, 10_010_000),
        ({"divide": [SALES, {"fact": "months_established"}]}, 100),
        ({"times": [{"fact": "annual_tax"}, {"fact": "months_established"}]}, 1000),
        ({"plus": [SALES, {"fact": "annual_tax"}, {"value": 9}]}, 1110),
        ({"minus": [{"fact": "annual_tax"}, SALES]}, -901),
        ({"min": [SALES, {"value": 700}]}, 700),
        ({"max": [SALES, {"value": 700}]}, 1001),
        ({"times": [{"value": 2}, {"fact": "debt_to_assets"}]}, 1_000_000),
        ({"times": [{"value": 500_000, "unit": "ratio"}, {"fact": "debt_to_assets"}]}, 250_000),
    ],
)
def test_arithmetic_is_exact_and_rounds_down(formula: dict[str, Any], expected: int) -> None:
    values = {"sales_12m": 1001, "annual_tax": 100, "months_established": 10, "debt_to_assets": 500_000}
    assert amount(formula, **values) == expected


def test_thirds_are_not_rounded_before_the_end() -> None:
    third = {"divide": [SALES, {"value": 3}]}
    assert amount({"times": [{"value": 3}, third]}, sales_12m=1000) == 1000
    assert state({"eq": [{"times": [{"value": 3}, third]}, {"value": 1000}]}, sales_12m=1000) == "met"


def test_a_negative_half_rounds_down_too() -> None:
    assert amount({"divide": [SALES, {"value": 2}]}, sales_12m=-5) == -3


def test_division_by_zero_and_a_missing_operand_are_unknown() -> None:
    share = {"divide": [SALES, {"fact": "annual_revenue"}]}
    assert amount(share, sales_12m=5, annual_revenue=0) is None
    assert amount(share, sales_12m=5) is None
    assert compute(parse_expression(share), facts(sales_12m=5)).missing == ("annual_revenue",)
    assert state({"ge": [share, {"value": 1}]}, sales_12m=5, annual_revenue=0) == "unknown"
