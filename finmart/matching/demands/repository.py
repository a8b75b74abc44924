"""Reading and writing demands; nothing here decides or commits."""

from typing import Any

from sqlalchemy import func, select

from finmart.matching.demands.models import Demand
from finmart.platform.db.session import session


def add(**values: Any) -> Demand:
    """A new demand with the given columns."""
    row = Demand(**values)
    session().add(row)
    session().flush()
    return row


def by_public_id(public_id: str, *, lock: bool = False) -> Demand | None:
    """The demand with a public id; ``lock`` lets one step at a time be taken."""
    query = select(Demand).where(Demand.public_id == public_id)
    return session().scalar(query.with_for_update() if lock else query)


def by_id(demand_id: int) -> Demand | None:
    """The demand with an inner id."""
    return session().get(Demand, demand_id)


def of_organisation(*, organisation_id: int, limit: int, offset: int) -> tuple[list[Demand], int]:
    """An organisation's demands, newest first, and how many there are."""
    where = Demand.organisation_id == organisation_id
    total = session().scalar(select(func.count()).select_from(Demand).where(where)) or 0
    query = select(Demand).where(where).order_by(Demand.id.desc()).limit(limit).offset(offset)
    return list(session().scalars(query)), total
