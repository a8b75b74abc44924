"""Figures in words: units change at their bounds, halves go up, a missing value is never a zero."""

from datetime import UTC, date, datetime

import pytest

from finmart.platform.kernel.money import Money, Rate, Term
from finmart.platform.web import filters


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (0, "0元", "CNY 0"),
        (1, "0.01元", "CNY 0.01"),
        (150, "1.50元", "CNY 1.50"),
        (123_400, "1,234元", "CNY 1,234"),
        (999_999, "9,999.99元", "CNY 9,999.99"),
        (1_000_000, "1万元", "CNY 10,000"),
        (1_005_000, "1.01万元", "CNY 10,050"),
        (100_000_000, "100万元", "CNY 1 million"),
        (123_456_789, "123.46万元", "CNY 1.23 million"),
        (1_234_560_000, "1,234.56万元", "CNY 12.35 million"),
        (10_000_000_000, "1亿元", "CNY 100 million"),
        (123_456_000_000, "12.35亿元", "CNY 1.23 billion"),
        (-35_500_000, "−35.5万元", "CNY −355,000"),
    ],
)
def test_money_is_worded_in_the_unit_of_its_size(fen: int, zh: str, en: str) -> None:
    assert filters.money(fen) == zh
    assert filters.money(Money(fen), "en") == en.replace("CNY ", "CNY\u00a0")


def test_exact_money_keeps_every_fen() -> None:
    assert filters.money_exact(123_456_789) == "1,234,567.89元"
    assert filters.money_exact(-100, "en") == "CNY\u00a0−1"


@pytest.mark.parametrize(
    ("ppm", "rate", "ratio"),
    [
        (31_500, "3.15%", "3.2%"),
        (34_000, "3.40%", "3.4%"),
        (200_000, "20.00%", "20%"),
        (49_875, "4.9875%", "5%"),
        (0, "0.00%", "0%"),
        (-12_300, "−1.23%", "−1.2%"),
        (1_000_000, "100.00%", "100%"),
    ],
)
def test_rates_keep_two_decimals_and_ratios_at_most_one(ppm: int, rate: str, ratio: str) -> None:
    assert filters.rate(Rate(ppm)) == filters.rate(ppm) == rate
    assert filters.ratio(ppm) == ratio


def test_a_value_that_rounds_to_nothing_has_no_minus() -> None:
    assert filters.ratio(-4) == "0%"


def test_days_and_instants_are_those_of_shanghai() -> None:
    late = datetime(2026, 2, 28, 16, 5, tzinfo=UTC)
    assert filters.day(late) == "2026年3月1日"
    assert filters.moment(late) == "2026年3月1日 00:05"
    assert filters.moment(late, "en") == "1\u00a0Mar\u00a02026 00:05"
    assert filters.day(date(2020, 2, 21), "en") == "21\u00a0Feb\u00a02020"
    assert filters.month(date(2020, 2, 21)) == "2020年2月"


def test_terms_are_counted_in_their_own_unit() -> None:
    assert filters.term(Term(months=12)) == "12个月"
    assert filters.term(Term(months=1), "en") == "1 month"
    assert filters.term(Term(days=30), "en") == "30 days"


@pytest.mark.parametrize(
    ("low", "high", "zh", "en"),
    [
        ("2", "5", "2 – 5", "2 – 5"),
        ("5", "5", "5", "5"),
        (None, "5", "不超过5", "up to 5"),
        ("2", None, "2起", "from 2"),
        (None, None, "—", "—"),
    ],
)
def test_ranges_may_miss_an_end(low: str | None, high: str | None, zh: str, en: str) -> None:
    assert filters.ends(low, high) == zh
    assert filters.ends(low, high, "en") == en


@pytest.mark.parametrize("name", sorted(filters.WORDINGS))
def test_nothing_is_worded_as_a_dash(name: str) -> None:
    assert filters.WORDINGS[name](None, "zh") == filters.WORDINGS[name](None, "en") == filters.NOTHING
