"""Reading and writing demands; nothing here decides or commits."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from finmart.matching.demands.models import Demand, DemandClock, DemandStepRow
from finmart.matching.demands.types.clocks import Duty
from finmart.matching.demands.types.states import DemandState, DemandStep
from finmart.platform.db.session import session
from finmart.platform.kernel.actor import Actor


def add(**values: Any) -> Demand:
    """A new demand with the given columns."""
    row = Demand(**values)
    session().add(row)
    session().flush()
    return row


def by_public_id(public_id: str, *, lock: bool = False) -> Demand | None:
    """The demand with a public id; ``lock`` lets one step at a time be taken."""
    query = select(Demand).where(Demand.public_id == public_id)
    if lock:
        # What another transaction has just committed must be seen, not what this one read before it waited.
        query = query.with_for_update().execution_options(populate_existing=True)
    return session().scalar(query)


def by_id(demand_id: int, *, lock: bool = False) -> Demand | None:
    """The demand with an inner id; ``lock`` as above."""
    if lock:
        return session().get(Demand, demand_id, with_for_update=True, populate_existing=True)
    return session().get(Demand, demand_id)


def by_ids(demand_ids: Iterable[int]) -> list[Demand]:
    """The demands with these inner ids."""
    return list(session().scalars(select(Demand).where(Demand.id.in_(sorted(demand_ids)))))


def of_organisation(*, organisation_id: int, limit: int, offset: int) -> tuple[list[Demand], int]:
    """An organisation's demands, newest first, and how many there are."""
    where = Demand.organisation_id == organisation_id
    total = session().scalar(select(func.count()).select_from(Demand).where(where)) or 0
    query = select(Demand).where(where).order_by(Demand.id.desc()).limit(limit).offset(offset)
    return list(session().scalars(query)), total


def add_step(
    row: Demand, actor: Actor, *, step: DemandStep, old: DemandState, new: DemandState, at: datetime, reason: str
) -> None:
    """One more step of a demand's life."""
    session().add(
        DemandStepRow(
            demand_id=row.id,
            at=at,
            step=step.value,
            from_state=old.value,
            to_state=new.value,
            actor=actor.label,
            user_id=actor.user_id,
            organisation_id=actor.organisation_id,
            reason=reason,
        )
    )
    session().flush()


def steps_of(demand_id: int) -> list[DemandStepRow]:
    """Every step of a demand, in order."""
    return list(
        session().scalars(select(DemandStepRow).where(DemandStepRow.demand_id == demand_id).order_by(DemandStepRow.id))
    )


def running_clock(demand_id: int) -> DemandClock | None:
    """The clock that runs for a demand."""
    return session().scalar(
        select(DemandClock).where(DemandClock.demand_id == demand_id, DemandClock.stopped_at.is_(None))
    )


def running_clocks(demand_ids: list[int]) -> dict[int, DemandClock]:
    """demand id → its running clock."""
    query = select(DemandClock).where(DemandClock.demand_id.in_(demand_ids), DemandClock.stopped_at.is_(None))
    return {row.demand_id: row for row in session().scalars(query)}


def add_clock(demand_id: int, duty: Duty, *, at: datetime) -> None:
    """Start a clock."""
    session().add(
        DemandClock(
            demand_id=demand_id,
            lead_id=duty.lead_id,
            kind=duty.kind.value,
            owner=duty.owner.value,
            organisation_id=duty.organisation_id,
            started_at=at,
            due_on=duty.due_on,
            provisional=duty.provisional,
        )
    )
    session().flush()


def flush() -> None:
    """Write what has changed, so that what follows meets it."""
    session().flush()


def live_ids() -> list[int]:
    """Every living demand, oldest first."""
    return list(session().scalars(select(Demand.id).where(Demand.state == DemandState.PUBLISHED).order_by(Demand.id)))
