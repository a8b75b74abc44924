"""Rows that say what an earlier row of the same file, or of an earlier delivery, said already."""

import polars as pl

from finmart.credit.pipeline.normalise import Normalised


def first_of_each(cells: pl.DataFrame) -> pl.Series:
    """True for every row that equals no earlier row in every trimmed column (``row``, the line number, apart).

    Equal rows have equal hashes, so only rows whose hash occurs twice are compared, and those exactly.
    """
    text = cells.drop("row")
    again = text.hash_rows().is_duplicated()
    first = pl.Series("first", [True]).new_from_index(0, cells.height)
    if not again.any():
        return first
    position = pl.int_range(cells.height, eager=True).alias("position")
    suspects = text.with_columns(position).filter(again)
    kept = suspects.unique(subset=text.columns, keep="first", maintain_order=True)["position"]
    return ~again | position.is_in(kept.implode())


def without_duplicates(state: Normalised) -> tuple[Normalised, int]:
    """The state without rows that repeat an earlier one of the file, and how many those were."""
    first = first_of_each(state.cells)
    repeated = len(first) - int(first.sum())
    return (state.keep(first) if repeated else state), repeated


def without_stored(rows: pl.DataFrame, stored: pl.LazyFrame | None, columns: list[str]) -> tuple[pl.DataFrame, int]:
    """``rows`` without those that are stored already (equal in every typed column), and their number."""
    if stored is None:
        return rows, 0
    known = stored.select(columns).unique()
    fresh = rows.lazy().join(known, on=columns, how="anti", nulls_equal=True, maintain_order="left").collect()
    return fresh, rows.height - fresh.height
