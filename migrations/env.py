"""Alembic's entry: the house's own engine and metadata, one chain for SQLite and PostgreSQL."""

from alembic import context
from sqlalchemy import Connection

from finmart.factory import import_models, prepare
from finmart.platform.db.base import Base
from finmart.platform.db.session import database

#: A migration must not queue behind a long transaction while everyone else queues behind the migration.
LOCK_TIMEOUT = "10s"


def run(connection: Connection) -> None:
    """Run the chain on ``connection``; SQLite changes tables by copying them."""
    import_models()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=connection.dialect.name != "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    prepare()
    with database().engine.connect() as opened:
        run(opened)
        opened.commit()
