"""Figures over trailing months, by hand; months before the record are unknown, never zero."""

from typing import Any

import pytest

from finmart.conditions.evaluate import compute
from finmart.conditions.json_form import parse_expression
from tests.unit.conditions.samples import facts

#: Latest month first: the last half year is thinner than the one before, with a gap of two months in it.
MONTHS = (10, 0, 0, 20, 30, 60, 40, 40, 0, 40, 60, 60)


def figure(of: str, months: int, series: Any = MONTHS, **more: int) -> int | None:
    """A window's figure over ``series``."""
    window = {"window": {"series": "sales_monthly", "months": months, "of": of, **more}}
    return compute(parse_expression(window), facts(sales_monthly=series)).amount


@pytest.mark.parametrize(
    ("of", "months", "more", "expected"),
    [
        ("sum", 6, {}, 120),
        ("sum", 6, {"skip": 6}, 240),
        ("sum", 12, {}, 360),
        ("mean", 7, {}, 22),
        ("max", 6, {}, 60),
        ("min", 6, {}, 0),
        ("count", 12, {}, 9),
        ("count", 12, {"every": 3}, 4),
        ("count", 12, {"every": 2}, 6),
        ("count", 11, {"every": 3}, 3),
        ("longest_gap", 12, {}, 2),
        ("longest_gap", 1, {"skip": 1}, 1),
        ("growth", 6, {}, -500_000),
        ("growth", 3, {"skip": 3}, 375_000),
        ("covers", 1, {}, 12),
    ],
)
def test_figures(of: str, months: int, more: dict[str, int], expected: int) -> None:
    assert figure(of, months, **more) == expected


@pytest.mark.parametrize(("of", "months", "more"), [("sum", 13, {}), ("sum", 6, {"skip": 7}), ("growth", 7, {})])
def test_months_before_the_record_are_unknown(of: str, months: int, more: dict[str, int]) -> None:
    assert figure(of, months, **more) is None


def test_growth_over_nothing_is_unknown() -> None:
    assert figure("growth", 2, (5, 5, 0, 0)) is None
    assert figure("growth", 2, (5, 5, -9, 3)) is None


def test_a_month_taken_back_by_red_letters_has_no_sales() -> None:
    assert figure("count", 3, (5, -5, 0)) == 1
    assert figure("longest_gap", 3, (5, -5, 0)) == 2


def test_an_empty_record_covers_nothing() -> None:
    assert figure("covers", 1, ()) == 0
    assert figure("sum", 1, ()) is None


def test_what_is_no_series_is_unknown() -> None:
    assert figure("sum", 1, 7) is None
    assert figure("sum", 1, (1, "2", 3)) is None
