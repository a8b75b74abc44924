"""Reading and writing deliveries, their files and their rows in quarantine; nothing here decides or commits."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, insert, select

from finmart.credit.models import Batch, LandedFile, QuarantinedRow, StoredFile
from finmart.credit.types.states import BatchState
from finmart.platform.db.session import session

CHUNK = 1_000


def add_batch(**values: Any) -> Batch:
    """A new batch; ``IntegrityError`` when another of the data set is under way."""
    row = Batch(**values)
    session().add(row)
    session().flush()
    return row


def batch_by_id(batch_id: int, *, lock: bool = False) -> Batch:
    """The batch with an inner id; ``lock``: as it stands now, and kept from others until the end of the transaction."""
    return session().get_one(Batch, batch_id, with_for_update=lock or None, populate_existing=lock)


def batch_by_public_id(public_id: str) -> Batch | None:
    """The batch with a public id."""
    return session().scalar(select(Batch).where(Batch.public_id == public_id))


def batch_under_way(dataset: str) -> Batch | None:
    """The batch that has the data set for itself just now."""
    return session().scalar(select(Batch).where(Batch.under_way == dataset))


def set_under_way(row: Batch, dataset: str | None) -> None:
    """Give a batch the data set for itself, or take it away; ``IntegrityError`` when another has it."""
    row.under_way = dataset
    session().flush()


def published_batch(dataset: str, fingerprint: str) -> Batch | None:
    """The published batch of exactly these files."""
    return session().scalar(
        select(Batch)
        .where(Batch.dataset == dataset, Batch.fingerprint == fingerprint, Batch.state == BatchState.PUBLISHED.value)
        .order_by(Batch.id.desc())
        .limit(1)
    )


def _filtered(dataset: str, state: str) -> Select[Batch]:
    query = select(Batch)
    if dataset:
        query = query.where(Batch.dataset == dataset)
    return query.where(Batch.state == state) if state else query


def list_batches(*, dataset: str, state: str, limit: int, offset: int) -> tuple[list[Batch], int]:
    """Batches, newest first, and how many there are."""
    query = _filtered(dataset, state)
    total = session().scalar(select(func.count()).select_from(query.subquery())) or 0
    return list(session().scalars(query.order_by(Batch.id.desc()).limit(limit).offset(offset))), total


def public_ids(batch_ids: Iterable[int]) -> dict[int, str]:
    """Inner id → public id of batches."""
    wanted = sorted(set(batch_ids))
    rows = session().execute(select(Batch.id, Batch.public_id).where(Batch.id.in_(wanted)))
    return {row[0]: row[1] for row in rows}


def datasets_of(batch_ids: Iterable[int]) -> dict[int, str]:
    """Inner id → data set of batches."""
    rows = session().execute(select(Batch.id, Batch.dataset).where(Batch.id.in_(sorted(set(batch_ids)))))
    return {row[0]: row[1] for row in rows}


def first_days(dataset: str) -> dict[int, date]:
    """Inner id → the first day of which the batch speaks, of the data set's published batches that have rows."""
    query = select(Batch.id, Batch.covers_from).where(
        Batch.dataset == dataset, Batch.state == BatchState.PUBLISHED.value, Batch.covers_from.is_not(None)
    )
    rows = session().execute(query.order_by(Batch.id))
    return {batch_id: first for batch_id, first in rows if first is not None}


def batches_with_expired_landing(day: Any) -> list[Batch]:
    """Batches whose landed bytes may not be opened any more but still could be."""
    query = select(Batch).where(Batch.landing_until < day, Batch.landing_key.is_not(None), Batch.under_way.is_(None))
    return list(session().scalars(query.order_by(Batch.id)))


def add_landed_files(rows: Sequence[dict[str, Any]]) -> None:
    """What was landed of a batch."""
    if rows:
        session().execute(insert(LandedFile), rows)


def landed_files(batch_id: int) -> list[LandedFile]:
    """The landed files of a batch, in order of arrival."""
    return list(session().scalars(select(LandedFile).where(LandedFile.batch_id == batch_id).order_by(LandedFile.id)))


def add_stored_files(rows: Sequence[dict[str, Any]]) -> None:
    """Name Parquet files, so that they exist."""
    if rows:
        session().execute(insert(StoredFile), rows)


def stored_places(dataset: str, buckets: Sequence[int] | None = None) -> list[str]:
    """Where the data set's files lie, oldest batch first; of some buckets or of all."""
    query = select(StoredFile.place).where(StoredFile.dataset == dataset)
    if buckets is not None:
        query = query.where(StoredFile.bucket.in_(buckets))
    return list(session().scalars(query.order_by(StoredFile.batch_id, StoredFile.bucket)))


def count_stored_files(batch_id: int) -> int:
    """How many Parquet files a batch was written to."""
    return session().scalar(select(func.count()).where(StoredFile.batch_id == batch_id)) or 0


def all_stored_files() -> list[StoredFile]:
    """Every Parquet file that a row names."""
    return list(session().scalars(select(StoredFile).order_by(StoredFile.id)))


def readable_landed_places() -> list[str]:
    """Where the landed files lie that can still be opened."""
    query = select(LandedFile.place).join(Batch, Batch.id == LandedFile.batch_id)
    return list(session().scalars(query.where(Batch.landing_key.is_not(None)).order_by(LandedFile.id)))


def add_quarantined(rows: Sequence[dict[str, Any]]) -> None:
    """Set rows aside."""
    for start in range(0, len(rows), CHUNK):
        session().execute(insert(QuarantinedRow), rows[start : start + CHUNK])


def quarantined_by_public_id(public_id: str, *, lock: bool = False) -> QuarantinedRow | None:
    """One row in quarantine."""
    query = select(QuarantinedRow).where(QuarantinedRow.public_id == public_id)
    return session().scalar(query.with_for_update() if lock else query)


def list_quarantined(
    *, batch_id: int | None, open_only: bool, limit: int, offset: int
) -> tuple[list[tuple[QuarantinedRow, Batch]], int]:
    """Rows in quarantine with their batches, newest batch first, in the files' order; and how many there are."""
    query = select(QuarantinedRow, Batch).join(Batch, Batch.id == QuarantinedRow.batch_id)
    if batch_id is not None:
        query = query.where(QuarantinedRow.batch_id == batch_id)
    if open_only:
        query = query.where(QuarantinedRow.handled_at.is_(None))
    total = session().scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(QuarantinedRow.batch_id.desc(), QuarantinedRow.id)
    return [(row[0], row[1]) for row in session().execute(ordered.limit(limit).offset(offset))], total


def open_quarantine(batch_ids: Sequence[int]) -> Mapping[int, int]:
    """batch id → rows in quarantine that nobody has handled."""
    query = (
        select(QuarantinedRow.batch_id, func.count())
        .where(QuarantinedRow.batch_id.in_(batch_ids), QuarantinedRow.handled_at.is_(None))
        .group_by(QuarantinedRow.batch_id)
    )
    return {row[0]: row[1] for row in session().execute(query)}
