"""Filling an empty database from an archive, inside one transaction that is compared with it before it commits."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, func, select, table, text
from sqlalchemy import column as named_column
from sqlalchemy.exc import DBAPIError, OperationalError

from finmart.platform.backup.archive.reading import Archive
from finmart.platform.backup.cells import Kind, digest_of
from finmart.platform.backup.tables import Shape, first_with_rows, read_rows, shapes, write_rows
from finmart.platform.backup.types.errors import ArchiveTooNew, DatabaseNotEmpty, RowsRefused, TableDiffers
from finmart.platform.backup.types.manifest import Manifest, TableRecord
from finmart.platform.backup.types.progress import Report
from finmart.platform.db import migrate
from finmart.platform.db.engine import READONLY


def prepare_tables(engine: Engine, manifest: Manifest) -> None:
    """Bring an empty database to the archive's revision. Raises ``ArchiveTooNew`` or ``DatabaseNotEmpty``."""
    if not migrate.knows(manifest.revision):
        raise ArchiveTooNew(manifest.revision)
    with engine.execution_options(**{READONLY: True}).connect() as connection:
        _require_empty(connection)
        current = migrate.revision_of(connection)
    if current == manifest.revision:
        return
    if current is not None:
        migrate.downgrade(engine, "base")
    migrate.upgrade(engine, manifest.revision)


def _require_empty(connection: Connection) -> None:
    taken = first_with_rows(connection)
    if taken is not None:
        raise DatabaseNotEmpty(taken)


def fill(connection: Connection, archive: Archive, report: Report) -> None:
    """Write every row of ``archive`` and read it back.

    Raises ``DatabaseNotEmpty``, ``RowsRefused`` or ``TableDiffers``; the caller's transaction is then rolled back.
    """
    _require_empty(connection)
    found = _matched(shapes(connection), archive.manifest.tables)
    _defer_keys(connection, [shape for shape, _record in found])
    for shape, record in found:
        report(f"restoring the table {shape.name} ({record.rows:,} rows)")
        _fill_table(connection, archive, shape, record)
    _settle_keys(connection, [shape for shape, _record in found])
    for shape, record in found:
        report(f"comparing the table {shape.name}")
        digest = digest_of(shape.cells, read_rows(connection, shape))
        if (digest.rows, digest.hexdigest()) != (record.rows, record.digest):
            raise TableDiffers(shape.name)


def _matched(found: Sequence[Shape], records: Sequence[TableRecord]) -> list[tuple[Shape, TableRecord]]:
    """The database's tables in the order to fill them, with the archive's columns in the archive's order."""
    by_name = {record.name: record for record in records}
    odd = {shape.name for shape in found} ^ by_name.keys()
    odd |= (
        {shape.name for shape in found if set(shape.columns) != set(by_name[shape.name].columns)} if not odd else set()
    )
    if odd:
        raise TableDiffers(min(odd))
    return [
        (Shape(shape.name, by_name[shape.name].columns, shape.key, shape.circular), by_name[shape.name])
        for shape in found
    ]


def _fill_table(connection: Connection, archive: Archive, shape: Shape, record: TableRecord) -> None:
    cells = shape.cells
    try:
        write_rows(connection, shape, (cells.native(row) for row in archive.rows(record)))
    except DBAPIError as error:
        raise RowsRefused(shape.name, reason_of(error)) from None
    except (ValueError, TypeError) as error:
        raise RowsRefused(shape.name, type(error).__name__) from None


def reason_of(error: DBAPIError) -> str:
    """Why a database refused: its own words when it is the machine's doing, else the class (words may name values)."""
    if isinstance(error, OperationalError):
        return str(error.orig).strip().partition("\n")[0]
    return type(error).__name__


def _defer_keys(connection: Connection, found: Sequence[Shape]) -> None:
    """Let rows point to rows that come later; other keys are kept by the order of the tables."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        return
    _alter_keys(connection, found, "DEFERRABLE INITIALLY DEFERRED")


def _settle_keys(connection: Connection, found: Sequence[Shape]) -> None:
    """Check what was deferred, put the keys back as they were, and have new rows numbered after the restored ones."""
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).first()
        if broken is not None:
            raise TableDiffers(str(broken[0]))
        return
    try:
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    except DBAPIError as error:
        raise RowsRefused("—", reason_of(error)) from None
    _alter_keys(connection, found, "NOT DEFERRABLE")
    for shape in found:
        _set_sequence(connection, shape)


def _alter_keys(connection: Connection, found: Sequence[Shape], how: str) -> None:
    quote = connection.dialect.identifier_preparer.quote
    for shape in found:
        for key in shape.circular:
            connection.execute(text(f"ALTER TABLE {quote(shape.name)} ALTER CONSTRAINT {quote(key)} {how}"))


def _set_sequence(connection: Connection, shape: Shape) -> None:
    quoted = connection.dialect.identifier_preparer.quote(shape.name)
    for each in shape.columns:
        if each.name in shape.key and each.kind == Kind.INTEGER:
            sequence = connection.scalar(select(func.pg_get_serial_sequence(quoted, each.name)))
            last = connection.scalar(select(func.max(named_column(each.name))).select_from(table(shape.name)))
            if sequence is not None and last is not None:
                connection.execute(select(func.setval(sequence, last)))
