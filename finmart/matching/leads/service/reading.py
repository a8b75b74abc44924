"""Leads as their sides see them: the institution's inbox and board, the applicant's applications, one lead whole."""

from dataclasses import replace

from finmart.matching.demands import repository as demand_rows
from finmart.matching.demands import service as demands
from finmart.matching.demands.models import Demand
from finmart.matching.demands.types.clocks import DutyKind, Owner
from finmart.matching.demands.types.errors import DemandUnknown
from finmart.matching.demands.types.states import DemandState
from finmart.matching.demands.types.values import DemandView
from finmart.matching.leads import repository
from finmart.matching.leads.models import Lead, LeadStepRow
from finmart.matching.leads.service import checks
from finmart.matching.leads.service.materials import checklist
from finmart.matching.leads.service.stepping import Case, knows_applicant, open_case
from finmart.matching.leads.types.errors import CardUnknown
from finmart.matching.leads.types.events import ContactsShown
from finmart.matching.leads.types.states import REVERSIBLE, Channel, LeadState, LeadStep, Side
from finmart.matching.leads.types.values import (
    Card,
    Contact,
    ContactChannel,
    ContactEntry,
    ContactOutcome,
    InboxCounts,
    LeadView,
    OpenLead,
    Post,
    Sheet,
    StepView,
)
from finmart.platform.accounts.service.claims import verified_subject_of
from finmart.platform.accounts.service.organisations import applicant_kinds, organisation_card, organisation_cards
from finmart.platform.accounts.service.people import contact_of
from finmart.platform.accounts.service.tree import reach_of, reach_within
from finmart.platform.accounts.types.errors import UserUnknown
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.db.session import short_transaction
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.web.pages import Page
from finmart.reference import regions

PAGE_SIZE = 20


def applicants_in_reach(actor: Actor) -> frozenset[int] | None:
    """The applicants that the actor's branches work for (inner ids); None: all of the institution's."""
    reach = reach_of(actor)
    return None if reach is None else repository.applicants_at(actor.organisation_id or 0, reach)


def view_of(row: Lead) -> LeadView:
    """A lead as values."""
    return LeadView(
        id=row.id,
        public_id=row.public_id,
        demand_id=row.demand_id,
        organisation_id=row.organisation_id,
        channel=Channel(row.channel),
        state=LeadState(row.state),
        product_code=row.product_code,
        product_number=row.product_number,
        product_cap=row.product_cap,
        asked_amount=row.asked_amount,
        clerk_user_id=row.clerk_user_id,
        created_at=row.created_at,
        received_at=row.received_at,
        revealed_at=row.revealed_at,
        ended_at=row.ended_at,
        duty=DutyKind(row.duty) if row.duty else None,
        duty_owner=Owner(row.duty_owner) if row.duty_owner else None,
        due_on=row.due_on,
        provisional=row.provisional,
        reminded=row.reminded_at is not None,
        escalated=row.escalated_on is not None,
        decline_code=row.decline_code,
        approved_amount=row.approved_amount,
        approved_rate=row.approved_rate,
        funded_amount=row.funded_amount,
        funded_on=row.funded_on,
        demonstration=row.demonstration,
    )


def inbox(
    actor: Actor,
    *,
    states: tuple[LeadState, ...] = (),
    mine: bool = False,
    live: bool = True,
    number: int = 1,
    branch: str = "",
) -> Page[tuple[LeadView, DemandView]]:
    """The leads that the actor looks after with their demands, by the day they are due.

    ``branch`` (a public id): those of that branch and below it. Raises ``PermissionMissing`` or ``BranchUnknown``.
    """
    require(actor, Permission.OWN_LEADS_READ)
    number = max(1, number)
    rows, total = repository.inbox(
        organisation_id=actor.organisation_id or 0,
        states=[state.value for state in states],
        clerk_user_id=actor.user_id if mine else None,
        live=live,
        branches=reach_within(actor, branch),
        limit=PAGE_SIZE,
        offset=(number - 1) * PAGE_SIZE,
    )
    return Page(_with_demands(rows), total, number, PAGE_SIZE)


def _with_demands(rows: list[Lead]) -> list[tuple[LeadView, DemandView]]:
    known = {row.id: demands.view(row) for row in demand_rows.by_ids({row.demand_id for row in rows})}
    return [(view_of(row), known[row.demand_id]) for row in rows]


def own_applications(actor: Actor, *, number: int = 1) -> Page[tuple[LeadView, DemandView, str]]:
    """The applicant's leads with their demands and the institutions' names. Raises ``PermissionMissing``."""
    require(actor, Permission.OWN_DEMANDS_READ)
    number = max(1, number)
    rows, total = repository.of_applicant(
        organisation_id=actor.organisation_id or 0, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
    )
    return Page(_with_names(rows), total, number, PAGE_SIZE)


def applications_of(actor: Actor, demand: DemandView) -> list[tuple[LeadView, DemandView, str]]:
    """The leads of one of the applicant's own demands, newest first. Raises ``PermissionMissing``."""
    require(actor, Permission.OWN_DEMANDS_READ)
    if demand.organisation_id != actor.organisation_id:
        return []
    return _with_names(list(reversed(repository.leads_of_demand(demand.id))))


def _with_names(rows: list[Lead]) -> list[tuple[LeadView, DemandView, str]]:
    cards = organisation_cards(row.organisation_id for row in rows)
    return [(lead, demand, cards[lead.organisation_id].name_zh) for lead, demand in _with_demands(rows)]


def inbox_counts(actor: Actor) -> InboxCounts:
    """How much waits at the actor's institution. Raises ``PermissionMissing``."""
    require(actor, Permission.OWN_LEADS_READ)
    organisation_id = actor.organisation_id or 0
    living, overdue, mine = repository.count_living(
        organisation_id=organisation_id, day=today(), clerk_user_id=actor.user_id, branches=reach_of(actor)
    )
    cards = repository.count_board(exclude_organisation=organisation_id)
    return InboxCounts(living, overdue, mine, cards)


def card(actor: Actor, demand_public_id: str) -> Card:
    """One card on the board. Raises ``PermissionMissing``, or ``CardUnknown`` for what is not on the board."""
    require(actor, Permission.OWN_LEADS_READ)
    row = demand_rows.by_public_id(demand_public_id)
    if row is None or row.state != DemandState.PUBLISHED or not row.on_board:
        raise CardUnknown
    return _card_with_places(row)


def own_card(actor: Actor, demand: DemandView) -> Card:
    """What institutions would see of an own demand. Raises ``PermissionMissing`` or ``DemandUnknown``."""
    require(actor, Permission.OWN_DEMANDS_READ)
    row = demand_rows.by_id(demand.id)
    if row is None or actor.organisation_id is None or row.organisation_id != actor.organisation_id:
        raise DemandUnknown
    return _card_with_places(row)


def _card_with_places(row: Demand) -> Card:
    kind = applicant_kinds([row.organisation_id]).get(row.organisation_id, "")
    return card_of(row, repository.taken_places([row.id]).get(row.id, 0), kind)


def card_of(row: Demand, taken: int, kind: str) -> Card:
    """A demand without anything that tells who needs it: its district, never its street or industry."""
    return Card(
        public_id=row.public_id,
        amount=row.amount,
        term_months=row.term_months,
        purpose=row.purpose,
        guarantees=tuple(row.guarantees),
        district=regions.district_of(row.region) or row.region,
        urgency=row.urgency,
        applicant_kind=kind,
        published_at=row.published_at or row.created_at,
        places_left=max(0, row.places - taken),
        demonstration=row.demonstration,
    )


def open_lead(actor: Actor, public_id: str) -> OpenLead:
    """One lead with everything that the actor's side may see of it. Raises ``LeadUnknown``.

    The institution sees whom to call only after the applicant's own click; that it was shown is recorded first.
    """
    case = open_case(actor, public_id, lock=False)
    lead, institution = view_of(case.lead), organisation_card(case.lead.organisation_id)
    steps = repository.steps_of(case.lead.id)
    return OpenLead(
        lead=lead,
        demand=_proven(demands.view(case.demand)),
        institution=institution.name_zh,
        institution_public_id=institution.public_id,
        contact=_contact(actor, case),
        bid=_sheet(case.lead.bid),
        decision=_sheet(case.lead.decision),
        steps=_steps(steps),
        contacts=() if case.side is Side.OPERATOR else _contacts(case.lead),
        posts=() if case.side is Side.OPERATOR else _posts(case.lead),
        materials=() if case.side is Side.OPERATOR else checklist(case.lead),
        can_reverse=case.side is Side.INSTITUTION and LeadStep(steps[-1].step) in REVERSIBLE,
    )


def card_of_lead(actor: Actor, public_id: str) -> Card:
    """The anonymous card of a lead's demand. Raises ``LeadUnknown``."""
    case = open_case(actor, public_id, lock=False)
    return _card_with_places(case.demand)


def _proven(demand: DemandView) -> DemandView:
    """``demand`` with the subject that its applicant has proved to be, and with none while a claim waits."""
    return replace(demand, subject_id=verified_subject_of(demand.organisation_id))


def _contact(actor: Actor, case: Case) -> Contact | None:
    if case.side is not Side.INSTITUTION or not knows_applicant(case.lead):
        return None
    with short_transaction():
        record(actor, ContactsShown(target=case.lead.public_id))
    try:
        return Contact(*contact_of(case.demand.organisation_id))
    except UserUnknown:  # An applicant whose last member has gone: there is nobody to call, and the page says so.
        return Contact(organisation_card(case.demand.organisation_id).name_zh, "", "")


def _sheet(document: dict[str, object] | None) -> Sheet | None:
    terms = checks.load_terms(document)
    return None if terms is None else checks.sheet(terms)


def _steps(rows: list[LeadStepRow]) -> tuple[StepView, ...]:
    undone = {row.reverses_id for row in rows if row.reverses_id is not None}
    return tuple(
        StepView(
            at=row.at,
            step=LeadStep(row.step),
            side=Side(row.side),
            from_state=LeadState(row.from_state) if row.from_state else None,
            to_state=LeadState(row.to_state),
            reason=row.reason,
            note=row.note or "",
            details=row.details,
            undone=row.id in undone,
        )
        for row in rows
    )


def _contacts(lead: Lead) -> tuple[ContactEntry, ...]:
    return tuple(
        ContactEntry(row.at, ContactChannel(row.channel), ContactOutcome(row.outcome), row.note)
        for row in repository.contacts_of(lead.id)
    )


def _posts(lead: Lead) -> tuple[Post, ...]:
    return tuple(Post(row.at, Side(row.side), row.text) for row in repository.posts_of(lead.id))
