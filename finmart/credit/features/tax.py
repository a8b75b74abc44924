"""Facts of tax records: the latest grade, payments by trailing month, the latest year's revenue, arrears."""

from datetime import date, timedelta

import polars as pl

from finmart.credit.datasets.tax import ARREARS, GRADE, PAYMENT, REVENUE
from finmart.credit.features.feature import Family, Feature
from finmart.credit.features.windows import SERIES_MONTHS, months_back

YEAR = 12
#: Payments come monthly or quarterly; where the data ends earlier, the latest months are not known to be empty.
FRESH_DAYS = 100
#: A revenue older than a year and a half says nothing about the latest year.
REVENUE_DAYS = 548


def _summarise(rows: pl.LazyFrame, as_of: date) -> pl.DataFrame:
    lines = rows.with_columns(month=months_back(pl.col("date"), as_of)).collect()
    whole = lines.select("subject").unique().sort("subject")
    for part in (
        _latest(lines, GRADE, "grade", "grade"),
        _latest(lines, REVENUE, "amount", "revenue"),
        _latest(lines, ARREARS, "amount", "arrears"),
        _payments(lines, as_of),
    ):
        whole = whole.join(part, on="subject", how="left")
    old = as_of - timedelta(days=REVENUE_DAYS)
    return whole.with_columns(revenue=pl.when(pl.col("revenue_on") > old).then(pl.col("revenue")))


def _latest(lines: pl.DataFrame, record: str, column: str, name: str) -> pl.DataFrame:
    """Per subject, the value on the latest day on which one was stated; of several, the one received last."""
    stated = lines.filter((pl.col("record") == record) & pl.col(column).is_not_null())
    latest = stated.sort("date", "received_at", maintain_order=True).group_by("subject").last()
    return latest.select("subject", pl.col(column).alias(name), pl.col("date").alias(f"{name}_on"))


def _payments(lines: pl.DataFrame, as_of: date) -> pl.DataFrame:
    paid = lines.filter((pl.col("record") == PAYMENT) & pl.col("amount").is_not_null())
    covered = (
        paid.group_by("subject")
        .agg(
            paid_until=pl.min_horizontal(pl.col("covered_until").max(), pl.lit(as_of)),
            length=pl.min_horizontal(pl.col("month").max() + 1, pl.lit(SERIES_MONTHS)),
        )
        .filter(pl.col("paid_until") >= as_of - timedelta(days=FRESH_DAYS))
    )
    every = covered.select("subject", month=pl.int_ranges(0, pl.col("length"), dtype=pl.Int32)).explode(
        "month", empty_as_null=False, keep_nulls=False
    )
    sums = paid.group_by("subject", "month").agg(pl.col("amount").sum(), rows=pl.len())
    months = every.join(sums, on=["subject", "month"], how="left").with_columns(pl.col("amount", "rows").fill_null(0))
    year = pl.col("month") < YEAR
    series = months.group_by("subject").agg(
        tax_monthly=pl.col("amount").sort_by("month"),
        annual_tax=pl.col("amount").filter(year).sum(),
        rows_12m=pl.col("rows").filter(year).sum(),
        rows_series=pl.col("rows").sum(),
    )
    return covered.join(series, on="subject", how="left")


_ONE = pl.lit(1)

TAX_FACTS = Family(
    dataset="tax",
    source="tax_authority",
    origin="imported",
    summarise=_summarise,
    features=(
        Feature("tax_grade", pl.col("grade"), _ONE, observed=pl.col("grade_on")),
        Feature("annual_tax", pl.col("annual_tax"), pl.col("rows_12m"), observed=pl.col("paid_until")),
        Feature("tax_monthly", pl.col("tax_monthly"), pl.col("rows_series"), observed=pl.col("paid_until")),
        Feature("annual_revenue", pl.col("revenue"), _ONE, observed=pl.col("revenue_on")),
        Feature("tax_arrears", pl.col("arrears") > 0, _ONE, observed=pl.col("arrears_on")),
    ),
)
