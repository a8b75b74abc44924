"""Ciphertexts wherever tables keep them, found by the type of their column; and the check values of keys.

Rows are changed below the models: some of them refuse to be changed by anything else, and nothing of theirs changes
but the key that their ciphertext names.
"""

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Column, LargeBinary, Table, bindparam, func, inspect, or_, select, type_coerce, update
from sqlalchemy.sql.elements import ColumnElement

from finmart.platform.db.base import Base
from finmart.platform.db.session import session
from finmart.platform.db.types import Sealed
from finmart.platform.files.models import StoredFileRow
from finmart.platform.keys.models import KeyCheck


@dataclass(frozen=True)
class SealedTable:
    """A table with ciphertexts: its key, and which of its columns are ciphertext."""

    table: Table
    key: Column[Any]
    columns: tuple[Column[Any], ...]

    def context_of(self, column: Column[Any]) -> str:
        """What a cell of ``column`` is bound to."""
        return cast(Sealed, column.type).context


def sealed_tables() -> list[SealedTable]:
    """Every table with ciphertexts. Raises ``ValueError`` for one whose key is not one column."""
    found = []
    for table in Base.metadata.sorted_tables:
        columns = tuple(column for column in table.columns if isinstance(column.type, Sealed))
        if columns:
            (key,) = table.primary_key.columns
            found.append(SealedTable(table, key, columns))
    return found


def raw_rows(sealed: SealedTable, *, not_under: str, after: Any, limit: int) -> list[Any]:
    """Rows with a cell under another key than ``not_under``, behind key ``after``: the key, then the cells' bytes."""
    cells = [type_coerce(column, LargeBinary).label(f"cell_{place}") for place, column in enumerate(sealed.columns)]
    query = select(sealed.key.label("key"), *cells).where(
        or_(*(_under(column, not_under, negate=True) for column in sealed.columns))
    )
    if after is not None:
        query = query.where(sealed.key > after)
    return list(session().execute(query.order_by(sealed.key).limit(limit).with_for_update()))


def write_cells(sealed: SealedTable, key: Any, cells: dict[str, bytes]) -> None:
    """Put other bytes into the named columns of a row."""
    values = {name: bindparam(f"new_{name}", cell, type_=LargeBinary()) for name, cell in cells.items()}
    session().execute(
        update(sealed.table).where(sealed.key == key).values(values),
        execution_options={"synchronize_session": False},
    )


def cells_under(key_id: str) -> int:
    """How many cells of all tables name a key."""
    return sum(
        session().scalar(select(func.count()).select_from(sealed.table).where(_under(column, key_id))) or 0
        for sealed in sealed_tables()
        for column in sealed.columns
    )


def files_under(key_id: str) -> int:
    """How many kept files name a key."""
    query = select(func.count(func.distinct(StoredFileRow.fingerprint))).where(StoredFileRow.key_id == key_id)
    return session().scalar(query) or 0


def has_checks() -> bool:
    """Whether the table of check values is there: not before the migrations were run."""
    return inspect(session().connection()).has_table(KeyCheck.__tablename__)


def checks() -> dict[str, KeyCheck]:
    """The check values by key id."""
    return {row.key_id: row for row in session().scalars(select(KeyCheck))}


def add_check(*, key_id: str, check_value: str, is_index: bool) -> None:
    """A new key id."""
    session().add(KeyCheck(key_id=key_id, check_value=check_value, is_index=is_index))


def _under(column: Column[Any], key_id: str, *, negate: bool = False) -> ColumnElement[bool]:
    prefix = f"{key_id}:".encode()
    begin = func.substr(type_coerce(column, LargeBinary), 1, len(prefix))
    named = bindparam(None, prefix, type_=LargeBinary())
    # A cell without a value names no key: comparing it gives neither true nor false, which selects nothing.
    return begin != named if negate else begin == named
