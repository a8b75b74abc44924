"""Invoices by trailing month: the one pass over the lines from which every window is summed."""

from datetime import date

import polars as pl

from finmart.credit.datasets.invoices import VOIDED
from finmart.credit.features.windows import SERIES_MONTHS, months_back

YEAR = 12


def marked(rows: pl.LazyFrame, as_of: date) -> pl.LazyFrame:
    """The lines with their trailing month and whether they stand (a voided line counts as a line, never as money)."""
    return rows.with_columns(month=months_back(pl.col("date"), as_of), valid=pl.col("status") != VOIDED)


def monthly(lines: pl.LazyFrame) -> pl.LazyFrame:
    """Per subject, direction and trailing month: lines, voided ones, and the money of the valid ones in 分."""
    valid, amount = pl.col("valid"), pl.col("amount")
    standing = pl.when(valid).then(amount)
    return lines.group_by("subject", "sale", "month").agg(
        lines=pl.len(),
        voided=(~valid).sum(),
        valid=valid.sum(),
        amount=standing.sum(),
        red=pl.when(valid & (amount < 0)).then(amount).sum(),
        positive=(valid & (amount > 0)).sum(),
        largest=standing.max(),
        tax=pl.when(valid).then(pl.col("tax")).sum(),
        gross=pl.when(valid).then(pl.col("total")).sum(),
        first_on=pl.when(valid).then(pl.col("date")).min(),
        last_on=pl.when(valid).then(pl.col("date")).max(),
        oldest=pl.col("month").max(),
        observed_until=pl.col("covered_until").max(),
        covered_from=pl.col("covered_from").min(),
    )


def coverage(months: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Per subject: until when its data was delivered, and how many trailing months it reaches back (at most 36).

    Before a subject's first line, in either direction, nothing is known about it; after it a month without a line is
    a month without business. ``delivered`` counts the trailing months that its deliveries themselves reach back.
    """
    return months.group_by("subject").agg(
        observed_until=pl.min_horizontal(pl.col("observed_until").max(), pl.lit(as_of)),
        length=pl.min_horizontal(pl.col("month").max() + 1, pl.lit(SERIES_MONTHS)),
        delivered=months_back(pl.col("covered_from").min(), as_of) + 1,
        rows_all=pl.col("lines").sum(),
    )


def grid(months: pl.DataFrame, covered: pl.DataFrame, *, sale: bool) -> pl.DataFrame:
    """subject, month, amount and lines for every covered month of one direction, zero where there was nothing."""
    every = covered.select("subject", month=pl.int_ranges(0, pl.col("length"), dtype=pl.Int32)).explode(
        "month", empty_as_null=False, keep_nulls=False
    )
    known = months.filter(pl.col("sale") == sale).select("subject", "month", "amount", "lines")
    return (
        every.join(known, on=["subject", "month"], how="left")
        .with_columns(pl.col("amount").fill_null(0), pl.col("lines").fill_null(0))
        .sort("subject", "month")
    )


def runs(months: pl.DataFrame) -> pl.DataFrame:
    """Per subject, of a grid: active months, longest gap and the run of active months that reaches today."""
    active = (pl.col("amount") > 0).cast(pl.Int32)
    stepped = months.with_columns(
        active=active,
        block=active.cum_sum().over("subject", order_by="month"),
        unbroken=active.cum_min().over("subject", order_by="month"),
    )
    gaps = (
        stepped.filter(pl.col("active") == 0)
        .group_by("subject", "block")
        .agg(gap=pl.len())
        .group_by("subject")
        .agg(longest_gap=pl.col("gap").max())
    )
    counted = stepped.group_by("subject").agg(active_months=pl.col("active").sum(), run=pl.col("unbroken").sum())
    return counted.join(gaps, on="subject", how="left").with_columns(pl.col("longest_gap").fill_null(0))


def series(months: pl.DataFrame) -> pl.DataFrame:
    """Per subject, of a grid: the monthly amounts from the latest back, and how many lines they were made of."""
    return months.group_by("subject").agg(
        monthly=pl.col("amount").sort_by("month"),
        rows_series=pl.col("lines").sum(),
        rows_24m=pl.col("lines").filter(pl.col("month") < 2 * YEAR).sum(),
    )


def latest_year(months: pl.DataFrame, *, sale: bool) -> pl.DataFrame:
    """Per subject, the figures of one direction over the latest 12 trailing months."""
    of_side = months.filter((pl.col("sale") == sale) & (pl.col("month") < YEAR))
    return of_side.group_by("subject").agg(
        pl.col("lines", "voided", "valid", "amount", "red", "positive", "tax", "gross").sum(),
        pl.col("largest").max(),
        months_12m=(pl.col("amount") > 0).sum(),
    )


def whole_time(months: pl.DataFrame, *, sale: bool) -> pl.DataFrame:
    """Per subject, first and last valid line of one direction and the number of its lines."""
    of_side = months.filter(pl.col("sale") == sale)
    return of_side.group_by("subject").agg(
        pl.col("first_on").min(), pl.col("last_on").max(), rows_side=pl.col("lines").sum()
    )
