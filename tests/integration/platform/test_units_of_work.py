"""Units of work on a real database file: nothing lost under threads, nothing written by a reader."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select, text

from finmart.platform.audit import service as audit
from finmart.platform.audit.models import AuditRow
from finmart.platform.db.base import Base
from finmart.platform.db.engine import make_engine
from finmart.platform.db.session import (
    Database,
    after_commit,
    database,
    session,
    short_transaction,
    unit_of_work,
    use_database,
)
from finmart.platform.jobs import outbox
from finmart.platform.jobs.models import OutboxRow
from finmart.platform.jobs.registry import JOBS
from finmart.platform.kernel.actor import system_actor
from tests.integration.platform.events import SomethingHappened

THREADS, ROUNDS = 8, 30
TESTS = system_actor("test", "tests")


@pytest.fixture
def file_database(tmp_path: Path) -> Iterator[Database]:
    """A SQLite file of its own, because threads and rollbacks are what is tested here."""
    engine = make_engine(f"sqlite:///{tmp_path / 'test.db'}")
    Base.metadata.create_all(
        engine, tables=[AuditRow.metadata.tables["audit_row"], OutboxRow.metadata.tables["outbox_row"]]
    )
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (n INTEGER NOT NULL)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    try:
        before: Database | None = database()
    except RuntimeError:
        before = None
    use_database(Database(engine))
    yield database()
    use_database(before)
    engine.dispose()


def _count(_turn: int) -> None:
    with unit_of_work() as current:
        seen = current.scalar(text("SELECT n FROM counter")) or 0
        current.execute(text("UPDATE counter SET n = :n"), {"n": seen + 1})


@pytest.mark.usefixtures("file_database")
def test_concurrent_read_then_write_loses_nothing() -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(_count, range(THREADS * ROUNDS)))
    with unit_of_work(readonly=True) as current:
        assert current.scalar(text("SELECT n FROM counter")) == THREADS * ROUNDS


@pytest.mark.usefixtures("file_database")
def test_a_reader_cannot_write() -> None:
    with pytest.raises(RuntimeError, match="read-only"), unit_of_work(readonly=True) as current:
        audit.record(TESTS, SomethingHappened(target="x", how_much=1))
        current.flush()


@pytest.mark.usefixtures("file_database")
def test_an_error_leaves_nothing_behind_and_calls_nobody() -> None:
    calls: list[str] = []
    with pytest.raises(ZeroDivisionError), unit_of_work():
        audit.record(TESTS, SomethingHappened(target="x", how_much=1))
        after_commit(lambda: calls.append("called"))
        _ = 1 / 0
    with unit_of_work(readonly=True) as current:
        assert not current.scalars(select(AuditRow)).all()
    assert not calls


@pytest.mark.usefixtures("file_database")
def test_a_short_transaction_inside_a_reader_stands_even_when_the_reader_fails() -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work(readonly=True):
        with short_transaction():
            audit.record(TESTS, SomethingHappened(target="x", how_much=7))
        _ = 1 / 0
    with unit_of_work(readonly=True) as current:
        row = current.scalars(select(AuditRow)).one()
        assert (row.name, row.payload, row.actor) == ("thing.happened", {"how_much": 7}, "system:test")


@pytest.mark.usefixtures("file_database")
def test_a_second_unit_of_work_is_refused_and_outside_there_is_no_session() -> None:
    with unit_of_work(), pytest.raises(RuntimeError, match="open already"), unit_of_work():
        pass
    with pytest.raises(RuntimeError, match="only an edge"):
        session()


@pytest.mark.usefixtures("file_database")
def test_outbox_work_runs_after_the_commit_once_and_failures_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def work(payload: dict[str, int]) -> None:
        seen.append(payload["n"])
        if payload["n"] == 2:
            raise ValueError("not this one")

    monkeypatch.setitem(JOBS, "test.work", work)
    with unit_of_work():
        outbox.enqueue("test.work", {"n": 1})
        outbox.enqueue("test.work", {"n": 2})
        outbox.enqueue("test.work", {"n": 3})
        assert not seen
    assert outbox.drain() == 2
    assert outbox.drain() == 0  # The failed row waits for its next attempt.
    assert seen == [1, 2, 3]
    with unit_of_work(readonly=True) as current:
        failed = current.scalars(select(OutboxRow).where(OutboxRow.done_at.is_(None))).one()
        assert (failed.attempts, failed.error) == (1, "ValueError")
