"""The tables as the database itself describes them, so that any revision can be read and written; rows in streams."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Date,
    LargeBinary,
    TableClause,
    Text,
    TypeDecorator,
    cast,
    column,
    insert,
    inspect,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeEngine

from finmart.platform.backup.cells import Cells, Kind, kind_of
from finmart.platform.backup.types.manifest import Column
from finmart.platform.db.types import UtcDateTime

#: Alembic's own table; the manifest's revision stands for it.
VERSION_TABLE = "alembic_version"
#: Rows a round trip.
CHUNK = 1_000


class _Document(TypeDecorator[str]):
    """PostgreSQL's parsed JSON, read and written as text."""

    impl = Text
    cache_ok = True

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        return cast(column, Text)

    def bind_expression(self, bindparam: Any) -> ColumnElement[Any]:
        return cast(cast(bindparam, Text), JSONB)


_TYPES: dict[Kind, TypeEngine[Any]] = {
    Kind.TRUTH: Boolean(),
    Kind.INTEGER: BigInteger(),
    Kind.INSTANT: UtcDateTime(),
    Kind.DAY: Date(),
    Kind.BYTES: LargeBinary(),
    Kind.TEXT: Text(),
}


@dataclass(frozen=True)
class Shape:
    """A table of the database: its columns in order, the key its rows are read by, keys that point into itself."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    circular: tuple[str, ...]

    @property
    def cells(self) -> Cells:
        """How its rows are written and read."""
        return Cells([each.kind for each in self.columns])


def shapes(connection: Connection) -> list[Shape]:
    """Every table but Alembic's, those that others point to first; ``circular`` keys cannot be kept by any order."""
    inspector = inspect(connection)
    ordered, circular = _order(inspector)
    columns, keys = inspector.get_multi_columns(), inspector.get_multi_pk_constraint()
    pointing = inspector.get_multi_foreign_keys()
    found = []
    for name in ordered:
        into_itself = {str(each["name"]) for each in pointing.get((None, name), ()) if each["referred_table"] == name}
        found.append(
            Shape(
                name=name,
                columns=tuple(Column(each["name"], kind_of(each["type"])) for each in columns[(None, name)]),
                key=tuple(keys[(None, name)]["constrained_columns"]),
                circular=tuple(sorted(into_itself | circular.get(name, set()))),
            )
        )
    return found


def _order(inspector: Any) -> tuple[list[str], dict[str, set[str]]]:
    ordered: list[str] = []
    circular: dict[str, set[str]] = {}
    for name, keys in inspector.get_sorted_table_and_fkc_names():
        if name is None:
            for of_table, key in keys:
                circular.setdefault(of_table, set()).add(key)
        elif name != VERSION_TABLE:
            ordered.append(name)
    return ordered, circular


def _clause(connection: Connection, shape: Shape) -> TableClause:
    types = {**_TYPES, Kind.JSON: _Document() if connection.dialect.name == "postgresql" else Text()}
    return table(shape.name, *(column(each.name, types[Kind(each.kind)]) for each in shape.columns))


def read_rows(connection: Connection, shape: Shape) -> Iterator[list[Any]]:
    """The table's rows in neutral cells, in the order of its key, never all of them in memory."""
    clause, cells = _clause(connection, shape), shape.cells
    query = select(clause).order_by(*(clause.c[name] for name in shape.key)).execution_options(yield_per=CHUNK)
    for row in connection.execute(query):
        yield cells.neutral(row)


def write_rows(connection: Connection, shape: Shape, rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows whose cells, in the order of the columns, are native."""
    statement, names = insert(_clause(connection, shape)).inline(), [each.name for each in shape.columns]
    waiting = iter(rows)
    while chunk := [dict(zip(names, row, strict=True)) for row in islice(waiting, CHUNK)]:
        connection.execute(statement, chunk)


def first_with_rows(connection: Connection) -> str | None:
    """The name of a table that has a row; None in an empty database."""
    for name in sorted(inspect(connection).get_table_names()):
        if name != VERSION_TABLE and connection.execute(select(1).select_from(table(name)).limit(1)).first():
            return name
    return None
