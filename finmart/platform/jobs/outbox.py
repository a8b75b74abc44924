"""Writing work down with the change that causes it, and doing it afterwards."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from threading import RLock
from typing import Any

import structlog
from sqlalchemy import select

from finmart.platform.audit.service import request_id
from finmart.platform.db.session import after_commit, database, session, unit_of_work
from finmart.platform.jobs.models import OutboxRow
from finmart.platform.jobs.registry import JOBS, OWN_UNITS, Payload
from finmart.platform.kernel.clock import now

MAX_ATTEMPTS = 6
FIRST_RETRY = timedelta(seconds=10)
#: How long a job that opens its own units of work keeps its row from other processes; one that died is done after it.
TAKEN_FOR = timedelta(minutes=5)

#: SQLite has one writer: threads of one process take turns here, where waiting has no time limit, instead of there,
#: where a long job would make the others' attempts fail. A job that writes work down and drains it has its turn.
_turn = RLock()

log = structlog.get_logger(__name__)


class _Runner:
    """What starts the work once rows have been committed; nothing until a runner says otherwise."""

    start: Callable[[], None] | None = None


def on_commit(call: Callable[[], None] | None) -> None:
    """Have ``call`` run after every commit that wrote outbox rows (a runner sets it)."""
    _Runner.start = call


def _start_work() -> None:
    if _Runner.start is not None:
        _Runner.start()


def enqueue(name: str, payload: dict[str, Any], *, after: timedelta = timedelta()) -> None:
    """Write down that ``name`` is to be done with ``payload``, ``after`` the present unit of work has committed."""
    session().add(OutboxRow(name=name, payload=payload, request_id=request_id.get(), run_after=now() + after))
    wake()


def at_hand(name: str, *, since: datetime) -> list[Payload]:
    """What ``name`` is to be done with or has been done with ``since`` then, and what it has failed at since then."""
    over = (OutboxRow.done_at >= since) | (OutboxRow.done_at.is_(None) & (OutboxRow.failed_at >= since))
    waits = OutboxRow.done_at.is_(None) & OutboxRow.failed_at.is_(None)
    return list(session().scalars(select(OutboxRow.payload).where(OutboxRow.name == name, waits | over)))


def wake() -> None:
    """Have the runner look for work once the present unit of work has committed."""
    after_commit(_start_work)


def _due_ids(limit: int) -> list[int]:
    with unit_of_work(readonly=True) as current:
        return list(
            current.scalars(
                select(OutboxRow.id)
                .where(OutboxRow.done_at.is_(None), OutboxRow.failed_at.is_(None), OutboxRow.run_after <= now())
                .order_by(OutboxRow.id)
                .limit(limit)
            )
        )


def _run(row_id: int) -> bool:
    """Do one row's work; its effect and its being done are one commit. False when another process has it."""
    with unit_of_work() as current:
        row = current.scalar(
            select(OutboxRow)
            .where(
                OutboxRow.id == row_id,
                OutboxRow.done_at.is_(None),
                OutboxRow.failed_at.is_(None),
                OutboxRow.run_after <= now(),
            )
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return False
        name, payload, request = row.name, row.payload, row.request_id
        if name not in OWN_UNITS:
            _work(name, payload, request)
            row.done_at = now()
            return True
        row.run_after = now() + TAKEN_FOR
    _work(name, payload, request)
    with unit_of_work() as current:
        current.get_one(OutboxRow, row_id).done_at = now()
    return True


def _work(name: str, payload: Payload, request: str) -> None:
    token = request_id.set(request)
    try:
        JOBS[name](payload)
    finally:
        request_id.reset(token)


def _note_failure(row_id: int, error: Exception) -> None:
    with unit_of_work() as current:
        row = current.get_one(OutboxRow, row_id)
        row.attempts += 1
        row.error = type(error).__name__  # Never its text, which may hold what people typed.
        if row.attempts >= MAX_ATTEMPTS:
            row.failed_at = now()
        else:
            row.run_after = now() + FIRST_RETRY * 2 ** (row.attempts - 1)
    log.error("job_failed", outbox_row=row_id, error=type(error).__name__)


def drain(limit: int = 100) -> int:
    """Do what is due, oldest first; returns how many rows were done. A failure is noted and tried again later."""
    with _turn if database().is_sqlite else nullcontext():
        done = 0
        for row_id in _due_ids(limit):
            try:
                done += _run(row_id)
            except Exception as error:  # Whatever one job raises, the others must still run.
                _note_failure(row_id, error)
        return done
