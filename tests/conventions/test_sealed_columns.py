"""What is ciphertext in a table says so by its type, so that a rotation of the keys finds it."""

from sqlalchemy import LargeBinary, TypeDecorator

from finmart.factory import import_models
from finmart.platform.db.base import Base
from finmart.platform.db.types import Sealed
from finmart.platform.keys.repository import sealed_tables

#: Bytes that are no ciphertext.
PLAIN = {("audit_sealed_row", "digest")}


def test_every_column_of_bytes_is_ciphertext_or_named_here() -> None:
    import_models()
    found = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
        or (isinstance(column.type, TypeDecorator) and isinstance(column.type.impl_instance, LargeBinary))
        if not isinstance(column.type, Sealed)
    }
    assert found == PLAIN


def test_every_cell_is_bound_to_its_own_place() -> None:
    import_models()
    tables = sealed_tables()
    contexts = [sealed.context_of(column) for sealed in tables for column in sealed.columns]
    assert len(contexts) > 20
    assert len(contexts) == len(set(contexts))
    places = {f"{sealed.table.name}.{column.name}" for sealed in tables for column in sealed.columns}
    assert set(contexts) == places
