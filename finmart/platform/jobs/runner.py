"""Running jobs: at once (``inline``), in threads of the web process (``thread``), or not here (``off``)."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import structlog
from huey import SqliteHuey, crontab
from huey.consumer import Consumer
from sqlalchemy import select

from finmart.platform.db.session import unit_of_work
from finmart.platform.jobs import outbox
from finmart.platform.jobs.models import Lease
from finmart.platform.jobs.registry import PERIODIC, Periodic
from finmart.platform.kernel.clock import now

#: How long a periodic job that failed waits for its next attempt; a shorter period than this stays as it is.
RETRY = timedelta(minutes=10)

log = structlog.get_logger(__name__)


def _take_lease(periodic: Periodic) -> bool:
    with unit_of_work() as current:
        lease = current.scalar(select(Lease).where(Lease.name == periodic.name).with_for_update())
        if lease is None:
            current.add(Lease(name=periodic.name, until=now() + periodic.every))
            return True
        if lease.until > now():
            return False
        lease.until = now() + periodic.every
        return True


def _note_failure(periodic: Periodic, error: Exception) -> None:
    """Let a job that failed be tried again soon: its lease was taken for the whole period, before the work."""
    with unit_of_work() as current:
        lease = current.get_one(Lease, periodic.name)
        lease.until = now() + min(RETRY, periodic.every)
        lease.failed_at, lease.error = now(), type(error).__name__


def run_periodic() -> list[str]:
    """Run every periodic job whose lease has ended; returns the names of those that ended well.

    One that fails is logged by the class of its error (its text may hold values) and tried again after ``RETRY``.
    """
    ran = []
    for periodic in PERIODIC.values():
        if not _take_lease(periodic):
            continue
        try:
            with unit_of_work() as current:
                periodic.work()
                current.get_one(Lease, periodic.name).ran_at = now()
            ran.append(periodic.name)
        except Exception as error:  # Whatever one job raises, those after it must still run.
            log.error("periodic_failed", name=periodic.name, error=type(error).__name__)
            _note_failure(periodic, error)
    return ran


def work_until(stopped: Callable[[], bool], pause: float) -> None:
    """Do what is due and what is periodic every ``pause`` seconds, until ``stopped`` says so between two rounds.

    A round that finds the database away is logged and tried again: this process is meant to stay.
    """
    while not stopped():
        try:
            outbox.drain()
            run_periodic()
        except Exception as error:
            log.error("jobs_round_failed", error=type(error).__name__)
        time.sleep(pause)


class QuietConsumer(Consumer):  # type: ignore[misc]  # Huey carries no types.
    """Huey's consumer inside the web process: the process's own SIGTERM handler decides, not Huey's."""

    def _set_signal_handlers(self) -> None:
        return


def start_thread_runner(data: Path) -> QuietConsumer:
    """Start Huey's threads over ``jobs.db`` in ``data``; the outbox is drained on commit and every minute."""
    data.mkdir(parents=True, exist_ok=True)
    huey = SqliteHuey(filename=str(data / "jobs.db"), fsync=False)

    @huey.task()  # type: ignore[untyped-decorator]
    def drain_outbox() -> int:
        return outbox.drain()

    @huey.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
    def every_minute() -> None:
        outbox.drain()
        run_periodic()

    consumer = QuietConsumer(huey, workers=1, periodic=True, initial_delay=0.1, max_delay=1.0)
    consumer.start()
    outbox.on_commit(drain_outbox)
    return consumer


def use_inline_runner() -> None:
    """Do the work right after the commit that caused it (commands and tests)."""
    outbox.on_commit(_drain_now)


def _drain_now() -> None:
    outbox.drain()
