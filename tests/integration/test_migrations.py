"""The chain of migrations makes exactly the models' tables, and can be walked back."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from finmart.factory import import_models
from finmart.platform.db import migrate
from finmart.platform.db.base import Base
from finmart.platform.db.session import Database


def test_the_tables_are_those_of_the_models(own_database: Database) -> None:
    import_models()
    with own_database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_chain_goes_down_to_nothing_and_up_again(own_database: Database) -> None:
    engine = own_database.engine
    before = set(inspect(engine).get_table_names())
    migrate.downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    current, head = migrate.revisions(engine)
    assert current is None
    migrate.upgrade(engine)
    assert set(inspect(engine).get_table_names()) == before
    assert migrate.revisions(engine) == (head, head)


def test_a_second_upgrade_changes_nothing(own_database: Database) -> None:
    migrate.upgrade(own_database.engine)
    current, head = migrate.revisions(own_database.engine)
    assert current == head
