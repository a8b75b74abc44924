"""Which rows a fact may see, and in which trailing month they lie (ADR 10)."""

from datetime import date, datetime

import polars as pl

#: A monthly series reaches back so far at most.
SERIES_MONTHS = 36


def visible(rows: pl.LazyFrame, *, as_of: date, known_at: datetime) -> pl.LazyFrame:
    """The rows effective by ``as_of`` and received by ``known_at`` (DECISIONS 11)."""
    return rows.filter((pl.col("date") <= as_of) & (pl.col("received_at") <= known_at))


def months_back(day: pl.Expr, as_of: date) -> pl.Expr:
    """The trailing month of a day: 0 is the latest, month k ends k months before ``as_of``."""
    months = 12 * (as_of.year - day.dt.year().cast(pl.Int32)) + (as_of.month - day.dt.month().cast(pl.Int32))
    return (months - (day.dt.day() > as_of.day).cast(pl.Int32)).cast(pl.Int32)


def ratio(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """``part`` of ``whole`` in ppm, rounded down; null where the whole is not positive.

    Worked out in 128 bits: a large firm's yearly sales in 分 times a million pass 63 bits.
    """
    exact = part.cast(pl.Int128) * 1_000_000 // pl.when(whole > 0).then(whole).cast(pl.Int128)
    return exact.cast(pl.Int64)
