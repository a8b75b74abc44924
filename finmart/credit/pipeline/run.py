"""An import from a supplier's files to published profiles (docs/architecture.md, "A shared datum").

It runs as a command does and opens its own units of work: one that claims the data set and leaves a trace, one that
makes the subjects, and one in which everything is published or nothing. Between them no lock is held.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from finmart.credit.datasets.contract import DataSet
from finmart.credit.datasets.registry import DATASETS
from finmart.credit.pipeline import claims, facts, publishing
from finmart.credit.pipeline.claims import Claim
from finmart.credit.pipeline.duplicates import without_stored
from finmart.credit.pipeline.expectations import check
from finmart.credit.pipeline.publishing import Delivery
from finmart.credit.pipeline.reading import ReadFile, read_files
from finmart.credit.pipeline.rows import dated, stored_rows
from finmart.credit.pipeline.subjects import attach, resolve, with_scheme
from finmart.credit.repository import batches
from finmart.credit.sources.delivery import find_files
from finmart.credit.store import landing, parquet
from finmart.credit.types.errors import DatasetUnknown, FactsFromTheFuture
from finmart.credit.types.states import BatchState
from finmart.credit.types.values import ImportReport
from finmart.platform.db.session import unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import local, today

Report = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What is asked of an import: which data set, as of when, whose codes, and whether it is the demonstration's."""

    dataset: DataSet
    as_of: date
    scheme: str
    demonstration: bool


def silent(_text: str) -> None:
    """Say nothing."""


def import_dataset(
    actor: Actor,
    name: str,
    source: Path,
    *,
    as_of: date,
    scheme: str = "supplier_code",
    demonstration: bool = False,
    report: Report = silent,
) -> ImportReport:
    """Import one delivery of the data set ``name`` and publish facts as of ``as_of``; the caller has been let pass.

    The same files again add no row; as of another day they add the facts of that day. Raises a ``FileFault`` naming
    file, row and column, ``AssertionFailed`` or ``ImportUnderWay``; then nothing was stored.
    """
    if name not in DATASETS:
        raise DatasetUnknown(name)
    if as_of > today():
        raise FactsFromTheFuture(as_of)
    order = Order(DATASETS[name], as_of, scheme, demonstration)
    files = find_files(order.dataset, source)
    report("checking what was delivered")
    fingerprint = _fingerprint(files)
    with unit_of_work():
        known = batches.published_batch(name, fingerprint)
        before = known.id if known is not None else None
        if before is None:
            claim = claims.claim(
                actor,
                order.dataset,
                fingerprint=fingerprint,
                as_of=as_of,
                files=list(files),
                demonstration=demonstration,
            )
        else:
            claims.release_abandoned(actor, order.dataset)
    if before is not None:
        report("these files were imported before; computing facts")
        return publishing.again(order.dataset, before, as_of=as_of)
    return _run(actor, order, claim, files, report)


def _run(actor: Actor, order: Order, claim: Claim, files: Mapping[str, Path], report: Report) -> ImportReport:
    written: list[parquet.ParquetFile] = []
    try:
        return _import(actor, order, claim, files, written, report)
    except BaseException as error:
        _give_up(actor, claim, written, error)
        raise


def _give_up(actor: Actor, claim: Claim, written: Sequence[parquet.ParquetFile], error: BaseException) -> None:
    """Undo a delivery that was not published.

    An error may come after the commit (an interrupt, a lost connection, whatever runs then): what rows name stays.
    """
    with unit_of_work():
        row = batches.batch_by_id(claim.batch_id, lock=True)
        if row.state == BatchState.PUBLISHED:
            return
        parquet.withdraw(written)
        if row.state == BatchState.RECEIVED:
            claims.fail(actor, claim.batch_id, claims.reason_of(error))


def _import(
    actor: Actor,
    order: Order,
    claim: Claim,
    files: Mapping[str, Path],
    written: list[parquet.ParquetFile],
    report: Report,
) -> ImportReport:
    dataset = order.dataset
    report("landing the files, encrypted")
    landed = {stem: landing.land(path, batch=claim.batch, key=claim.key) for stem, path in files.items()}
    report("reading and typing rows")
    read = read_files(dataset, landed, key=claim.key, received=local(claim.received_at).date())
    read = with_scheme(read, order.scheme)
    check(dataset, read)
    with unit_of_work():
        # Checked again inside: a delivery that is refused for its unknown subjects must make no new ones.
        known = resolve(actor, read, demonstration=order.demonstration)
        read = [attach(each, known) if each.contract in _row_files(dataset) else each for each in read]
        checked = check(dataset, read)
    rows, repeated, covers_from = _fresh(dataset, read)
    subjects = rows["subject"].unique().sort().to_list() if rows.height else []
    report(f"storing {rows.height:,} rows of {len(subjects):,} subjects")
    rows = dated(rows, batch_id=claim.batch_id, received_at=claim.received_at) if rows.height else rows
    written += parquet.write_drafts(dataset.name, claim.batch, rows)
    report("computing facts")
    delivery = Delivery(claim, dataset, order.as_of, landed, read, checked, rows, repeated, covers_from, tuple(written))
    return publishing.publish(actor, delivery, _facts(order, claim, delivery, subjects), report)


def _row_files(dataset: DataSet) -> list[object]:
    return [file for file in dataset.files if file.has(dataset.date_column)]


def _fresh(dataset: DataSet, read: Sequence[ReadFile]) -> tuple[pl.DataFrame, int, date | None]:
    """The rows that no earlier delivery brought, how many one had, and the first day of which any of them speaks."""
    rows = stored_rows(dataset, read)
    if not rows.height:
        return rows, 0, None
    covers_from: date = rows.select(pl.col("date").min()).item()
    with unit_of_work(readonly=True):
        before = facts.stored([dataset.name], rows["subject"].unique().to_list()).get(dataset.name)
    columns = [name for name in rows.columns if name != "person"]
    fresh, repeated = without_stored(rows, before, columns)
    return fresh, repeated, covers_from


def _facts(order: Order, claim: Claim, delivery: Delivery, subjects: Sequence[int]) -> facts.Facts:
    if not subjects:
        return {}
    with unit_of_work(readonly=True):
        before = facts.stored(DATASETS, subjects)
    mine = before.get(order.dataset.name)
    rows = delivery.rows.with_columns(covered_from=pl.lit(delivery.covers_from, dtype=pl.Date))
    fresh = rows.lazy()
    frames = {**before, order.dataset.name: fresh if mine is None else pl.concat([mine.select(rows.columns), fresh])}
    return facts.computed(frames, subjects=subjects, as_of=order.as_of, known_at=claim.received_at)


def _fingerprint(files: Mapping[str, Path]) -> str:
    """What the delivery consists of, whatever its files are called."""
    digest = hashlib.sha256()
    for stem in sorted(files):
        digest.update(f"{stem}:{landing.checksum_of(files[stem])}\n".encode())
    return digest.hexdigest()
