"""One row a subject with everything that facts of invoices are made of."""

from datetime import date, timedelta

import polars as pl

from finmart.credit.features.invoices import monthly, parties
from finmart.credit.features.invoices.monthly import YEAR
from finmart.credit.features.windows import ratio

#: Invoices come in every month or two; windows over data that ends earlier would mistake silence for no business.
FRESH_DAYS = 62
#: Facts about one direction stand under its prefix.
SIDES = (("sales", True), ("purchases", False))

_ZERO_WHEN_NONE = (
    *("lines", "voided", "valid", "amount", "red", "positive", "tax", "gross", "months_12m"),
    *("parties", "parties_before", "stayed", "new", "rows_side"),
)
#: Figures of the latest year: unknown where the deliveries do not reach back a year.
_OF_THE_YEAR = (
    *("voided", "amount", "red", "positive", "tax", "gross", "largest", "months_12m"),
    *("parties", "top1", "top5", "hhi"),
)


def summarise(rows: pl.LazyFrame, as_of: date) -> pl.DataFrame:
    """One row a subject whose data reaches close enough to ``as_of``; columns of a side carry its prefix.

    ``rows``: subject, sale, date, party, amount, tax, total, status, covered_from, covered_until; already bounded.
    """
    lines = monthly.marked(rows, as_of)
    months, party = pl.collect_all([monthly.monthly(lines), parties.by_party(lines)])
    covered = monthly.coverage(months, as_of).filter(pl.col("observed_until") >= as_of - timedelta(days=FRESH_DAYS))
    whole = covered
    for prefix, sale in SIDES:
        side = _side(months, party, covered, sale=sale)
        whole = whole.join(
            side.rename({name: f"{prefix}_{name}" for name in side.columns if name != "subject"}), on="subject"
        )
    return whole.sort("subject")


def _side(months: pl.DataFrame, party: pl.DataFrame, covered: pl.DataFrame, *, sale: bool) -> pl.DataFrame:
    every_month = monthly.grid(months, covered, sale=sale)
    found = covered.select("subject", "length", "delivered")
    for part in (
        monthly.series(every_month),
        monthly.runs(every_month),
        monthly.latest_year(months, sale=sale),
        monthly.whole_time(months, sale=sale),
        parties.concentration(party, sale=sale),
        parties.staying(party, sale=sale),
    ):
        found = found.join(part, on="subject", how="left")
    return _figures(found.with_columns(pl.col(name).fill_null(0) for name in _ZERO_WHEN_NONE)).drop(
        "length", "delivered"
    )


def _figures(side: pl.DataFrame) -> pl.DataFrame:
    months = pl.col("monthly")
    latest = months.list.slice(0, YEAR)
    year_known = pl.col("length") >= YEAR
    two_known = pl.col("length") >= 2 * YEAR
    delivered = pl.col("delivered") >= YEAR
    return side.with_columns(
        *(pl.when(delivered).then(pl.col(name)).alias(name) for name in _OF_THE_YEAR),
        previous=pl.when(two_known).then(months.list.slice(YEAR, YEAR).list.sum()),
        quarter=months.list.slice(0, 3).list.sum(),
        # The same quarter of the year before: months 12, 13 and 14.
        quarter_before=pl.when(pl.col("length") >= YEAR + 3).then(months.list.slice(YEAR, 3).list.sum()),
        peak=pl.when(year_known).then(ratio(latest.list.max(), latest.list.sum())),
        volatility=pl.when(year_known).then(_volatility(latest)),
        parties_before=pl.when(two_known).then(pl.col("parties_before")),
        new=pl.when(two_known).then(pl.col("new")),
    )


def _volatility(months: pl.Expr) -> pl.Expr:
    """Coefficient of variation of 12 months in ppm, null without positive sales.

    Each month's share of the year is an exact integer of ppm; the variance of the shares is one too, and below 2⁵³, so
    the one square root gives the same integer on every machine.
    """
    total = months.list.sum()
    shares = months.list.eval(
        (pl.element().cast(pl.Int128) * 1_000_000 // pl.when(pl.element().sum() > 0).then(pl.element().sum())).cast(
            pl.Int64
        )
    )
    squares = shares.list.eval(pl.element() * pl.element()).list.sum()
    inner = YEAR * squares - 10**12
    return pl.when(total > 0).then(pl.when(inner > 0).then(inner).otherwise(0).sqrt().floor().cast(pl.Int64))
