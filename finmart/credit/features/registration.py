"""Facts of the register: the state on the latest day by the as-of date, and ages counted from the establishment."""

from datetime import date

import polars as pl

from finmart.credit.features.feature import Family, Feature
from finmart.credit.features.windows import months_back

_ONE_ROW = pl.col("rows_used")


def _summarise(rows: pl.LazyFrame, as_of: date) -> pl.DataFrame:
    """The row of the latest day per subject; of several on one day the one received last."""
    latest = rows.sort("date", "received_at", maintain_order=True).group_by("subject").last()
    established = pl.when(pl.col("established_on") <= as_of).then(pl.col("established_on"))
    whole = latest.with_columns(
        established_on=established,
        months_established=months_back(established, as_of),
        qualifications=pl.col("qualifications").str.split(";").list.filter(pl.element() != ""),
        observed_until=pl.col("date"),
        rows_used=pl.lit(1, dtype=pl.Int64),
    )
    return whole.collect().sort("subject")


def _stated(key: str, column: str) -> Feature:
    return Feature(key, pl.col(column), _ONE_ROW)


REGISTRATION_FACTS = Family(
    dataset="registration",
    source="market_registration",
    origin="imported",
    summarise=_summarise,
    features=(
        _stated("subject_kind", "kind"),
        _stated("industry", "industry"),
        _stated("registered_region", "region"),
        _stated("established_on", "established_on"),
        _stated("months_established", "months_established"),
        Feature("years_established", pl.col("months_established") // 12, _ONE_ROW),
        _stated("registered_capital", "registered_capital"),
        _stated("employees", "employees"),
        _stated("total_assets", "total_assets"),
        _stated("registration_status", "status"),
        _stated("qualifications", "qualifications"),
    ),
)
