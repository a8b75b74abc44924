"""The session of the present unit of work. Only edges (a request, a job, a command, a test) open and commit one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from finmart.platform.db.engine import PATIENCE, READONLY


@dataclass(frozen=True)
class Database:
    """Where units of work go: an engine, or one open connection that a test rolls back in the end."""

    engine: Engine
    connection: Connection | None = None

    @property
    def is_sqlite(self) -> bool:
        """Whether writers must take turns."""
        return self.engine.dialect.name == "sqlite"

    def new_session(self, *, readonly: bool, snapshot: bool = False, patience: int | None = None) -> Session:
        """A session of its own; on a test's connection it lives in a savepoint.

        ``snapshot``: a reader sees one state of the database however often it asks; on SQLite every reader does.
        ``patience``: after so many milliseconds a writer on SQLite stops waiting for others (``OperationalError``).
        """
        info = {"readonly": readonly}
        if self.connection is not None:
            return Session(self.connection, join_transaction_mode="create_savepoint", info=info)
        options: dict[str, Any] = {READONLY: True} if readonly else {}
        if patience is not None:
            options[PATIENCE] = patience
        if readonly and not self.is_sqlite:
            options["postgresql_readonly"] = True
            if snapshot:
                options["isolation_level"] = "REPEATABLE READ"
        return Session(self.engine.execution_options(**options) if options else self.engine, info=info)


class _Holder:
    database: Database | None = None


_current: ContextVar[Session | None] = ContextVar("finmart_session", default=None)


def use_database(database: Database | None) -> None:
    """Make ``database`` the one this process works on."""
    _Holder.database = database


def database() -> Database:
    """The database of this process. Raises ``RuntimeError`` before ``use_database``."""
    if _Holder.database is None:
        raise RuntimeError("no database: call use_database first")
    return _Holder.database


def session() -> Session:
    """The session of the present unit of work. Raises ``RuntimeError`` outside of one."""
    current = _current.get()
    if current is None:
        raise RuntimeError("no unit of work: only an edge opens one")
    return current


def after_commit(call: Callable[[], None]) -> None:
    """Have ``call`` run once, after the present unit of work has committed and closed; never when it rolls back."""
    session().info.setdefault("after_commit", {})[call] = None


@event.listens_for(Session, "before_flush")
def _refuse_writes_in_a_reader(current: Session, _context: Any, _instances: Any) -> None:
    if current.info.get("readonly") and (current.new or current.dirty or current.deleted):
        raise RuntimeError("a read-only unit of work has something to write; a GET must not change anything")


@contextmanager
def unit_of_work(*, readonly: bool = False, snapshot: bool = False) -> Iterator[Session]:
    """Open the unit of work of an edge: committed when the block ends well, rolled back when it does not.

    ``snapshot``: whatever a reader asks is answered from one state of the database (a backup; long reports).

    A second one inside it is refused, except in a test's transaction, because on SQLite it would wait for itself.
    """
    if _current.get() is not None and database().connection is None:
        raise RuntimeError("a unit of work is open already")
    with database().new_session(readonly=readonly, snapshot=snapshot) as opened:
        token = _current.set(opened)
        try:
            yield opened
            if readonly:
                opened.flush()  # Refuses, loudly, when something was left to be written.
                if database().connection is not None:
                    opened.commit()  # In a test short transactions lie inside the reader's savepoint: they stand.
            else:
                opened.commit()
        except BaseException:
            opened.rollback()
            opened.info.pop("after_commit", None)
            raise
        finally:
            _current.reset(token)
    for call in opened.info.pop("after_commit", {}):
        call()


@contextmanager
def short_transaction() -> Iterator[Session]:
    """Write something that must stand before what follows is shown (a profile's access row, DECISIONS 20).

    Inside a reader it is a transaction of its own, committed at the end of the block. Inside a writer it joins it
    and flushes: there nothing is shown unless the whole commits.
    """
    current = _current.get()
    if current is not None and not current.info.get("readonly"):
        yield current
        current.flush()
        return
    with database().new_session(readonly=False) as opened:
        token = _current.set(opened)
        try:
            yield opened
            opened.commit()
        finally:
            _current.reset(token)


@contextmanager
def reading_beside() -> Iterator[None]:
    """Read one state of the database for long, in a job whose own unit of work has not asked anything yet.

    Such a unit holds nothing until its first question, so nobody waits for the reading.
    """
    with database().new_session(readonly=True, snapshot=True) as opened:
        token = _current.set(opened)
        try:
            yield
        finally:
            _current.reset(token)


@contextmanager
def apart(*, readonly: bool = False, patience: int | None = None) -> Iterator[Session]:
    """A short transaction beside whatever unit of work is open, committed at the end of the block.

    On SQLite a writing one would wait for an open writer of the same request: only before that has asked anything.
    """
    with database().new_session(readonly=readonly, patience=patience) as opened:
        yield opened
        opened.commit()
