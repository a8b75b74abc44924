"""How the work stands, in figures that a monitor can watch: nothing of what it is about."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from finmart.platform.db.session import session
from finmart.platform.jobs.models import Lease, OutboxRow
from finmart.platform.jobs.registry import PERIODIC
from finmart.platform.kernel.clock import now

#: Work that has been due for so long is being done by nobody.
STUCK_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Standing:
    """Figures of the outbox and of the periodic jobs. ``late_seconds`` is how long the oldest due work has waited."""

    due: int
    later: int
    failed: int
    late_seconds: int
    periodic_late: tuple[str, ...]
    periodic_failed: tuple[str, ...]

    @property
    def is_stuck(self) -> bool:
        """Whether nobody does the work: something has been due for longer than any worker would leave it."""
        return self.late_seconds > STUCK_AFTER.total_seconds() or bool(self.periodic_late)


def standing() -> Standing:
    """How the work stands now."""
    waits = OutboxRow.done_at.is_(None) & OutboxRow.failed_at.is_(None)
    due = waits & (OutboxRow.run_after <= now())
    oldest = session().scalar(select(func.min(OutboxRow.run_after)).where(due))
    leases = {lease.name: lease for lease in session().scalars(select(Lease))}
    known = {name: leases[name] for name in sorted(PERIODIC) if name in leases}
    return Standing(
        due=_count(due),
        later=_count(waits & (OutboxRow.run_after > now())),
        failed=_count(OutboxRow.failed_at.is_not(None) & OutboxRow.dropped_at.is_(None)),
        late_seconds=int((now() - oldest).total_seconds()) if oldest else 0,
        periodic_late=tuple(name for name, lease in known.items() if now() - lease.until > STUCK_AFTER),
        periodic_failed=tuple(name for name, lease in known.items() if _failed_last(lease.ran_at, lease.failed_at)),
    )


def _count(condition: ColumnElement[bool]) -> int:
    return session().scalar(select(func.count()).select_from(OutboxRow).where(condition)) or 0


def _failed_last(ran_at: datetime | None, failed_at: datetime | None) -> bool:
    return failed_at is not None and (ran_at is None or failed_at > ran_at)
