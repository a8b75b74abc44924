"""Typed rows as immutable Parquet files, one a bucket and batch (DECISIONS 14).

A file is written under a draft's name and flushed; it gets its name only inside the transaction that names it in a row.
A crash before the commit leaves a file that no row names: ``sweep`` takes it away.
"""

import hashlib
import os
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from finmart.credit.store.folders import make_folder, parquet_folder, settle
from finmart.credit.types.errors import StoreDamaged

BUCKETS = 64
DRAFT = ".draft"
#: Writers in parallel: more than cores only wait for each other's flush.
WRITERS = 4


@dataclass(frozen=True)
class ParquetFile:
    """One file: its place below the Parquet folder, bucket, rows, size in bytes and SHA-256."""

    place: str
    bucket: int
    rows: int
    size: int
    checksum: str


def bucket_of(subject: pl.Expr) -> pl.Expr:
    """The bucket of a subject's rows: its number modulo ``BUCKETS``, so that one subject's rows lie in one bucket."""
    return (subject % BUCKETS).cast(pl.UInt8)


def buckets_of(subjects: Iterable[int]) -> list[int]:
    """The buckets in which the rows of ``subjects`` lie."""
    return sorted({subject % BUCKETS for subject in subjects})


def write_drafts(dataset: str, batch: str, rows: pl.DataFrame) -> list[ParquetFile]:
    """Write ``rows`` (with ``subject``) as one draft a bucket, flushed; ``publish`` gives them their names."""
    if not rows.height:
        return []
    parts = rows.with_columns(bucket=bucket_of(pl.col("subject"))).partition_by(
        "bucket", as_dict=True, include_key=False, maintain_order=True
    )
    with ThreadPoolExecutor(WRITERS) as pool:
        written = pool.map(lambda part: _write(dataset, batch, int(part[0][0]), part[1]), sorted(parts.items()))
        return list(written)


def _write(dataset: str, batch: str, bucket: int, rows: pl.DataFrame) -> ParquetFile:
    place = f"{dataset}/bucket={bucket:02d}/{batch}.parquet"
    draft = _draft(place)
    make_folder(draft.parent)
    with draft.open("wb") as target:
        rows.write_parquet(target, compression="lz4", statistics=True)
        target.flush()
        os.fsync(target.fileno())
    with draft.open("rb") as stream:
        checksum = hashlib.file_digest(stream, "sha256").hexdigest()
    return ParquetFile(place, bucket, rows.height, draft.stat().st_size, checksum)


def _draft(place: str) -> Path:
    return parquet_folder() / f"{place}{DRAFT}"


def publish(files: Iterable[ParquetFile]) -> None:
    """Give drafts their names; called inside the transaction whose rows name them."""
    for file in files:
        settle(_draft(file.place), parquet_folder() / file.place)


def withdraw(files: Iterable[ParquetFile]) -> None:
    """Remove drafts and files of a delivery that was not published."""
    for file in files:
        _draft(file.place).unlink(missing_ok=True)
        (parquet_folder() / file.place).unlink(missing_ok=True)


def scan(places: Sequence[str]) -> pl.LazyFrame | None:
    """The rows of stored files, lazily; None for no files. Raises ``StoreDamaged`` when one is not there."""
    if not places:
        return None
    paths = [parquet_folder() / place for place in places]
    for place, path in zip(places, paths, strict=True):
        if not path.is_file():
            raise StoreDamaged(place)
    return pl.scan_parquet(paths)


def sweep(dataset: str, named: Collection[str]) -> list[str]:
    """Remove the data set's files that no row names; returns their places.

    Only while no other import of the data set is under way, which the batch's claim on the data set ensures.
    """
    root = parquet_folder()
    found = [path for path in sorted((root / dataset).rglob("*")) if path.is_file()]
    gone = [path for path in found if path.relative_to(root).as_posix() not in named]
    for path in gone:
        path.unlink(missing_ok=True)
    return [path.relative_to(root).as_posix() for path in gone]
