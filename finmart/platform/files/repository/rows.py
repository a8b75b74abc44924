"""Rows of kept files."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select, update

from finmart.platform.db.session import session
from finmart.platform.files.models import StoredFileRow

#: Number of the PostgreSQL advisory lock that parts keeping from sweeping; any number that nobody else uses.
_LOCK = 2_406_241


def hold(*, alone: bool) -> None:
    """Until the transaction ends nobody sweeps (``alone`` False), or nobody else keeps or sweeps (True).

    On SQLite writers take turns; it is this one's turn once its connection has begun.
    """
    if session().connection().dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
        session().execute(select(lock(_LOCK)))


def add_file(**values: Any) -> StoredFileRow:
    """A new row."""
    row = StoredFileRow(**values)
    session().add(row)
    session().flush()
    return row


def file_by_public_id(public_id: str) -> StoredFileRow | None:
    """The row with a public id."""
    return session().scalar(select(StoredFileRow).where(StoredFileRow.public_id == public_id))


def files_by_public_id(public_ids: Iterable[str]) -> list[StoredFileRow]:
    """Rows by public ids, in no order."""
    return list(session().scalars(select(StoredFileRow).where(StoredFileRow.public_id.in_(sorted(set(public_ids))))))


def remove_file(row: StoredFileRow) -> None:
    """Remove a row; the sweep removes the bytes once no other row names them."""
    session().delete(row)
    session().flush()


def fingerprints() -> set[str]:
    """All that rows name."""
    return set(session().scalars(select(StoredFileRow.fingerprint).distinct()))


def fingerprints_not_under(key_id: str, *, limit: int) -> list[str]:
    """What is sealed with another key than ``key_id``."""
    query = select(StoredFileRow.fingerprint).where(StoredFileRow.key_id != key_id).distinct()
    return list(session().scalars(query.order_by(StoredFileRow.fingerprint).limit(limit)))


def note_key(fingerprint: str, key_id: str) -> None:
    """Say that a file is sealed with ``key_id`` now."""
    session().execute(
        update(StoredFileRow).where(StoredFileRow.fingerprint == fingerprint).values(key_id=key_id),
        execution_options={"synchronize_session": False},
    )
