"""Reading what is counted, and reading and adding counts."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import defer

from finmart.matching.demands.models import Demand
from finmart.matching.insights.models import InsightCell, InsightCount
from finmart.matching.models import MatchRun
from finmart.platform.db.session import session


def published_demands() -> list[Demand]:
    """Every published demand. A draft is its applicant's alone, so it is counted nowhere."""
    return list(session().scalars(select(Demand).where(Demand.state == "published").order_by(Demand.id)))


def latest_runs(demand_ids: Iterable[int]) -> dict[int, MatchRun]:
    """demand id → its newest run; the rows and advice stay unread."""
    newest = select(func.max(MatchRun.id)).where(MatchRun.demand_id.in_(list(demand_ids))).group_by(MatchRun.demand_id)
    query = select(MatchRun).options(defer(MatchRun.rows), defer(MatchRun.advice)).where(MatchRun.id.in_(newest))
    return {row.demand_id: row for row in session().scalars(query) if row.demand_id is not None}


def add_count(**values: Any) -> InsightCount:
    """A new count."""
    row = InsightCount(**values)
    session().add(row)
    session().flush()
    return row


def add_cells(rows: Sequence[dict[str, Any]]) -> None:
    """Figures in bulk."""
    if rows:
        session().execute(insert(InsightCell), list(rows))


def newest_count() -> InsightCount | None:
    """The last counting."""
    return session().scalar(select(InsightCount).order_by(InsightCount.id.desc()).limit(1))


def cells(*, count_id: int) -> list[InsightCell]:
    """All figures of a counting."""
    query = select(InsightCell).where(InsightCell.count_id == count_id)
    return list(session().scalars(query.order_by(InsightCell.measure, InsightCell.dimension, InsightCell.code)))


def demands_by_public_id(public_ids: Sequence[str]) -> list[Demand]:
    """Demands by public id, newest first."""
    return list(session().scalars(select(Demand).where(Demand.public_id.in_(public_ids)).order_by(Demand.id.desc())))
