"""Reading what is counted, and writing the facts of a counting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import defer

from finmart.matching.demands.models import Demand
from finmart.matching.insights.models import (
    InsightCell,
    InsightCount,
    InsightDemand,
    InsightLead,
    RegionClosure,
    RegionNode,
)
from finmart.matching.leads.models import Lead, LeadStepRow
from finmart.matching.models import MatchRun
from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.db.session import session


def published_demands() -> list[Demand]:
    """Every demand that was ever published. A draft is its applicant's alone, so it is counted nowhere."""
    return list(session().scalars(select(Demand).where(Demand.published_at.is_not(None)).order_by(Demand.id)))


def latest_runs() -> dict[int, MatchRun]:
    """demand id → its newest run; the rows and advice stay unread."""
    newest = select(func.max(MatchRun.id)).where(MatchRun.demand_id.is_not(None)).group_by(MatchRun.demand_id)
    query = select(MatchRun).options(defer(MatchRun.rows), defer(MatchRun.advice)).where(MatchRun.id.in_(newest))
    return {row.demand_id: row for row in session().scalars(query) if row.demand_id is not None}


def leads() -> list[Lead]:
    """Every lead, oldest first; bids and decisions stay sealed."""
    return list(session().scalars(select(Lead).options(defer(Lead.bid), defer(Lead.decision)).order_by(Lead.id)))


@dataclass(frozen=True)
class Stepped:
    """One step of a lead as counting needs it."""

    lead_id: int
    id: int
    at: datetime
    step: str
    to_state: str
    reverses_id: int | None


def steps() -> list[Stepped]:
    """Every step of every lead in order; notes stay sealed."""
    query = select(
        LeadStepRow.lead_id,
        LeadStepRow.id,
        LeadStepRow.at,
        LeadStepRow.step,
        LeadStepRow.to_state,
        LeadStepRow.reverses_id,
    ).order_by(LeadStepRow.lead_id, LeadStepRow.id)
    return [Stepped(*row) for row in session().execute(query)]


def applicant_kinds() -> dict[int, str]:
    """organisation id → which kind of applicant it is."""
    query = select(Organisation.id, Organisation.applicant_kind).where(Organisation.applicant_kind.is_not(None))
    return {row.id: row.applicant_kind or "" for row in session().execute(query)}


def institution_ids() -> dict[int, str]:
    """organisation id → public id, for institutions."""
    query = select(Organisation.id, Organisation.public_id).where(Organisation.kind == "institution")
    return {row.id: row.public_id for row in session().execute(query)}


def add_count(**values: Any) -> InsightCount:
    """A new count."""
    row = InsightCount(**values)
    session().add(row)
    session().flush()
    return row


def replace_facts(
    cells: Sequence[dict[str, Any]], demands: Sequence[dict[str, Any]], applications: Sequence[dict[str, Any]]
) -> None:
    """Put the facts of the newest counting in the place of all earlier ones."""
    for table, rows in ((InsightCell, cells), (InsightDemand, demands), (InsightLead, applications)):
        session().execute(delete(table))
        if rows:
            session().execute(insert(table), list(rows))


def replace_regions(nodes: Sequence[dict[str, Any]], closure: Sequence[dict[str, Any]]) -> None:
    """Write the regions of the reference tables and their closure."""
    session().execute(delete(RegionClosure))
    session().execute(delete(RegionNode))
    session().execute(insert(RegionNode), list(nodes))
    session().execute(insert(RegionClosure), list(closure))


def region_codes() -> set[str]:
    """The regions that queries know."""
    return set(session().scalars(select(RegionNode.code)))


def decided_days(count_id: int) -> list[tuple[str, int, date, int]]:
    """Product code, working days to the decision, its day and the applicant of every application decided.

    The demonstration's are left out.
    """
    query = (
        select(Lead.product_code, InsightLead.decision_days, InsightLead.decided_on, Demand.organisation_id)
        .join(Lead, Lead.public_id == InsightLead.public_id)
        .join(Demand, Demand.id == Lead.demand_id)
        .where(InsightLead.count_id == count_id, InsightLead.demonstration.is_(False), Lead.product_code != "")
    )
    rows = session().execute(query)
    return [(code, days, on, who) for code, days, on, who in rows if days is not None and on is not None]
