"""Facts of invoices: bounded on both sides, netted, three-valued by absence, the same for one firm and for many."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finmart.credit.features.feature import one
from finmart.credit.features.invoices.facts import INVOICE_FACTS
from finmart.credit.features.windows import months_back
from finmart.reference.facts import facts
from tests.unit.credit.invoice_rows import AS_OF, KNOWN, RECEIVED, Invoice, frame


def values(key: str, *invoices: Invoice, as_of: date = AS_OF, known_at: datetime = KNOWN) -> dict[int, Any]:
    """subject → value of one fact."""
    found = one(INVOICE_FACTS, key, frame(invoices), as_of=as_of, known_at=known_at)
    return {row["subject"]: row["value"] for row in found.to_dicts()}


def value(key: str, *invoices: Invoice, as_of: date = AS_OF, known_at: datetime = KNOWN) -> Any:
    """The value for subject 1; None when it is unknown."""
    return values(key, *invoices, as_of=as_of, known_at=known_at).get(1)


def month(back: int, **changes: Any) -> Invoice:
    """An invoice in the middle of a trailing month before 2020-02-21."""
    index = 2020 * 12 + 1 - back
    return Invoice(day=date(index // 12, index % 12 + 1, 10), **changes)


def test_only_what_was_effective_and_known_counts() -> None:
    rows = [
        Invoice(AS_OF, 1),
        Invoice(date(2020, 2, 22), 10),
        Invoice(AS_OF, 100, received_at=datetime(2020, 3, 5, tzinfo=UTC)),
    ]
    assert value("sales_12m", *rows) == 1
    assert value("sales_12m", *rows, known_at=datetime(2020, 3, 5, tzinfo=UTC)) == 101
    assert value("sales_12m", *rows, known_at=datetime(2020, 2, 28, tzinfo=UTC)) is None
    assert value("sales_12m", *rows, as_of=date(2020, 2, 22)) == 11


def test_the_window_begins_after_the_same_day_a_year_before() -> None:
    rows = [Invoice(date(2019, 2, 21), 1), Invoice(date(2019, 2, 22), 10), Invoice(AS_OF, 100)]
    assert value("sales_12m", *rows) == 110
    assert value("sales_monthly", *rows)[:13] == [100, *[0] * 10, 10, 1]


def test_voided_lines_are_no_money_and_red_ones_are_netted() -> None:
    rows = [month(0, amount=1000), month(0, amount=500, voided=True), month(1, amount=-300), month(1, amount=200)]
    assert value("sales_12m", *rows) == 900
    assert value("sales_void_ratio_12m", *rows) == 250_000
    assert value("sales_red_ratio_12m", *rows) == 250_000
    assert value("sales_count_12m", *rows) == 2
    assert value("sales_average_12m", *rows) == 600
    assert value("sales_largest_12m", *rows) == 1000
    assert value("sales_active_months_12m", *rows) == 1


def test_growth_needs_two_years_of_data() -> None:
    short = [month(0, amount=150), month(13, amount=100), month(22)]
    assert value("sales_growth_12m", *short) is None
    assert value("sales_previous_12m", *short) is None
    long = [month(0, amount=150), month(13, amount=100), month(23, amount=20)]
    assert value("sales_previous_12m", *long) == 120
    assert value("sales_growth_12m", *long) == 250_000
    fallen = [month(0, amount=1), month(23, amount=3)]
    assert value("sales_growth_12m", *fallen) == -666_667


def test_nothing_is_known_of_months_the_data_does_not_reach() -> None:
    stale = [Invoice(date(2019, 11, 1), covered_until=date(2019, 12, 20))]
    assert value("sales_12m", *stale) is None
    late = [Invoice(date(2019, 12, 1), covered_until=date(2019, 12, 21))]
    assert value("sales_12m", *late) == 10_000


@pytest.mark.parametrize("key", sorted(INVOICE_FACTS.keys))
def test_a_years_figure_needs_a_year_of_deliveries(key: str) -> None:
    rows = [month(0, sale=sale, covered_from=date(2019, 11, 10)) for sale in (True, False)]
    reaching = [month(0, sale=sale, covered_from=date(2019, 3, 10)) for sale in (True, False)]
    assert (value(key, *rows) is None) >= key.endswith("_12m")
    if key in ("sales_12m", "customers_12m", "sales_void_ratio_12m", "net_vat_12m"):
        assert value(key, *reaching) is not None


def test_until_when_and_from_how_much_a_fact_was_made() -> None:
    rows = frame([month(0, covered_until=date(2020, 2, 15)), month(1, covered_until=date(2020, 2, 15)), month(30)])
    found = one(INVOICE_FACTS, "sales_12m", rows.filter(pl.col("covered_until") != AS_OF), as_of=AS_OF, known_at=KNOWN)
    assert found.to_dicts() == [
        {"subject": 1, "observed_until": date(2020, 2, 15), "value": 20_000, "rows_used": 2},
    ]


def test_gaps_runs_and_rhythm() -> None:
    rows = [month(0), month(1), month(4), month(9)]
    assert value("invoices_covered_months", *rows) == 10
    assert value("sales_longest_gap", *rows) == 4
    assert value("sales_run_months", *rows) == 2
    assert value("sales_active_share", *rows) == 400_000
    assert value("sales_span_months", *rows) == 9
    assert value("sales_first_on", *rows) == rows[3].day
    assert value("sales_last_on", *rows) == rows[0].day


def test_even_sales_do_not_swing_and_uneven_ones_do() -> None:
    even = [month(back, amount=100) for back in range(12)]
    assert value("sales_volatility_12m", *even) == 0
    assert value("sales_peak_share_12m", *even) == 83_333
    once = [month(11, amount=1200), month(0, amount=0)]
    assert value("sales_peak_share_12m", *once) == 1_000_000
    # One month has everything: the coefficient of variation of (12, 0, …, 0) is √11.
    assert value("sales_volatility_12m", *once) == 3_316_624
    assert value("sales_volatility_12m", *[month(back) for back in range(11)]) is None


def test_counterparties() -> None:
    rows = [
        month(0, party=1, amount=600),
        month(1, party=2, amount=300),
        month(2, party=3, amount=100),
        month(3, party=4, amount=50),
        month(3, party=4, amount=-50),
        month(13, party=2),
        month(14, party=9),
        month(23, party=9),
    ]
    assert value("customers_12m", *rows) == 3
    assert value("customer_top1_share_12m", *rows) == 600_000
    assert value("customer_top5_share_12m", *rows) == 1_000_000
    assert value("customer_hhi_12m", *rows) == 460_000
    assert value("customer_retention_12m", *rows) == 500_000
    assert value("customers_new_12m", *rows) == 2
    assert value("suppliers_12m", *rows) == 0
    assert value("supplier_top1_share_12m", *rows) is None


def test_margin_and_tax() -> None:
    rows = [month(0, amount=1000, tax=130), month(0, amount=400, tax=52, sale=False)]
    assert value("gross_margin_12m", *rows) == 600_000
    assert value("net_vat_12m", *rows) == 78
    assert value("vat_burden_12m", *rows) == 78_000
    assert value("sales_gross_12m", *rows) == 1130


def test_large_sums_keep_every_fen() -> None:
    huge = 10**15
    rows = [month(0, amount=huge), month(1, amount=huge - 1), month(12, amount=huge), month(23, amount=1)]
    assert value("sales_12m", *rows) == 2 * huge - 1
    assert value("sales_growth_12m", *rows) == (2 * huge - 1 - (huge + 1)) * 1_000_000 // (huge + 1)


days = st.dates(date(2016, 1, 1), date(2020, 3, 1))
invoices = st.builds(
    Invoice,
    day=days,
    amount=st.integers(-(10**9), 10**10),
    sale=st.booleans(),
    subject=st.integers(1, 3),
    party=st.integers(1, 4),
    voided=st.booleans(),
)


@settings(deadline=None, max_examples=60)  # A loaded machine takes its time.
@given(st.lists(invoices, max_size=40), days)
def test_a_year_of_the_series_is_the_year_and_one_firm_is_like_many(rows: list[Invoice], as_of: date) -> None:
    dated = [Invoice(**{**vars(row), "covered_until": date(2020, 3, 1)}) for row in rows]
    sums = values("sales_12m", *dated, as_of=as_of)
    series = values("sales_monthly", *dated, as_of=as_of)
    assert {subject: sum(months[:12]) for subject, months in series.items()} == sums
    for subject in sums:
        alone = [row for row in dated if row.subject == subject]
        assert values("sales_12m", *alone, as_of=as_of) == {subject: sums[subject]}
        plain = [row.amount for row in alone if row.sale and not row.voided and _is_within_a_year(row.day, as_of)]
        assert sums[subject] == sum(plain)


def _is_within_a_year(day: date, as_of: date) -> bool:
    try:
        start = as_of.replace(year=as_of.year - 1)
    except ValueError:
        start = date(as_of.year - 1, 2, 28)
    return start < day <= as_of


@settings(deadline=None)
@given(days, days)
def test_months_are_counted_back_from_the_day(first: date, second: date) -> None:
    day, as_of = min(first, second), max(first, second)
    found = pl.select(months_back(pl.lit(day), as_of)).item()
    months = 12 * (as_of.year - day.year) + as_of.month - day.month
    assert found == months - (day.day > as_of.day)


@pytest.mark.parametrize("key", sorted(INVOICE_FACTS.keys))
def test_every_fact_stands_in_the_dictionary_with_its_version_and_kind(key: str) -> None:
    known = facts()[key]
    assert known.version == INVOICE_FACTS.feature(key).version
    assert known.definition_zh
    assert known.definition_en
    found = value(key, *[month(back, sale=sale) for back in range(30) for sale in (True, False)])
    kinds = {"money": int, "ratio": int, "count": int, "months": int, "date": date, "series": list}
    assert isinstance(found, kinds[known.kind])


def test_there_are_enough_facts_and_none_is_made_of_a_rating() -> None:
    assert len(INVOICE_FACTS.features) >= 25
    assert RECEIVED < KNOWN
