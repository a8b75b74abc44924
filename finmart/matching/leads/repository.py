"""Reading and adding leads and what belongs to them; nothing here decides or commits."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, or_, select

from finmart.matching.demands.models import Demand, DemandClock
from finmart.matching.leads.models import Lead, LeadContact, LeadMaterial, LeadPost, LeadStepRow
from finmart.platform.db.session import session


def add_lead(**values: Any) -> Lead:
    """A new lead."""
    row = Lead(**values)
    session().add(row)
    session().flush()
    return row


def lead_by_public_id(public_id: str) -> Lead | None:
    """The lead with a public id."""
    return session().scalar(select(Lead).where(Lead.public_id == public_id))


def refreshed(lead: Lead) -> Lead:
    """The lead as it stands now, after its demand has been locked."""
    session().refresh(lead)
    return lead


def lead_by_id(lead_id: int) -> Lead | None:
    """The lead with an inner id."""
    return session().get(Lead, lead_id)


def leads_of_demand(demand_id: int) -> list[Lead]:
    """All leads of a demand, oldest first, as they stand now."""
    query = select(Lead).where(Lead.demand_id == demand_id).order_by(Lead.id)
    return list(session().scalars(query.execution_options(populate_existing=True)))


def leads_of_demands(demand_ids: Iterable[int]) -> list[Lead]:
    """All leads of several demands, oldest first."""
    return list(session().scalars(select(Lead).where(Lead.demand_id.in_(list(demand_ids))).order_by(Lead.id)))


def add_step(**values: Any) -> LeadStepRow:
    """One more step of a lead."""
    row = LeadStepRow(**values)
    session().add(row)
    session().flush()
    return row


def steps_of(lead_id: int) -> list[LeadStepRow]:
    """Every step of a lead, in order."""
    return list(session().scalars(select(LeadStepRow).where(LeadStepRow.lead_id == lead_id).order_by(LeadStepRow.id)))


def add(row: LeadContact | LeadPost | LeadMaterial) -> None:
    """A line of the contact log, the thread or the checklist."""
    session().add(row)
    session().flush()


def contacts_of(lead_id: int) -> list[LeadContact]:
    """The contact log, newest first."""
    query = select(LeadContact).where(LeadContact.lead_id == lead_id).order_by(LeadContact.id.desc())
    return list(session().scalars(query))


def posts_of(lead_id: int) -> list[LeadPost]:
    """The thread of questions and answers, oldest first."""
    return list(session().scalars(select(LeadPost).where(LeadPost.lead_id == lead_id).order_by(LeadPost.id)))


def materials_of(lead_id: int) -> list[LeadMaterial]:
    """The checklist, in the order in which it was asked."""
    query = select(LeadMaterial).where(LeadMaterial.lead_id == lead_id).order_by(LeadMaterial.id)
    return list(session().scalars(query))


def _page(query: Select[Lead], *, limit: int, offset: int) -> tuple[list[Lead], int]:
    total = session().scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return list(session().scalars(query.limit(limit).offset(offset))), total


def inbox(
    *,
    organisation_id: int,
    states: Sequence[str] = (),
    clerk_user_id: int | None = None,
    live: bool,
    limit: int,
    offset: int,
    branches: frozenset[int] | None = None,
) -> tuple[list[Lead], int]:
    """An institution's leads: living ones by the day they are due, ended ones newest first.

    ``branches``: those of these branches alone; None: of all, and of the head office.
    """
    query = select(Lead).where(Lead.organisation_id == organisation_id)
    if branches is not None:
        query = query.where(Lead.branch_id.in_(sorted(branches)))
    if states:
        query = query.where(Lead.state.in_(states))
    if clerk_user_id is not None:
        query = query.where(Lead.clerk_user_id == clerk_user_id)
    if live:
        query = query.where(Lead.ended_at.is_(None)).order_by(Lead.due_on, Lead.id)
    else:
        query = query.where(Lead.ended_at.is_not(None)).order_by(Lead.ended_at.desc(), Lead.id.desc())
    return _page(query, limit=limit, offset=offset)


def count_living(
    *, organisation_id: int, day: date, clerk_user_id: int | None, branches: frozenset[int] | None = None
) -> tuple[int, int, int]:
    """An institution's living leads: all, those whose step is its own and past its day, and one clerk's.

    ``branches``: those of these branches alone; None: of all, and of the head office.
    """
    over = (Lead.duty_owner == "institution") & (Lead.due_on < day)
    query = select(
        func.count(),
        func.count(case((over, 1))),
        func.count(case((Lead.clerk_user_id == clerk_user_id, 1))),
    ).where(Lead.organisation_id == organisation_id, Lead.ended_at.is_(None))
    if branches is not None:
        query = query.where(Lead.branch_id.in_(sorted(branches)))
    living, overdue, mine = session().execute(query).one()
    return living, overdue, mine


def count_at_branch(branch_id: int) -> int:
    """How many living leads a branch works on."""
    query = select(func.count()).where(Lead.branch_id == branch_id, Lead.ended_at.is_(None))
    return session().scalar(query) or 0


def applicants_at(organisation_id: int, branch_ids: Iterable[int]) -> frozenset[int]:
    """The applicants whose leads an institution's branches work on, or worked on."""
    query = (
        select(Demand.organisation_id)
        .join(Lead, Lead.demand_id == Demand.id)
        .where(Lead.organisation_id == organisation_id, Lead.branch_id.in_(sorted(branch_ids)))
    )
    return frozenset(session().scalars(query))


def living_applicants(organisation_id: int, product_code: str) -> frozenset[int]:
    """The applicants that have a living application for a product at an institution."""
    query = (
        select(Demand.organisation_id)
        .join(Lead, Lead.demand_id == Demand.id)
        .where(Lead.organisation_id == organisation_id, Lead.product_code == product_code, Lead.ended_at.is_(None))
    )
    return frozenset(session().scalars(query))


def living_at_branch(branch_id: int) -> list[Lead]:
    """The living leads of a branch, held until the transaction ends."""
    query = select(Lead).where(Lead.branch_id == branch_id, Lead.ended_at.is_(None)).order_by(Lead.id)
    return list(session().scalars(query.with_for_update()))


def of_applicant(*, organisation_id: int, limit: int, offset: int) -> tuple[list[Lead], int]:
    """Every lead of an applicant's demands, living ones first, newest first."""
    query = (
        select(Lead)
        .join(Demand, Demand.id == Lead.demand_id)
        .where(Demand.organisation_id == organisation_id)
        .order_by(Lead.ended_at.is_not(None), Lead.id.desc())
    )
    return _page(query, limit=limit, offset=offset)


def _on_board(exclude_organisation: int) -> Select[Demand]:
    mine = select(Lead.demand_id).where(Lead.organisation_id == exclude_organisation, Lead.ended_at.is_(None))
    return select(Demand).where(Demand.state == "published", Demand.on_board.is_(True), Demand.id.not_in(mine))


def board(*, exclude_organisation: int) -> list[Demand]:
    """Demands on the board that the institution does not work on, newest first."""
    query = _on_board(exclude_organisation).order_by(Demand.published_at.desc(), Demand.id.desc())
    return list(session().scalars(query))


def count_board(*, exclude_organisation: int) -> int:
    """How many demands ``board`` holds."""
    return session().scalar(select(func.count()).select_from(_on_board(exclude_organisation).subquery())) or 0


def taken_places(demand_ids: Iterable[int]) -> dict[int, int]:
    """demand id → how many institutions hold a place: those that live, and those that have seen the contacts."""
    query = (
        select(Lead.demand_id, func.count(Lead.organisation_id.distinct()).label("places"))
        .where(Lead.demand_id.in_(list(demand_ids)), or_(Lead.ended_at.is_(None), Lead.revealed_at.is_not(None)))
        .group_by(Lead.demand_id)
    )
    return {row.demand_id: row.places for row in session().execute(query)}


def demands_with_something_due(day: date) -> list[int]:
    """Living demands of which a lead or the demand itself may be past its day, or counted provisionally."""
    of_leads = select(Lead.demand_id).where(Lead.ended_at.is_(None), or_(Lead.due_on < day, Lead.provisional.is_(True)))
    clocks = select(DemandClock.demand_id).where(DemandClock.stopped_at.is_(None), DemandClock.due_on < day)
    query = select(Demand.id).where(
        Demand.state == "published",
        or_(Demand.valid_until < day, Demand.id.in_(of_leads), Demand.id.in_(clocks)),
    )
    return list(session().scalars(query.order_by(Demand.id)))


def overdue_or_operators(day: date, *, limit: int, offset: int) -> tuple[list[tuple[Demand, DemandClock]], int]:
    """Living demands that wait for the operator, or whose owner let the day pass; the longest waiting first."""
    where = (
        Demand.state == "published",
        DemandClock.stopped_at.is_(None),
        or_(DemandClock.owner == "operator", DemandClock.due_on < day),
    )
    query = select(Demand, DemandClock).join(DemandClock, DemandClock.demand_id == Demand.id).where(*where)
    total = session().scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session().execute(query.order_by(DemandClock.due_on, Demand.id).limit(limit).offset(offset))
    return [(demand, clock) for demand, clock in rows], total
