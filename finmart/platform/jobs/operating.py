"""What the operator sees of jobs, and does about those that failed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import ColumnElement, func, select

from finmart.platform.audit.events import AuditEvent
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.db.session import session
from finmart.platform.jobs.models import Lease, OutboxRow
from finmart.platform.jobs.outbox import wake
from finmart.platform.jobs.registry import PERIODIC
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from finmart.platform.kernel.errors import BadInput, Conflict, NotFound
from finmart.platform.kernel.messages import N_

MIN_REASON = 4


class JobState(StrEnum):
    """Where a row of the outbox stands, as far as the operator cares."""

    FAILED = "failed"
    WAITING = "waiting"
    DROPPED = "dropped"


_CONDITIONS: dict[JobState, Callable[[], ColumnElement[bool]]] = {
    JobState.FAILED: lambda: OutboxRow.failed_at.is_not(None) & OutboxRow.dropped_at.is_(None),
    JobState.WAITING: lambda: OutboxRow.done_at.is_(None) & OutboxRow.failed_at.is_(None),
    JobState.DROPPED: lambda: OutboxRow.dropped_at.is_not(None),
}


@dataclass(frozen=True)
class JobView:
    """One piece of work. ``number`` is the row's own: it says nothing but order. The payload is not shown."""

    number: int
    name: str
    attempts: int
    error: str
    created_at: datetime
    run_after: datetime
    failed_at: datetime | None
    drop_reason: str


@dataclass(frozen=True)
class PeriodicView:
    """A job that comes back: when it ended well last, when it failed last, when it is due again."""

    name: str
    every: timedelta
    ran_at: datetime | None
    failed_at: datetime | None
    error: str
    due_at: datetime | None

    @property
    def is_failing(self) -> bool:
        """Whether its last try failed."""
        return self.failed_at is not None and (self.ran_at is None or self.failed_at > self.ran_at)


class JobUnknown(NotFound):
    """No such row."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这个后台任务。"))


class JobNotFailed(Conflict):
    """Only work that has failed can be tried again or given up."""

    def __init__(self) -> None:
        super().__init__(N_("这个后台任务不是失败状态，不能重试或放弃，请刷新页面。"))


class JobReasonMissing(BadInput):
    """Giving work up needs a reason."""

    def __init__(self) -> None:
        super().__init__(N_("请写明放弃的理由，至少 4 个字。"))


@dataclass(frozen=True, kw_only=True)
class JobRetried(AuditEvent):
    """Failed work is done again; ``target`` is the row's number."""

    name: ClassVar[str] = "job.retried"
    job: str
    fault: str


@dataclass(frozen=True, kw_only=True)
class JobDropped(AuditEvent):
    """Failed work was given up; the reason stays with the row."""

    name: ClassVar[str] = "job.dropped"
    job: str
    fault: str


def list_jobs(actor: Actor, state: JobState, *, limit: int, offset: int) -> tuple[tuple[JobView, ...], int]:
    """Work in one state, the newest first, and its number. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_JOBS_READ)
    condition = _CONDITIONS[state]()
    total = session().scalar(select(func.count()).select_from(OutboxRow).where(condition)) or 0
    query = select(OutboxRow).where(condition).order_by(OutboxRow.id.desc()).limit(limit).offset(offset)
    return tuple(_view(row) for row in session().scalars(query)), total


def read_job(actor: Actor, number: int) -> JobView:
    """One piece of work. Raises ``PermissionMissing`` or ``JobUnknown``."""
    require(actor, Permission.ALL_JOBS_READ)
    row = session().get(OutboxRow, number)
    if row is None:
        raise JobUnknown
    return _view(row)


def job_counts(actor: Actor) -> dict[JobState, int]:
    """How much work stands in each state. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_JOBS_READ)
    return {
        state: session().scalar(select(func.count()).select_from(OutboxRow).where(condition())) or 0
        for state, condition in _CONDITIONS.items()
    }


def retry_job(actor: Actor, number: int) -> None:
    """Have failed work done again from now on. Raises ``PermissionMissing``, ``JobUnknown`` or ``JobNotFailed``."""
    row = _failed(actor, number)
    fault = row.error
    row.failed_at = None
    row.attempts = 0
    row.run_after = now()
    wake()
    record(actor, JobRetried(target=str(number), job=row.name, fault=fault))


def drop_job(actor: Actor, number: int, *, reason: str) -> None:
    """Give failed work up, with the reason. Raises as ``retry_job`` does, or ``JobReasonMissing``."""
    row = _failed(actor, number)
    if len(reason.strip()) < MIN_REASON:
        raise JobReasonMissing
    row.dropped_at = now()
    row.drop_reason = reason.strip()
    record(actor, JobDropped(target=str(number), job=row.name, fault=row.error))


def list_periodic(actor: Actor) -> list[PeriodicView]:
    """The jobs that come back, by name. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_JOBS_READ)
    leases = {lease.name: lease for lease in session().scalars(select(Lease))}
    views = []
    for name, periodic in sorted(PERIODIC.items()):
        lease = leases.get(name)
        views.append(
            PeriodicView(
                name=name,
                every=periodic.every,
                ran_at=lease.ran_at if lease else None,
                failed_at=lease.failed_at if lease else None,
                error=lease.error if lease else "",
                due_at=lease.until if lease else None,
            )
        )
    return views


def _failed(actor: Actor, number: int) -> OutboxRow:
    require(actor, Permission.ALL_JOBS_RETRY)
    row = session().scalar(select(OutboxRow).where(OutboxRow.id == number).with_for_update())
    if row is None:
        raise JobUnknown
    if row.failed_at is None or row.dropped_at is not None:
        raise JobNotFailed
    return row


def _view(row: OutboxRow) -> JobView:
    return JobView(
        number=row.id,
        name=row.name,
        attempts=row.attempts,
        error=row.error,
        created_at=row.created_at,
        run_after=row.run_after,
        failed_at=row.failed_at,
        drop_reason=row.drop_reason or "",
    )
