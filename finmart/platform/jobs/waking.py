"""Huey: how a process that has written work down wakes one that does it. Nothing is kept there but the waking.

PostgreSQL installations wake by ``PostgresHuey`` (LISTEN/NOTIFY) in a schema of its own inside their database, SQLite
ones by ``SqliteHuey`` in ``jobs.db``. What a wake-up that was lost would have started is found by the next look at the
outbox.
"""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

import structlog
from huey import Huey, PostgresHuey, SqliteHuey
from sqlalchemy import Engine

from finmart.platform.jobs import outbox

NAME = "finmart"
#: Huey's tables stand apart from ours: no migration knows them, no backup needs them.
SCHEMA = "huey"
#: One process makes schema and tables at a time; any number that nobody else locks.
MAKING_LOCK = 5_820_020

# Its lines are no JSON and repeat with every look at a database that is away; ``jobs_round_failed`` says it.
logging.getLogger("huey").setLevel(logging.CRITICAL)

log = structlog.get_logger(__name__)


def make_huey(data: Path, engine: Engine) -> Huey:
    """The Huey of an installation. Raises the driver's errors when its database cannot be reached."""
    if engine.dialect.name != "postgresql":
        data.mkdir(parents=True, exist_ok=True)
        return SqliteHuey(NAME, filename=str(data / "jobs.db"), fsync=False, results=False)
    with _connect(engine, path="public") as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (MAKING_LOCK,))
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        # No results are kept: a row of the outbox says what has been done.
        return PostgresHuey(NAME, connection=partial(_connect, engine), results=False)


def _connect(engine: Engine, *, path: str = SCHEMA) -> Any:
    """A connection of the driver's own, outside of the pool: Huey keeps one a process, and one a listening thread."""
    arguments, options = engine.dialect.create_connect_args(engine.url)
    connection = engine.dialect.loaded_dbapi.connect(*arguments, **options, autocommit=True)
    connection.execute(f"SET search_path TO {path}")
    return connection


def with_drain(huey: Huey) -> tuple[Huey, Callable[[], Any]]:
    """``huey`` with the one task there is: calling it has some consumer drain the outbox."""

    def drain_outbox() -> None:
        outbox.drain()

    return huey, huey.task(name="drain_outbox")(drain_outbox)


class Waker:
    """Wakes the installation's workers; connected when it is first needed, in the process that needs it."""

    def __init__(self, make: Callable[[], tuple[Huey, Callable[[], Any]]]) -> None:
        self._make = make
        self._lock = Lock()
        self._made: tuple[Huey, Callable[[], Any]] | None = None

    def wake(self) -> None:
        """Have the outbox drained soon. The change has been committed already: no trouble here may undo its answer."""
        try:
            huey, drain = self._connected()
            # A wake-up that nobody has taken yet will also find what has just been committed.
            if not huey.storage.queue_size():
                drain()
        except Exception as error:  # Whatever the driver raises; the worker looks by itself, only later.
            log.error("wake_failed", error=type(error).__name__)

    def _connected(self) -> tuple[Huey, Callable[[], Any]]:
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made
