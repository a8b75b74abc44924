"""What an institution does: take a card, claim a lead, note contacts, ask, decide, draw down, take a step back."""

from collections.abc import Iterable
from datetime import date

from finmart.matching.demands import repository as demand_rows
from finmart.matching.demands import service as demands
from finmart.matching.demands.types.states import DemandState, DemandStep
from finmart.matching.leads import repository
from finmart.matching.leads.models import Lead, LeadContact
from finmart.matching.leads.service import checks, letters
from finmart.matching.leads.service.applicant import must_have_room
from finmart.matching.leads.service.materials import NewMaterial, ask_for
from finmart.matching.leads.service.stepping import Case, Why, begin, enter, must_be, open_case, take
from finmart.matching.leads.types.errors import (
    CardUnknown,
    InstitutionClosed,
    NothingToReverse,
    ProductNotYours,
    ReasonRefused,
    TakenByColleague,
    TermsRefused,
)
from finmart.matching.leads.types.events import ContactLogged, LeadClaimed
from finmart.matching.leads.types.reasons import PASS_REASONS
from finmart.matching.leads.types.states import REVERSIBLE, LeadState, LeadStep, Side, after
from finmart.matching.leads.types.values import CONTACTED, ContactChannel, ContactOutcome, Terms
from finmart.platform.accounts.service.organisations import organisation_card
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import local, now, today
from finmart.platform.kernel.messages import N_
from finmart.products import service as products
from finmart.products.types import PublishedProduct

MIN_REASON = 4


def own_product(actor: Actor, code: str) -> PublishedProduct:
    """A published product of the actor's institution. Raises ``ProductNotYours``."""
    known = {listed.product.code: listed.product for listed in products.own_products(actor)}
    if code not in known:
        raise ProductNotYours
    return known[code]


def take_card(actor: Actor, demand_public_id: str, *, product_code: str, terms: Terms | None = None) -> str:
    """Take a place at a demand on the board with one of the own products and, if wanted, a bid; the lead's public id.

    Raises ``PermissionMissing``, ``InstitutionClosed``, ``CardUnknown``, ``ProductNotYours``, ``AlreadyThere``,
    ``NoPlaceLeft`` when somebody was quicker, ``TermsRefused`` or ``AmountAboveCap``.
    """
    require(actor, Permission.OWN_LEADS_WORK)
    organisation_id = actor.organisation_id or 0
    demand = demand_rows.by_public_id(demand_public_id, lock=True)
    if demand is None or demand.state != DemandState.PUBLISHED or not demand.on_board:
        raise CardUnknown
    if not organisation_card(organisation_id).connected:
        raise InstitutionClosed
    product = own_product(actor, product_code)
    must_have_room(demand, organisation_id)
    lead = begin(
        actor,
        demand,
        LeadStep.TAKE,
        organisation_id=organisation_id,
        why=Why(),
        product_code=product.code,
        product_number=product.version,
        product_type=product.product_type,
        product_cap=product.amount_max,
        clerk_user_id=actor.user_id,
    )
    if terms is not None:
        lead.bid = checks.dump_terms(checks.checked_terms(lead, terms).terms)
    letters.tell_applicant(lead, demand)
    return lead.public_id


def take_assigned(actor: Actor, public_id: str, *, product_code: str, terms: Terms | None = None) -> None:
    """Take what the platform has sent, with one of the own products and, if wanted, a bid."""
    case = _desk_case(actor, public_id)
    product = own_product(actor, product_code)
    take(actor, case, LeadStep.TAKE)
    lead = case.lead
    lead.product_code, lead.product_number, lead.product_cap = product.code, product.version, product.amount_max
    lead.product_type = product.product_type
    if terms is not None:
        lead.bid = checks.dump_terms(checks.checked_terms(lead, terms).terms)
    letters.tell_applicant(lead, case.demand)


def pass_on(actor: Actor, public_id: str, *, reason: str, note: str = "") -> None:
    """Leave a demand to others before its applicant is known. Also raises ``ReasonRefused``."""
    case = _desk_case(actor, public_id)
    if reason not in PASS_REASONS:
        raise ReasonRefused(N_("请选择不承接的原因。"))
    take(actor, case, LeadStep.PASS, why=Why(reason, checks.checked_note(note)))
    letters.tell_applicant(case.lead, case.demand)


def _desk_case(actor: Actor, public_id: str) -> Case:
    """A lead of the actor's institution, claimed by the actor in passing when nobody has it.

    Raises ``LeadUnknown``, ``NotYourStep`` or ``TakenByColleague``.
    """
    case = open_case(actor, public_id)
    must_be(actor, case, Side.INSTITUTION)
    lead = case.lead
    if lead.clerk_user_id is None:
        _give(actor, lead, actor.user_id)
    elif lead.clerk_user_id != actor.user_id and not actor.may(Permission.OWN_MEMBERS_INVITE):
        raise TakenByColleague
    return case


def _give(actor: Actor, lead: Lead, user_id: int | None) -> None:
    before, lead.clerk_user_id = lead.clerk_user_id, user_id
    if user_id is not None and user_id != before:
        record(actor, LeadClaimed(target=lead.public_id, clerk=user_id, clerk_before=before))


def own_lead(actor: Actor, public_id: str) -> Lead:
    """A locked lead that the actor works on, claimed in passing when nobody has it. Raises as ``claim`` does."""
    return _desk_case(actor, public_id).lead


def claim(actor: Actor, public_id: str) -> None:
    """Claim a lead that no colleague has; who may hand leads over may take it from one.

    Raises ``LeadUnknown``, ``NotYourStep`` or ``TakenByColleague``.
    """
    case = _desk_case(actor, public_id)
    _give(actor, case.lead, actor.user_id)


def log_contact(
    actor: Actor, public_id: str, *, channel: ContactChannel, outcome: ContactOutcome, note: str = ""
) -> None:
    """Note an attempt to reach the applicant; the first that reached it is the contact.

    Raises ``LeadUnknown``, ``NotYourStep``, ``TakenByColleague``, ``StepRefused`` or ``ReasonRefused``.
    """
    case = _desk_case(actor, public_id)
    words = checks.checked_note(note)
    state = LeadState(case.lead.state)
    if state is not LeadState.RECEIVED:
        after(state, LeadStep.DECLINE)  # Whoever may still decide may still call; nobody else.
    repository.add(
        LeadContact(
            lead_id=case.lead.id,
            at=now(),
            user_id=actor.user_id,
            channel=channel.value,
            outcome=outcome.value,
            note=words,
        )
    )
    record(actor, ContactLogged(target=case.lead.public_id, channel=channel.value, outcome=outcome.value))
    if state is LeadState.RECEIVED and outcome in CONTACTED:
        take(actor, case, LeadStep.CONTACT, why=Why(outcome.value))
        letters.tell_applicant(case.lead, case.demand)


def give_opinion(actor: Actor, public_id: str, *, note: str) -> None:
    """Tell the applicant the first opinion. Also raises ``ReasonRefused`` for too few words."""
    case = _desk_case(actor, public_id)
    take(actor, case, LeadStep.OPINION, why=Why(note=checks.checked_note(note, least=MIN_REASON)))
    letters.tell_applicant(case.lead, case.demand)


def ask_materials(actor: Actor, public_id: str, materials: Iterable[NewMaterial]) -> None:
    """Put materials on the checklist and wait for them; the institution's clock pauses. Also ``TextRefused``."""
    case = _desk_case(actor, public_id)
    ask_for(actor, case.lead, list(materials))
    take(actor, case, LeadStep.ASK_MATERIALS)
    letters.tell_applicant(case.lead, case.demand)


def go_on(actor: Actor, public_id: str) -> None:
    """Wait no longer for materials. Raises as ``claim`` does, or ``StepRefused``."""
    case = _desk_case(actor, public_id)
    take(actor, case, LeadStep.GO_ON, why=Why("not_needed"))
    letters.tell_applicant(case.lead, case.demand, step=LeadStep.GO_ON)


def approve(actor: Actor, public_id: str, terms: Terms, *, note: str = "") -> None:
    """Approve with amount, rate, term and every fee; the all-in cost follows from them.

    Raises as ``claim`` does, ``StepRefused``, ``AmountAboveCap``, ``TermsRefused`` or ``ReasonRefused``.
    """
    case = _desk_case(actor, public_id)
    after(LeadState(case.lead.state), LeadStep.APPROVE)
    sheet = checks.checked_terms(case.lead, terms)
    details = {
        "amount": terms.amount,
        "rate": terms.rate,
        "months": terms.months,
        "compound_rate": sheet.cost.compound_rate,
    }
    take(actor, case, LeadStep.APPROVE, why=Why(note=checks.checked_note(note), details=details))
    case.lead.decision = checks.dump_terms(terms)
    case.lead.approved_amount, case.lead.approved_rate = terms.amount, terms.rate
    letters.tell_applicant(case.lead, case.demand)


def decline(actor: Actor, public_id: str, *, code: str, note: str = "") -> None:
    """Decline with a coded reason. Raises as ``claim`` does, ``StepRefused`` or ``ReasonRefused``."""
    case = _desk_case(actor, public_id)
    take(actor, case, LeadStep.DECLINE, why=Why(code, checks.checked_decline(code, note)))
    case.lead.decline_code = code
    letters.tell_applicant(case.lead, case.demand)


def draw_down(actor: Actor, public_id: str, *, amount: int, on: date) -> None:
    """Note that the money has gone out; the demand is funded and its other leads end.

    Raises as ``claim`` does, ``StepRefused`` or ``TermsRefused``.
    """
    case = _desk_case(actor, public_id)
    lead = case.lead
    after(LeadState(lead.state), LeadStep.DRAW_DOWN)
    if not 0 < amount <= (lead.approved_amount or 0):
        raise TermsRefused(N_("放款金额要大于零，不超过批准的金额。"))
    if on > today():
        raise TermsRefused(N_("放款日期不能晚于今天。"))
    if lead.received_at is not None and on < local(lead.received_at).date():
        raise TermsRefused(N_("放款日期不能早于收到申请的日期。"))
    demands.move(actor, case.demand, DemandStep.FUND)
    lead.funded_amount, lead.funded_on = amount, on
    take(actor, case, LeadStep.DRAW_DOWN, why=Why(details={"amount": amount, "on": on.isoformat()}))
    letters.tell_applicant(lead, case.demand)
    for other in repository.leads_of_demand(case.demand.id):
        if other.ended_at is None:
            closing = Case(case.demand, other, Side.HOUSE)
            take(actor, closing, LeadStep.CLOSE, side=Side.HOUSE, why=Why("funded_elsewhere"))
            letters.tell_institution(other)


def reverse(actor: Actor, public_id: str, *, reason: str) -> None:
    """Take the institution's last step back, with the reason; both steps stay on record.

    Raises as ``claim`` does, ``NothingToReverse``, ``ReasonRefused``, or ``DemandClosed`` when the demand has ended.
    """
    case = _desk_case(actor, public_id)
    note = checks.checked_note(reason, least=MIN_REASON)
    last = repository.steps_of(case.lead.id)[-1]
    if LeadStep(last.step) not in REVERSIBLE:
        raise NothingToReverse
    if last.step == LeadStep.DRAW_DOWN:
        demands.move(actor, case.demand, DemandStep.REOPEN)
        case.lead.funded_amount = case.lead.funded_on = None
    elif last.step == LeadStep.APPROVE:
        case.lead.decision = case.lead.approved_amount = case.lead.approved_rate = None
    elif last.step == LeadStep.DECLINE:
        demands.must_be_open(demands.view(case.demand))
        must_have_room(case.demand, case.lead.organisation_id)
        case.lead.decline_code = ""
    back = LeadState(last.from_state)
    enter(actor, case, LeadStep.REVERSE, back, side=Side.INSTITUTION, why=Why(note=note), reverses=last)
    letters.tell_applicant(case.lead, case.demand, step=LeadStep.REVERSE)
