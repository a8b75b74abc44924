"""Running the migration chain (Alembic), and asking whether it has been run."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from finmart.config import ROOT
from finmart.platform.db.engine import READONLY
from finmart.platform.kernel.errors import NotReady
from finmart.platform.kernel.messages import N_


class TablesBehind(NotReady):
    """The tables are not at the revision that the code needs."""


class DatabaseAway(NotReady):
    """The database cannot be opened: an address nobody answers at, or a folder that may not be written."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to ``revision``."""
    with engine.connect() as connection:
        command.upgrade(_config(connection), revision)
        connection.commit()


def downgrade(engine: Engine, revision: str) -> None:
    """Take the tables back to ``revision``."""
    with engine.connect() as connection:
        command.downgrade(_config(connection), revision)
        connection.commit()


def revisions(engine: Engine) -> tuple[str | None, str | None]:
    """The revision of the tables and the one the code needs (None: no table yet, no migration yet)."""
    # As a reader: on SQLite a question must not wait for whoever is writing.
    with engine.execution_options(**{READONLY: True}).connect() as connection:
        current = revision_of(connection)
    return current, ScriptDirectory.from_config(_config()).get_current_head()


def revision_of(connection: Connection) -> str | None:
    """The revision of the tables as ``connection`` sees them (None: no table yet)."""
    return MigrationContext.configure(connection).get_current_revision()


def knows(revision: str) -> bool:
    """Whether the chain has ``revision``; a later release's it has not."""
    return any(script.revision == revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def require_current(engine: Engine) -> None:
    """Raise ``TablesBehind`` unless the migrations have been run, ``DatabaseAway`` when nothing can be asked."""
    try:
        current, head = revisions(engine)
    except OperationalError:
        raise DatabaseAway(N_("数据库无法打开，请检查 FINMART_DATABASE_URL 和 FINMART_DATA。")) from None
    if current != head:
        raise TablesBehind(N_("数据表还不是最新版本，请先运行 finmart db upgrade。"))
