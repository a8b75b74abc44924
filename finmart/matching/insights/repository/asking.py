"""Asking the newest counting; the region of whoever asks is part of each query, through the closure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from finmart.matching.insights.models import InsightCell, InsightCount, InsightDemand, InsightLead, RegionClosure
from finmart.matching.insights.types.stages import Dimension, LeadStage, Stage
from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.db.session import session

Fact = type[InsightDemand] | type[InsightLead]


def newest_count() -> InsightCount | None:
    """The last counting."""
    return session().scalar(select(InsightCount).order_by(InsightCount.id.desc()).limit(1))


def product_cells(*, count_id: int) -> list[InsightCell]:
    """Products by district and industry."""
    query = select(InsightCell).where(InsightCell.count_id == count_id)
    return list(session().scalars(query.order_by(InsightCell.dimension, InsightCell.code)))


@dataclass(frozen=True)
class Asked:
    """Whose figures, of which cases: ``viewer`` is the region of the official; bounds are days of publication."""

    count_id: int
    viewer: str
    demonstration: bool
    since: date | None = None
    until: date | None = None
    where: tuple[tuple[Dimension, str], ...] = ()


_COLUMNS: dict[Fact, dict[Dimension, InstrumentedAttribute[str]]] = {
    InsightDemand: {
        Dimension.DISTRICT: InsightDemand.district,
        Dimension.INDUSTRY: InsightDemand.industry,
        Dimension.SIZE: InsightDemand.size,
        Dimension.KIND: InsightDemand.kind,
    },
    InsightLead: {
        Dimension.DISTRICT: InsightLead.district,
        Dimension.INDUSTRY: InsightLead.industry,
        Dimension.SIZE: InsightLead.size,
        Dimension.KIND: InsightLead.kind,
        Dimension.INSTITUTION: InsightLead.institution,
        Dimension.PRODUCT_TYPE: InsightLead.product_type,
        Dimension.REASON: InsightLead.reason,
    },
}

#: Stage → the condition under which a case is counted, and the amount that belongs to it.
Stages = Mapping[Any, tuple[Any, Any]]
#: Stage of a demand → the condition under which it is counted, and the amount that belongs to it.
_DEMAND_STAGES: dict[Stage, tuple[Any, Any]] = {
    Stage.DEMANDS: (InsightDemand.id.is_not(None), InsightDemand.amount),
    Stage.MATCHED: (InsightDemand.matched, InsightDemand.amount),
    Stage.ANSWERED: (InsightDemand.answered, InsightDemand.amount),
    Stage.CONTACTED: (InsightDemand.contacted, InsightDemand.amount),
    Stage.DECIDED: (InsightDemand.decided, InsightDemand.amount),
    Stage.APPROVED: (InsightDemand.approved, InsightDemand.approved_amount),
    Stage.ACCEPTED: (InsightDemand.accepted, InsightDemand.approved_amount),
    Stage.FUNDED: (InsightDemand.funded, InsightDemand.funded_amount),
    Stage.OPEN: (InsightDemand.outcome == "published", InsightDemand.amount),
    Stage.DECLINED: (InsightDemand.outcome == "declined", InsightDemand.amount),
    Stage.WITHDRAWN: (InsightDemand.outcome == "withdrawn", InsightDemand.amount),
    Stage.EXPIRED: (InsightDemand.outcome == "expired", InsightDemand.amount),
    Stage.UNANSWERED: (
        and_(InsightDemand.outcome == "published", InsightDemand.answered.is_(False)),
        InsightDemand.amount,
    ),
}
_LEAD_STAGES: dict[LeadStage, tuple[Any, Any]] = {
    LeadStage.RECEIVED: (InsightLead.id.is_not(None), InsightLead.approved_amount),
    LeadStage.CONTACTED: (InsightLead.contacted, InsightLead.approved_amount),
    LeadStage.CONTACTED_IN_TIME: (InsightLead.contacted_in_time, InsightLead.approved_amount),
    LeadStage.DECIDED: (InsightLead.decided, InsightLead.approved_amount),
    LeadStage.DECIDED_IN_TIME: (InsightLead.decided_in_time, InsightLead.approved_amount),
    LeadStage.APPROVED: (InsightLead.approved, InsightLead.approved_amount),
    LeadStage.DECLINED: (InsightLead.declined, InsightLead.approved_amount),
    LeadStage.FUNDED: (InsightLead.funded, InsightLead.funded_amount),
}


def _conditions(fact: Fact, asked: Asked) -> list[ColumnElement[bool]]:
    """The viewer's region, through the closure, and what else narrows the cases."""
    inside = select(RegionClosure.descendant).where(RegionClosure.ancestor == asked.viewer)
    found = [
        fact.count_id == asked.count_id,
        fact.demonstration.is_(asked.demonstration),
        fact.region.in_(inside),
    ]
    if asked.since is not None:
        found.append(fact.published_on >= asked.since)
    if asked.until is not None:
        found.append(fact.published_on <= asked.until)
    return found + [_COLUMNS[fact][dimension] == code for dimension, code in asked.where]


def _counted(stages: Stages) -> list[Any]:
    columns: list[Any] = []
    for stage, (condition, amount) in stages.items():
        columns.append(func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(f"{stage.value}_n"))
        columns.append(func.coalesce(func.sum(case((condition, amount), else_=0)), 0).label(f"{stage.value}_a"))
    return columns


Counts = dict[str, tuple[int, int]]


def _ask(
    fact: Fact,
    stages: Stages,
    asked: Asked,
    by: Dimension | None,
) -> dict[str, Counts]:
    columns = _counted(stages)
    where = _conditions(fact, asked)
    if by is None:
        rows = session().execute(select(*columns).where(*where)).all()
        return {"": _of(rows[0], stages)}
    code = _COLUMNS[fact][by]
    query = select(code.label("code"), *columns).where(*where).group_by(code).order_by(code)
    return {row.code: _of(row, stages) for row in session().execute(query)}


def _of(row: Any, stages: Iterable[Any]) -> Counts:
    return {
        stage.value: (int(getattr(row, f"{stage.value}_n")), int(getattr(row, f"{stage.value}_a"))) for stage in stages
    }


def demand_counts(asked: Asked, by: Dimension | None = None) -> dict[str, Counts]:
    """code of ``by`` ("" for the whole) → stage → (cases, sum of amounts)."""
    return _ask(InsightDemand, _DEMAND_STAGES, asked, by)


def lead_counts(asked: Asked, by: Dimension | None = None) -> dict[str, Counts]:
    """code of ``by`` ("" for the whole) → stage of applications → (cases, sum of amounts)."""
    return _ask(InsightLead, _LEAD_STAGES, asked, by)


def lead_days(asked: Asked) -> dict[str, list[int]]:
    """Kind of timing → working days of every application that has them, sorted."""
    columns = {
        "contact": InsightLead.contact_days,
        "opinion": InsightLead.opinion_days,
        "decision": InsightLead.decision_days,
        "draw_down": InsightLead.draw_down_days,
    }
    rows = session().execute(select(*columns.values()).where(*_conditions(InsightLead, asked))).all()
    found: dict[str, list[int]] = {}
    for place, name in enumerate(columns):
        values: list[int | None] = [row[place] for row in rows]
        found[name] = sorted(value for value in values if value is not None)
    return found


def _page(query: Select[Any], *, limit: int, offset: int) -> tuple[list[Any], int]:
    total = session().scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return list(session().scalars(query.limit(limit).offset(offset))), total


def demand_cases(asked: Asked, stage: Stage, *, limit: int, offset: int) -> tuple[list[InsightDemand], int]:
    """The demands that one figure counts, newest first, and how many."""
    query = select(InsightDemand).where(*_conditions(InsightDemand, asked), _DEMAND_STAGES[stage][0])
    order = (InsightDemand.published_on.desc(), InsightDemand.id.desc())
    return _page(query.order_by(*order), limit=limit, offset=offset)


def lead_cases(asked: Asked, stage: LeadStage, *, limit: int, offset: int) -> tuple[list[InsightLead], int]:
    """The applications that one figure counts, newest first, and how many."""
    query = select(InsightLead).where(*_conditions(InsightLead, asked), _LEAD_STAGES[stage][0])
    return _page(query.order_by(InsightLead.received_on.desc(), InsightLead.id.desc()), limit=limit, offset=offset)


def fact_of_demand(asked: Asked, public_id: str) -> InsightDemand | None:
    """One demand of the viewer's region."""
    query = select(InsightDemand).where(*_conditions(InsightDemand, asked), InsightDemand.public_id == public_id)
    return session().scalar(query)


def first_published(asked: Asked) -> date | None:
    """The day of the first demand of the viewer's region; None where there is none."""
    return session().scalar(select(func.min(InsightDemand.published_on)).where(*_conditions(InsightDemand, asked)))


def holds(count_id: int, *, demonstration: bool) -> bool:
    """Whether the counting holds any demand of the demonstration, or any real one."""
    query = select(InsightDemand.id).where(
        InsightDemand.count_id == count_id, InsightDemand.demonstration.is_(demonstration)
    )
    return session().scalar(query.limit(1)) is not None


def institution_names() -> dict[str, tuple[str, str]]:
    """public id → Chinese and English name, for institutions."""
    query = select(Organisation.public_id, Organisation.name_zh, Organisation.name_en)
    rows = session().execute(query.where(Organisation.kind == "institution"))
    return {row.public_id: (row.name_zh, row.name_en or row.name_zh) for row in rows}
