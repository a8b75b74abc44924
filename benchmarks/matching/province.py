"""One partition of a province: subjects in a Parquet file, answered by the bulk kernel, and by it inside Spark.

``python -m benchmarks.matching.province [--subjects N] [--products N] [--spark N]``. The partition is read, answered
and its result written in this process; seconds are by the clock, core hours of its processor time, as Polars reads and
writes on all cores. With ``--spark`` the same function runs in ``mapInArrow`` on two local workers over so many
subjects, and must give the same rows; that needs ``pip install pyspark pyarrow`` and Java 17. docs/province.md says
what it means for fifty million subjects.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from benchmarks.matching import generated, tables
from finmart.matching.engine.bulk import everyone
from finmart.matching.engine.bulk.catalogue import Catalogue, compiled
from finmart.matching.engine.bulk.table import Column, Dictionary, Monthly, Table, Whole
from finmart.matching.engine.inputs import ProductOffer

SUBJECTS, PRODUCTS, PROVINCE = 1_000_000, 10_000, 50_000_000
#: Rows of one Arrow batch: what the engine takes at once.
BATCH = everyone.NUMPY.rows
_LENGTH = "{key}/length"
STEPS = ("read", "answer", "write")
Values = dict[str, tuple[Any, ...]]


def frame_of(table: Table) -> pl.DataFrame:
    """The partition's columns: a series has one a month, what is not known is null."""
    found: dict[str, pl.Series] = {"row": pl.Series(np.arange(table.size))}
    for key, column in table.columns.items():
        match column:
            case Whole(values, known):
                found[key] = _nullable(values, known)
            case Dictionary(codes, _values):
                found[key] = _nullable(codes, codes >= 0)
            case Monthly(months, lengths):
                found[_LENGTH.format(key=key)] = pl.Series(lengths)
                found |= {f"{key}/{back}": pl.Series(month) for back, month in enumerate(months)}
    # Spark reads a point in a name as a field inside.
    return pl.DataFrame(found).rename({key: key.replace(".", ":") for key in found})


def _nullable(values: Any, known: Any) -> pl.Series:
    return pl.select(pl.when(pl.Series(known)).then(pl.Series(values))).to_series()


def values_of(table: Table) -> Values:
    """What the codes of the partition mean."""
    return {key: column.values for key, column in table.columns.items() if isinstance(column, Dictionary)}


def table_of(frame: pl.DataFrame, values: Values) -> Table:
    """The columns of a partition, or of a batch of it, as the engine reads them."""
    frame = frame.rename({key: key.replace(":", ".") for key in frame.columns})
    columns: dict[str, Column] = {}
    for key in frame.columns:
        if key in values:
            columns[key] = Dictionary(frame[key].fill_null(-1).to_numpy(), values[key])
        elif "/" not in key and key != "row":
            columns[key] = Whole(frame[key].fill_null(0).to_numpy(), frame[key].is_not_null().to_numpy())
    for key in generated.SERIES:
        months = [frame[f"{key}/{back}"].to_numpy() for back in range(generated.MONTHS)]
        columns[key] = Monthly(np.stack(months), frame[_LENGTH.format(key=key)].to_numpy())
    return Table(len(frame), columns)


def answered(catalogue: Catalogue, frame: pl.DataFrame, values: Values) -> pl.DataFrame:
    """One row a subject: its first products. The first row also carries how many meet, and may meet, each product."""
    found = everyone.answer(catalogue, table_of(frame, values))
    counts: list[list[int] | None] = [None] * len(frame)
    counts[0] = found.counts.reshape(-1).tolist()
    top = pl.Series(found.top.astype(np.int32), dtype=pl.Array(pl.Int32, everyone.TOP)).cast(pl.List(pl.Int32))
    return pl.DataFrame({"row": frame["row"], "top": top, "counts": pl.Series(counts, dtype=pl.List(pl.Int64))})


def _counts(answers: pl.DataFrame) -> list[int]:
    """The counts of all batches together."""
    rows = answers["counts"].drop_nulls().to_list()
    return [sum(column) for column in zip(*rows, strict=True)]


class Mark(NamedTuple):
    """Seconds by the clock, and of this process's processor time, all its threads together."""

    clock: float
    processor: float


def _mark() -> Mark:
    return Mark(time.perf_counter(), time.process_time())


def partition(offers: tuple[ProductOffer, ...], subjects: int, folder: Path) -> dict[str, Any]:
    """Read, answer and write one partition."""
    table = tables.table(subjects)
    values = values_of(table)
    frame_of(table).write_parquet(folder / "partition.parquet")
    del table
    catalogue = compiled(offers)
    # What numba compiles it compiles once an installation, not once a partition.
    answered(catalogue, pl.read_parquet(folder / "partition.parquet", n_rows=1000), values)
    marks = [_mark()]
    frame = pl.read_parquet(folder / "partition.parquet")
    marks.append(_mark())
    answers = answered(catalogue, frame, values)
    marks.append(_mark())
    answers.write_parquet(folder / "answers.parquet")
    marks.append(_mark())
    took = [Mark(end.clock - start.clock, end.processor - start.processor) for start, end in pairwise(marks)]
    used = marks[-1].processor - marks[0].processor
    return {
        "work": f"one partition, {subjects} × {len(offers)}",
        **{f"{name}_s": round(each.clock, 2) for name, each in zip(STEPS, took, strict=True)},
        **{f"{name}_processor_s": round(each.processor, 2) for name, each in zip(STEPS, took, strict=True)},
        "input_bytes_a_subject": round((folder / "partition.parquet").stat().st_size / subjects),
        "output_bytes_a_subject": round((folder / "answers.parquet").stat().st_size / subjects),
        "province_core_hours": round(used * PROVINCE / subjects / 3600, 3),
    }


def mapped(offers: tuple[ProductOffer, ...], values: Values) -> Callable[[Iterable[Any]], Iterator[Any]]:
    """What a worker does with its batches: the same ``answered``; the catalogue is compiled once a task."""

    def work(batches: Iterable[Any]) -> Iterator[Any]:
        import pyarrow as pa

        lists = [("top", pa.list_(pa.int32())), ("counts", pa.list_(pa.int64()))]
        schema = pa.schema([("row", pa.int64()), *lists])
        catalogue = compiled(offers)
        for batch in batches:
            frame = pl.from_arrow(batch)
            assert isinstance(frame, pl.DataFrame)
            # Spark knows no large lists, which are what Polars writes.
            yield from answered(catalogue, frame, values).to_arrow().cast(schema).to_batches()

    return work


def in_spark(offers: tuple[ProductOffer, ...], subjects: int, folder: Path) -> dict[str, Any]:
    """The same subjects in Spark and here. Raises ``AssertionError`` where a row or a count differs."""
    from pyspark.sql import SparkSession

    table = tables.table(subjects)
    values = values_of(table)
    for number, start in enumerate(range(0, subjects, -(-subjects // 2))):
        frame_of(table)[start : start + -(-subjects // 2)].write_parquet(folder / f"half{number}.parquet")
    here = answered(compiled(offers), frame_of(table), values)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "1g")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", BATCH)
        .getOrCreate()
    )
    try:
        given = spark.read.parquet(*(str(file) for file in sorted(folder.glob("half*.parquet"))))
        schema = "row bigint, top array<int>, counts array<bigint>"
        began = time.perf_counter()
        rows = given.mapInArrow(mapped(offers, values), schema).collect()
        took = time.perf_counter() - began
        parts = given.rdd.getNumPartitions()
    finally:
        spark.stop()
    there = pl.DataFrame(
        {
            "row": [row["row"] for row in rows],
            "top": [row["top"] for row in rows],
            "counts": pl.Series([row["counts"] for row in rows], dtype=pl.List(pl.Int64)),
        }
    ).sort("row")
    assert there["row"].to_list() == here["row"].to_list()
    assert there["top"].to_list() == here["top"].to_list()
    assert _counts(there) == _counts(here)
    return {
        "work": f"Spark mapInArrow on 2 local workers, {subjects} × {len(offers)}",
        "seconds": round(took, 2),
        "parts": parts,
        "results": "equal, row by row and count by count",
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.matching.province", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--subjects", type=int, default=SUBJECTS)
    parser.add_argument("--products", type=int, default=PRODUCTS)
    parser.add_argument("--spark", type=int, default=0, help="so many subjects in Spark, too")
    chosen = parser.parse_args()
    offers = generated.products(chosen.products)
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(partition(offers, chosen.subjects, Path(folder)), ensure_ascii=False))
        if chosen.spark:
            print(json.dumps(in_spark(offers, chosen.spark, Path(folder)), ensure_ascii=False))


if __name__ == "__main__":
    main()
