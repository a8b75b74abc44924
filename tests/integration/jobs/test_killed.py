"""Workers of their own processes, killed while they work: what they were doing is done once, by whoever is left."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from finmart.config import Settings
from finmart.platform.db.session import Database, unit_of_work
from finmart.platform.jobs import runner
from finmart.platform.jobs.models import Lease, OutboxRow
from finmart.platform.kernel.clock import now
from tests.conventions.tree import ROOT
from tests.services.job_worker import QUICK, SLOW, TICK

pytestmark = [pytest.mark.database, pytest.mark.huey]

PATIENCE_S = 60.0
#: So rarely does a worker look by itself that whatever it does at once it was woken for.
SELDOM_S = "60"


class Yard:
    """Where the workers work: their installation, and the files by which they and the test see each other."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.folder = folder
        self._environ = environ
        self.workers: list[subprocess.Popen[bytes]] = []

    def run(self, *words: str) -> subprocess.Popen[bytes]:
        """Start the command with ``words``."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.services.job_worker", str(self.folder), *words],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "FINMART_LOG_LEVEL": "ERROR", **self._environ},
            stdin=subprocess.DEVNULL,
        )

    def worker(self, *, pause: str = "0.2") -> subprocess.Popen[bytes]:
        """Start a worker."""
        self.workers.append(self.run("jobs", "work", "--pause", pause, "--workers", "2"))
        return self.workers[-1]

    def enqueue(self, name: str, first: int, last: int) -> None:
        """Let another process write work down and wake the workers."""
        with self.run("enqueue", name, str(first), str(last)) as process:
            assert process.wait(PATIENCE_S) == 0

    def hold(self) -> None:
        """Let jobs wait before their commit."""
        (self.folder / "hold").touch()

    def let_go(self) -> None:
        """Let jobs go on."""
        (self.folder / "hold").unlink()

    def end(self) -> None:
        """Kill whoever is left."""
        for worker in self.workers:
            with suppress(ProcessLookupError):
                worker.kill()
            worker.wait(PATIENCE_S)


@pytest.fixture
def yard(own_database: Database, settings: Settings, tmp_path: Path) -> Iterator[Yard]:
    with own_database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE work_done (kind TEXT NOT NULL, number INTEGER NOT NULL)"))
    made = Yard(
        tmp_path,
        {
            "FINMART_DATA": str(settings.data),
            "FINMART_DATABASE_URL": own_database.engine.url.render_as_string(hide_password=False),
        },
    )
    yield made
    made.end()


def _until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def _done(kind: str) -> list[int]:
    with unit_of_work(readonly=True) as current:
        rows = current.execute(text("SELECT number FROM work_done WHERE kind = :kind ORDER BY number"), {"kind": kind})
        return [number for (number,) in rows]


def _open_rows() -> int:
    with unit_of_work(readonly=True) as current:
        return current.query(OutboxRow).filter(OutboxRow.done_at.is_(None)).count()


def _lease() -> Lease | None:
    with unit_of_work(readonly=True) as current:
        return current.get(Lease, TICK)


def test_a_worker_is_woken_and_what_a_killed_one_was_doing_is_done_once_by_the_next(yard: Yard) -> None:
    first = yard.worker(pause=SELDOM_S)
    yard.enqueue(QUICK, 0, 0)
    _until(lambda: _done(QUICK) == [0], "the worker was not woken")
    yard.hold()
    yard.enqueue(SLOW, 1, 3)
    _until((yard.folder / "began-1").exists, "the work did not begin")
    first.send_signal(signal.SIGKILL)
    assert first.wait(PATIENCE_S) == -signal.SIGKILL
    assert (_done(SLOW), _open_rows()) == ([], 3)
    yard.let_go()
    second = yard.worker()
    _until(lambda: not _open_rows(), "the work of the dead was not taken over")
    assert _done(SLOW) == [1, 2, 3]
    second.terminate()
    assert second.wait(PATIENCE_S) == 0


def test_what_is_under_way_is_finished_before_a_worker_ends(yard: Yard) -> None:
    yard.hold()
    worker = yard.worker()
    yard.enqueue(SLOW, 1, 1)
    _until((yard.folder / "began-1").exists, "the work did not begin")
    worker.terminate()
    time.sleep(0.5)
    assert worker.poll() is None
    yard.let_go()
    assert worker.wait(PATIENCE_S) == 0
    assert (_done(SLOW), _open_rows()) == ([1], 0)


def test_whenever_workers_are_killed_everything_is_done_once(yard: Yard) -> None:
    dice = random.Random(3)
    yard.enqueue(QUICK, 1, 60)
    while _open_rows():
        workers = [yard.worker() for _ in range(2)]
        before = _open_rows()
        _until(lambda before=before: _open_rows() < before, "nothing was done")  # type: ignore[misc]
        time.sleep(dice.random() * 0.5)
        for worker in workers:
            worker.send_signal(signal.SIGKILL)
            worker.wait(PATIENCE_S)
    assert _done(QUICK) == list(range(1, 61))


def test_a_periodic_job_runs_on_one_worker_and_is_not_lost_with_it(yard: Yard) -> None:
    (yard.folder / "ticking").touch()
    yard.hold()
    workers = [yard.worker() for _ in range(2)]
    _until((yard.folder / "began-tick").exists, "the periodic job did not begin")
    time.sleep(1)
    for worker in workers:
        worker.send_signal(signal.SIGKILL)
        worker.wait(PATIENCE_S)
    held = _lease()
    assert _done(TICK) == []
    assert held is not None
    assert held.until - now() <= runner.HOLD
    with unit_of_work() as current:
        current.get_one(Lease, TICK).until = now() - timedelta(seconds=1)
    yard.let_go()
    for _ in range(2):
        yard.worker()
    _until(lambda: _done(TICK) == [0], "the periodic job was not taken over")
    time.sleep(1)
    assert _done(TICK) == [0]
    kept = _lease()
    assert kept is not None
    assert kept.until - now() > timedelta(hours=23)
