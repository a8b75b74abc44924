"""Running jobs: at once (``inline``), in threads of the web process (``thread``), or not here (``off``)."""

from pathlib import Path

from huey import SqliteHuey, crontab
from huey.consumer import Consumer
from sqlalchemy import select

from finmart.platform.db.session import unit_of_work
from finmart.platform.jobs import outbox
from finmart.platform.jobs.models import Lease
from finmart.platform.jobs.registry import PERIODIC, Periodic
from finmart.platform.kernel.clock import now


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


def run_periodic() -> list[str]:
    """Run every periodic job whose lease has ended; returns their names."""
    ran = []
    for periodic in PERIODIC.values():
        if _take_lease(periodic):
            with unit_of_work():
                periodic.work()
            ran.append(periodic.name)
    return ran


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
