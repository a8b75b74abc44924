"""Running jobs: at once (``inline``), in threads of the web process (``thread``), or in another process (``off``)."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import structlog
from huey import crontab
from huey.consumer import Consumer
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from finmart.platform.db.session import database, unit_of_work
from finmart.platform.jobs import outbox
from finmart.platform.jobs.models import Lease
from finmart.platform.jobs.registry import PERIODIC, Periodic
from finmart.platform.jobs.waking import Waker, make_huey, with_drain
from finmart.platform.kernel.clock import now

#: How long a periodic job that failed waits for its next attempt; a shorter period than this stays as it is.
RETRY = timedelta(minutes=10)
#: How long a periodic job is kept from other processes while it runs. One that was killed is tried again after it, so
#: a nightly job is not lost for a day; one that runs longer than this may be begun a second time beside itself.
HOLD = timedelta(hours=1)
#: How soon a sleeping worker notices that it is to stop.
STOP_CHECK_S = 0.2

log = structlog.get_logger(__name__)


def _take_lease(periodic: Periodic) -> bool:
    """Whether this process may run the job: nobody else will until ``HOLD`` has passed, or until it has ended well."""
    try:
        with unit_of_work() as current:
            lease = current.scalar(select(Lease).where(Lease.name == periodic.name).with_for_update())
            if lease is None:
                current.add(Lease(name=periodic.name, until=now() + min(HOLD, periodic.every)))
                return True
            if lease.until > now():
                return False
            lease.until = now() + min(HOLD, periodic.every)
            return True
    except IntegrityError:  # Another process has written the job's first lease at the same moment.
        return False


def _note_failure(periodic: Periodic, error: Exception) -> None:
    """Let a job that failed be tried again soon."""
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
        began = now()
        if not _take_lease(periodic):
            continue
        try:
            with unit_of_work() as current:
                periodic.work()
                lease = current.get_one(Lease, periodic.name)
                lease.until, lease.ran_at = began + periodic.every, now()
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
            while outbox.drain() and not stopped():
                pass  # There may be more than one round takes.
            run_periodic()
        except Exception as error:
            log.error("jobs_round_failed", error=type(error).__name__)
        _sleep(pause, stopped)


def _sleep(pause: float, stopped: Callable[[], bool]) -> None:
    until = time.monotonic() + pause
    while not stopped() and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, STOP_CHECK_S))


class QuietConsumer(Consumer):  # type: ignore[misc]  # Huey carries no types.
    """Huey's consumer inside a process whose own signal handlers decide, not Huey's."""

    def _set_signal_handlers(self) -> None:
        return


def start_thread_runner(data: Path) -> QuietConsumer:
    """Start Huey's threads in this process; the outbox is drained on commit and every minute."""
    woken = with_drain(make_huey(data, database().engine))
    huey = woken[0]

    @huey.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
    def every_minute() -> None:
        outbox.drain()
        run_periodic()

    consumer = QuietConsumer(huey, workers=1, periodic=True, initial_delay=0.1, max_delay=1.0)
    consumer.start()
    outbox.on_commit(Waker(lambda: woken).wake)
    return consumer


def use_waker(data: Path) -> None:
    """Let commits of this process wake the workers, which are processes of their own."""
    outbox.on_commit(Waker(lambda: with_drain(make_huey(data, database().engine))).wake)


def work(data: Path, stopped: Callable[[], bool], *, pause: float, workers: int) -> None:
    """Be a worker until ``stopped``: ``workers`` threads that are woken, and a look of our own every ``pause`` seconds.

    The look finds what falls due by itself (retries, periodic work) and what a lost wake-up would have started. What
    is under way when it is to stop is finished first.
    """
    woken = with_drain(make_huey(data, database().engine))
    outbox.on_commit(Waker(lambda: woken).wake)
    consumer = QuietConsumer(woken[0], workers=workers, periodic=False, initial_delay=0.1, max_delay=1.0)
    consumer.start()
    try:
        work_until(stopped, pause)
    finally:
        consumer.stop(graceful=True)


def use_inline_runner() -> None:
    """Do the work right after the commit that caused it (commands and tests)."""
    outbox.on_commit(_drain_now)


def _drain_now() -> None:
    outbox.drain()
