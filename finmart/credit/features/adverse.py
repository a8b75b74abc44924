"""Facts of adverse records: what is open as of the day, and what was decided in the 24 months before.

A subject without any row was never looked up: nothing is known. A row that says that nothing was found makes the
absence known.
"""

from datetime import date

import polars as pl

from finmart.credit.datasets.adverse import ABNORMAL, JUDGMENT, NONE, PENALTY, SERIOUS
from finmart.credit.features.feature import Family, Feature
from finmart.credit.features.windows import months_back

#: 征信业管理条例 16: of persons, a record goes five years after the act ended.
YEARS_OF_PERSONS = 5
PENALTY_MONTHS = 24


def _summarise(rows: pl.LazyFrame, as_of: date) -> pl.DataFrame:
    """Per subject: open records by kind, recent penalties, the last adverse day, until when it was looked up."""
    latest = rows.sort("received_at", maintain_order=True).group_by("subject", "record", "date", "document").last()
    ended = pl.col("ended_on") <= as_of
    expired = pl.col("person") & ended & (pl.col("ended_on").dt.offset_by(f"{YEARS_OF_PERSONS}y") <= as_of)
    adverse = (pl.col("record") != NONE) & ~expired.fill_null(value=False)
    still_open = adverse & ~ended.fill_null(value=False)
    recent = adverse & (pl.col("record") == PENALTY) & (months_back(pl.col("date"), as_of) < PENALTY_MONTHS)
    return (
        latest.group_by("subject")
        .agg(
            observed_until=pl.min_horizontal(pl.col("covered_until").max(), pl.lit(as_of)),
            rows_used=pl.len(),
            open_records=still_open.sum(),
            penalties=recent.sum(),
            last_on=pl.col("date").filter(adverse).max(),
            **{kind: (still_open & (pl.col("record") == kind)).any() for kind in (ABNORMAL, SERIOUS, JUDGMENT)},
        )
        .sort("subject")
        .collect()
    )


_ROWS = pl.col("rows_used")

ADVERSE_FACTS = Family(
    dataset="adverse",
    source="adverse_records",
    origin="imported",
    summarise=_summarise,
    features=(
        *(Feature(kind, pl.col(kind), _ROWS) for kind in (ABNORMAL, SERIOUS, JUDGMENT)),
        Feature("administrative_penalties_24m", pl.col("penalties"), _ROWS),
        Feature("adverse_open_records", pl.col("open_records"), _ROWS),
        Feature("adverse_last_on", pl.col("last_on"), _ROWS),
    ),
)
