"""What the operator does for demands that wait: sees them masked, sends them to an institution, takes them away."""

from dataclasses import dataclass

from finmart.matching.demands import repository as demand_rows
from finmart.matching.demands import service as demands
from finmart.matching.demands.types.clocks import ClockView
from finmart.matching.demands.types.states import DemandState
from finmart.matching.demands.types.values import DemandView
from finmart.matching.leads import repository
from finmart.matching.leads.service import letters
from finmart.matching.leads.service.applicant import must_have_room
from finmart.matching.leads.service.checks import checked_note
from finmart.matching.leads.service.reading import view_of
from finmart.matching.leads.service.stepping import Why, begin, must_be, open_case, take
from finmart.matching.leads.types.errors import CardUnknown, InstitutionClosed
from finmart.matching.leads.types.states import LeadStep, Side
from finmart.matching.leads.types.values import LeadView
from finmart.platform.accounts.service.directory import read_organisation
from finmart.platform.accounts.service.organisations import organisation_cards
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.web.pages import Page

PAGE_SIZE = 30
MIN_REASON = 4


@dataclass(frozen=True)
class Stuck:
    """A demand that waits for the operator or whose owner let the day pass; no applicant is named."""

    demand: DemandView
    clock: ClockView
    institution: str
    leads: tuple[LeadView, ...]
    institutions: dict[int, str]


def stuck(actor: Actor, *, number: int = 1) -> Page[Stuck]:
    """Demands that wait, the longest first. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_DEMANDS_READ)
    number = max(1, number)
    rows, total = repository.overdue_or_operators(today(), limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    leads = repository.leads_of_demands(demand.id for demand, _clock in rows)
    names = {key: card.name_zh for key, card in organisation_cards(lead.organisation_id for lead in leads).items()}
    by_id = {lead.id: lead for lead in leads}
    items = []
    for demand, clock in rows:
        lead = by_id.get(clock.lead_id or 0)
        items.append(
            Stuck(
                demand=demands.view(demand),
                clock=demands.clock_view(clock),
                institution=names.get(lead.organisation_id, "") if lead else "",
                leads=tuple(view_of(each) for each in leads if each.demand_id == demand.id),
                institutions=names,
            )
        )
    return Page(items, total, number, PAGE_SIZE)


def dispatch(actor: Actor, demand_public_id: str, *, institution_public_id: str) -> str:
    """Ask one institution to take a demand on the board; it sees the anonymous card. The lead's public id.

    Raises ``PermissionMissing``, ``CardUnknown``, ``OrganisationUnknown``, ``InstitutionClosed``, ``AlreadyThere`` or
    ``NoPlaceLeft``.
    """
    require(actor, Permission.ALL_DEMANDS_DISPATCH)
    demand = demand_rows.by_public_id(demand_public_id, lock=True)
    if demand is None or demand.state != DemandState.PUBLISHED or not demand.on_board:
        raise CardUnknown
    institution = read_organisation(actor, institution_public_id)
    if institution.kind != "institution" or not institution.connected:
        raise InstitutionClosed
    must_have_room(demand, institution.id)
    lead = begin(actor, demand, LeadStep.DISPATCH, organisation_id=institution.id, why=Why())
    letters.tell_institution(lead)
    return lead.public_id


def take_away(actor: Actor, public_id: str, *, reason: str) -> None:
    """End a lead on which an institution was silent, with what was done about it.

    Raises ``PermissionMissing``, ``LeadUnknown``, ``StepRefused`` or ``ReasonRefused``.
    """
    require(actor, Permission.ALL_DEMANDS_DISPATCH)
    case = open_case(actor, public_id)
    must_be(actor, case, Side.OPERATOR)
    note = checked_note(reason, least=MIN_REASON)
    take(actor, case, LeadStep.TAKE_AWAY, why=Why("institution_silent", note))
    letters.tell_institution(case.lead)
    letters.tell_applicant(case.lead, case.demand)
