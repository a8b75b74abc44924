"""A row outside of any database: a line of JSON whose cells mean the same on SQLite and on PostgreSQL.

Ciphertext stays ciphertext (base64), instants are UTC with microseconds, days ISO, integers as long as they are.
JSON documents are kept as the text the database gave, and compared by a form that both kinds of database agree on.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Boolean, Date, DateTime, Integer, LargeBinary, String
from sqlalchemy.types import TypeEngine

#: Larger whole numbers that were written as fractions (1e+22) come back from PostgreSQL as integers.
EXACT = 1 << 53


class Kind(StrEnum):
    """What a column holds, whatever its database calls it."""

    TRUTH = "truth"
    INTEGER = "integer"
    JSON = "json"
    INSTANT = "instant"
    DAY = "day"
    BYTES = "bytes"
    TEXT = "text"


_KINDS: tuple[tuple[type[TypeEngine[Any]], Kind], ...] = (
    (Boolean, Kind.TRUTH),
    (Integer, Kind.INTEGER),
    (JSON, Kind.JSON),
    (DateTime, Kind.INSTANT),
    (Date, Kind.DAY),
    (LargeBinary, Kind.BYTES),
    (String, Kind.TEXT),
)


def kind_of(column_type: TypeEngine[Any]) -> Kind:
    """The kind of a column as a database describes it. Raises ``TypeError`` for one that has no neutral form."""
    for known, kind in _KINDS:
        if isinstance(column_type, known):
            return kind
    raise TypeError(f"columns of the type {column_type!r} have no neutral form yet")


def _document(value: Any) -> str:
    # SQLite keeps a bare number of a JSON column as a number.
    return value if isinstance(value, str) else json.dumps(value)


_OUT: dict[Kind, Callable[[Any], Any]] = {
    Kind.TRUTH: bool,
    Kind.INTEGER: int,
    Kind.JSON: _document,
    Kind.INSTANT: lambda value: value.astimezone(UTC).isoformat(timespec="microseconds"),
    Kind.DAY: lambda value: value.isoformat(),
    Kind.BYTES: lambda value: base64.b64encode(value).decode("ascii"),
    Kind.TEXT: str,
}
_IN: dict[Kind, Callable[[Any], Any]] = {
    Kind.INSTANT: datetime.fromisoformat,
    Kind.DAY: date.fromisoformat,
    Kind.BYTES: lambda value: base64.b64decode(value, validate=True),
}


class Cells:
    """How the rows of one table are written and read; ``kinds`` are those of its columns, in their order."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self._out = [_OUT[Kind(kind)] for kind in kinds]
        self._in = [_IN.get(Kind(kind)) for kind in kinds]
        self._documents = [number for number, kind in enumerate(kinds) if kind == Kind.JSON]

    def neutral(self, row: Sequence[Any]) -> list[Any]:
        """A row of the database in neutral cells."""
        return [None if value is None else out(value) for value, out in zip(row, self._out, strict=True)]

    def native(self, cells: Sequence[Any]) -> list[Any]:
        """Neutral cells as the database's columns take them. Raises ``ValueError`` or ``TypeError``."""
        return [
            value if value is None or into is None else into(value) for value, into in zip(cells, self._in, strict=True)
        ]

    def compared(self, cells: list[Any]) -> bytes:
        """The line of a row by which it is compared between databases."""
        if self._documents:
            cells = list(cells)
            for number in self._documents:
                if cells[number] is not None:
                    cells[number] = canonical(cells[number])
        return line(cells)


def line(cells: Sequence[Any]) -> bytes:
    """Neutral cells as one line."""
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def canonical(document: str) -> str:
    """A JSON document in the form in which SQLite's and PostgreSQL's copies of it are the same text."""
    parsed = json.loads(document, parse_float=_number)
    return json.dumps(parsed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _number(text: str) -> float | int:
    value = float(text)
    if value.is_integer() and abs(value) >= EXACT:
        return int(value)
    return value + 0.0  # PostgreSQL knows no negative zero.


class Digest:
    """A digest of rows in any order: the sum of their SHA-256 modulo 2²⁵⁶ (databases sort texts differently)."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, compared: bytes) -> None:
        """Count one row's compared line."""
        self.rows += 1
        self._sum += int.from_bytes(hashlib.sha256(compared).digest(), "big")

    def hexdigest(self) -> str:
        """The digest so far, 64 hex digits."""
        return f"{self._sum % (1 << 256):064x}"


def digest_of(cells: Cells, rows: Iterable[list[Any]]) -> Digest:
    """The digest of neutral ``rows``."""
    found = Digest()
    for row in rows:
        found.add(cells.compared(row))
    return found
