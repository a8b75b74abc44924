"""What a fact is made by: an expression over a data set's summary, one row a subject, for one firm or a million."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from finmart.credit.features.windows import visible

#: rows of one data set, already bounded → one row a subject with ``subject``, ``observed_until`` and what features use
Summarise = Callable[[pl.LazyFrame, date], pl.DataFrame]


@dataclass(frozen=True)
class Feature:
    """One fact: its key in the dictionary, the value and the number of rows used, over the summary's columns.

    ``version`` grows when the meaning of the value changes; the dictionary carries the same number.
    """

    key: str
    value: pl.Expr
    rows: pl.Expr
    version: int = 1
    #: Until when the value was observed; most facts of a family share the summary's own column.
    observed: pl.Expr = field(default_factory=lambda: pl.col("observed_until"))


@dataclass(frozen=True)
class Family:
    """The features of one data set and the one pass over its rows that serves them all."""

    dataset: str
    source: str
    origin: str
    summarise: Summarise
    features: tuple[Feature, ...]

    @property
    def keys(self) -> frozenset[str]:
        """The keys of its facts."""
        return frozenset(feature.key for feature in self.features)

    def feature(self, key: str) -> Feature:
        """The feature of a fact. Raises ``KeyError``."""
        for feature in self.features:
            if feature.key == key:
                return feature
        raise KeyError(key)


def one(family: Family, key: str, rows: pl.LazyFrame, *, as_of: date, known_at: datetime) -> pl.DataFrame:
    """One fact for every subject in ``rows``: subject, value, observed_until, rows_used; unknown ones are absent."""
    return split([family.feature(key)], summary(family, rows, as_of=as_of, known_at=known_at))[0]


def summary(family: Family, rows: pl.LazyFrame, *, as_of: date, known_at: datetime) -> pl.DataFrame:
    """The family's summary of what was effective by ``as_of`` and received by ``known_at``."""
    return family.summarise(visible(rows, as_of=as_of, known_at=known_at), as_of)


def split(features: Sequence[Feature], summarised: pl.DataFrame) -> list[pl.DataFrame]:
    """A frame a feature: subject, value, observed_until, rows_used; only subjects of whom the value is known."""
    wide = summarised.select(
        "subject",
        *(feature.observed.alias(f"observed:{feature.key}") for feature in features),
        *(feature.value.alias(f"value:{feature.key}") for feature in features),
        *(feature.rows.cast(pl.Int64).alias(f"rows:{feature.key}") for feature in features),
    )
    return [
        wide.select(
            "subject",
            observed_until=pl.col(f"observed:{feature.key}"),
            value=pl.col(f"value:{feature.key}"),
            rows_used=pl.col(f"rows:{feature.key}"),
        ).filter(pl.col("value").is_not_null())
        for feature in features
    ]
