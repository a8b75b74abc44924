"""Typing cells: exact money in every spelling, days, choices; nothing is guessed."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finmart.credit.datasets.contract import Column, Kind
from finmart.credit.sources.cells import any_date, exact_fen, typed, understood

MONEY = Column("amount", "金额", Kind.MONEY)
DAY = Column("date", "日期", Kind.DATE)


def read(column: Column, cells: list[str | None]) -> list[object]:
    """The cells typed as the pipeline does it: the fast path, then the slow one for what is left."""
    text = pl.Series(column.name, cells, dtype=pl.String)
    found = text.to_frame().select(typed(column).alias(column.name)).to_series()
    return list(understood(column, text, found))


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("943.4", 94340),
        ("-943.4", -94340),
        ("+1", 100),
        ("0.29", 29),
        ("1.10", 110),
        ("1,234,567.89", 123456789),
        ("1，234.5", 123450),
        ("1.2E+05", 12_000_000),
        ("1e-2", 1),
        ("9999999999999.99", 999999999999999),
        ("1.005", None),
        ("1e-3", None),
        ("1,23", None),
        ("12,34,567", None),
        ("", None),
        ("-", None),
        ("NaN", None),
        ("Infinity", None),
        ("约三千", None),
        ("100元", None),
        ("１００", 10_000),
        ("1e30", None),
    ],
)
def test_money_is_exact_or_nothing(text: str, fen: int | None) -> None:
    assert read(MONEY, [text]) == [fen]


@settings(deadline=None)
@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_no_amount_drifts(fen: int) -> None:
    yuan = Decimal(fen) / 100
    assert read(MONEY, [f"{yuan:.2f}"]) == [fen]
    assert exact_fen(f"{yuan:,.2f}") == fen


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2017/7/18", date(2017, 7, 18)),
        ("2017-07-18", date(2017, 7, 18)),
        ("2017.7.18", date(2017, 7, 18)),
        ("2017年7月18日", date(2017, 7, 18)),
        ("20170718", date(2017, 7, 18)),
        ("2017/7/18 0:00:00", date(2017, 7, 18)),
        ("2020/2/30", None),
        ("217/7/18", None),
        ("18/7/2017", None),
        ("十月三十日", None),
        ("43000", None),
    ],
)
def test_days_in_the_spellings_that_systems_write(text: str, day: date | None) -> None:
    assert read(DAY, [text]) == [day]


def test_odd_cells_are_understood_beside_plain_ones() -> None:
    assert read(MONEY, ["1.5", None, "1,000", "x", "2"]) == [150, None, 100_000, None, 200]
    assert read(DAY, ["2020/1/2", "2020-01-03", None]) == [date(2020, 1, 2), date(2020, 1, 3), None]


def test_any_date_refuses_antiquity() -> None:
    assert any_date("0020-01-01") is None


def test_choices_and_codes_and_counts() -> None:
    status = Column("status", "状态", Kind.CHOICE, choices={"有效发票": "valid", "作废发票": "voided"})
    assert read(status, ["有效发票", "作废发票", "红冲", None]) == ["valid", "voided", None, None]
    codes = Column("qualifications", "资质", Kind.CODES)
    assert read(codes, ["b; a；a", "x"]) == ["a;b", "x"]
    count = Column("employees", "从业人员", Kind.COUNT)
    assert read(count, ["12", "1.5", "-3", "many"]) == [12, None, None, None]
