"""What an applicant does: apply, open an anonymous card, show its contacts, answer, accept, withdraw."""

from finmart.matching import repository as runs
from finmart.matching.demands import service as demands
from finmart.matching.demands.models import Demand
from finmart.matching.demands.types.errors import DemandClosed
from finmart.matching.demands.types.states import DemandState, DemandStep
from finmart.matching.demands.types.values import LEAST_FEN, TOO_LITTLE
from finmart.matching.leads import repository
from finmart.matching.leads.models import Lead
from finmart.matching.leads.service.checks import checked_note, must_fit_cap
from finmart.matching.leads.service.duties import govern
from finmart.matching.leads.service.letters import tell_institution
from finmart.matching.leads.service.stepping import Case, Why, begin, must_be, open_case, take
from finmart.matching.leads.types.errors import (
    AlreadyThere,
    InstitutionClosed,
    NoPlaceLeft,
    ReasonRefused,
    TermsRefused,
)
from finmart.matching.leads.types.reasons import REFUSE_REASONS
from finmart.matching.leads.types.states import LeadState, LeadStep, Side
from finmart.platform.accounts.service.organisations import find_organisation
from finmart.platform.accounts.types.kinds import OrganisationKind
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from finmart.platform.kernel.messages import N_
from finmart.platform.switches import service as switches
from finmart.platform.switches.types import Switch
from finmart.products import service as products


def apply(actor: Actor, demand_public_id: str, *, product_code: str, amount: int | None = None) -> str:
    """Apply to a published product of a connected institution; the public id of the lead.

    A draft is published by it, to this institution alone. ``amount`` 分 is what is asked here, the demand's own when
    left out. Raises ``PermissionMissing``, ``DemandUnknown``, ``DemandClosed``, ``ProductUnknown``,
    ``InstitutionClosed``, ``AlreadyThere``, ``NoPlaceLeft``, ``TermsRefused``, ``AmountAboveCap`` or ``SwitchedOff``.
    """
    switches.require_on(Switch.DIRECT_APPLICATIONS)
    demand = demands.own_locked(actor, demand_public_id)
    product = products.product(product_code)
    institution = find_organisation(OrganisationKind.INSTITUTION, product.institution.code)
    if institution is None or not product.institution.connected:
        raise InstitutionClosed
    asked = demand.amount if amount is None else amount
    if not 0 < asked <= demand.amount:
        raise TermsRefused(N_("申请金额要大于零，不超过需求的金额。"))
    if asked < LEAST_FEN:
        raise TermsRefused(TOO_LITTLE)
    must_fit_cap(product.amount_max, asked)
    if demand.state == DemandState.DRAFT:
        demands.move(actor, demand, DemandStep.PUBLISH)
    must_live(demand)
    must_have_room(demand, institution.id)
    lead = begin(
        actor,
        demand,
        LeadStep.APPLY,
        organisation_id=institution.id,
        why=Why(details={"amount": asked}),
        run_id=runs.newest_run_id(demand.id),
        product_code=product.code,
        product_number=product.version,
        product_type=product.product_type,
        product_cap=product.amount_max,
        asked_amount=asked,
    )
    tell_institution(lead)
    return lead.public_id


def must_live(demand: Demand) -> None:
    """Raise ``DemandClosed`` for a demand that does not live."""
    if demand.state != DemandState.PUBLISHED:
        raise DemandClosed(demand.state)


def must_have_room(demand: Demand, organisation_id: int) -> None:
    """Raise ``AlreadyThere`` where the institution is at work, ``NoPlaceLeft`` where all places are taken.

    A place is held by a lead that lives, and for good by an institution that has seen the contacts.
    """
    leads = repository.leads_of_demand(demand.id)
    if any(lead.ended_at is None and lead.organisation_id == organisation_id for lead in leads):
        raise AlreadyThere
    holders = {lead.organisation_id for lead in leads if lead.ended_at is None or lead.revealed_at is not None}
    if organisation_id not in holders and len(holders) >= demand.places:
        raise NoPlaceLeft(demand.places)


def open_to_institutions(actor: Actor, demand_public_id: str, *, places: int) -> None:
    """Show the need as an anonymous card to institutions; a draft is published by it.

    Raises ``PermissionMissing``, ``DemandUnknown``, ``DemandClosed``, ``DemandRefused`` or ``SwitchedOff``.
    """
    switches.require_on(Switch.OPEN_DEMANDS)
    demand = demands.own_locked(actor, demand_public_id)
    demands.set_places(demand, places)
    if demand.state == DemandState.DRAFT:
        demands.move(actor, demand, DemandStep.PUBLISH)
    demands.move(actor, demand, DemandStep.OPEN_BOARD)
    govern(actor, demand)


def leave_board(actor: Actor, demand_public_id: str) -> None:
    """Take the anonymous card back; what has begun goes on. Raises as ``open_to_institutions`` does."""
    demand = demands.own_locked(actor, demand_public_id)
    demands.move(actor, demand, DemandStep.LEAVE_BOARD)
    govern(actor, demand)


def _own_case(actor: Actor, public_id: str) -> Case:
    case = open_case(actor, public_id)
    must_be(actor, case, Side.APPLICANT)
    return case


def reveal(actor: Actor, public_id: str) -> None:
    """Let one interested institution see the contacts. Raises ``LeadUnknown``, ``NotYourStep`` or ``StepRefused``."""
    case = _own_case(actor, public_id)
    case.lead.received_at = case.lead.revealed_at = now()
    take(actor, case, LeadStep.REVEAL)
    tell_institution(case.lead)


def refuse(actor: Actor, public_id: str, *, reason: str, note: str = "") -> None:
    """Not go on with an interested institution, or with what it has approved. Also raises ``ReasonRefused``."""
    case = _own_case(actor, public_id)
    if reason not in REFUSE_REASONS:
        raise ReasonRefused(N_("请选择不接受的原因。"))
    take(actor, case, LeadStep.REFUSE, why=Why(reason, checked_note(note)))
    tell_institution(case.lead)


def accept(actor: Actor, public_id: str) -> None:
    """Accept what was approved. Raises ``LeadUnknown``, ``NotYourStep`` or ``StepRefused``."""
    case = _own_case(actor, public_id)
    take(actor, case, LeadStep.ACCEPT)
    tell_institution(case.lead)


def withdraw_lead(actor: Actor, public_id: str, *, reason: str, note: str = "") -> None:
    """Withdraw one application; the demand lives on. Raises as ``refuse`` does."""
    case = _own_case(actor, public_id)
    if reason not in REFUSE_REASONS:
        raise ReasonRefused(N_("请选择撤回的原因。"))
    take(actor, case, LeadStep.WITHDRAW, why=Why(reason, checked_note(note)))
    tell_institution(case.lead)


def withdraw_demand(actor: Actor, demand_public_id: str, *, reason: str) -> None:
    """Withdraw a demand with everything that runs for it, at any time before it ends.

    Raises ``PermissionMissing``, ``DemandUnknown``, ``DemandClosed`` or ``DemandRefused``.
    """
    demand = demands.own_locked(actor, demand_public_id)
    demands.must_say_why(reason)
    demands.move(actor, demand, DemandStep.WITHDRAW, reason=reason)
    for lead in _living(demand):
        take(actor, Case(demand, lead, Side.APPLICANT), LeadStep.WITHDRAW, why=Why("demand_withdrawn"))
        tell_institution(lead)


def finish(actor: Actor, demand_public_id: str) -> None:
    """End a demand that was declined and that nobody works on any more, keeping the named cause.

    Raises ``PermissionMissing``, ``DemandUnknown`` or ``DemandClosed``.
    """
    demand = demands.own_locked(actor, demand_public_id)
    leads = repository.leads_of_demand(demand.id)
    declined = [lead for lead in leads if lead.state == LeadState.DECLINED]
    if _living(demand) or not declined:
        raise DemandClosed(demand.state)
    demands.move(actor, demand, DemandStep.DECLINE, reason=declined[-1].decline_code)


def _living(demand: Demand) -> list[Lead]:
    return [lead for lead in repository.leads_of_demand(demand.id) if lead.ended_at is None]
