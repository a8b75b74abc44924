"""The passing of time: reminders, what lapses, what goes to the operator, and demands that end.

One call does at most one thing a duty needs on that day, and doing it again changes nothing.
"""

from finmart.matching.demands import repository as demand_rows
from finmart.matching.demands import service as demands
from finmart.matching.demands.models import Demand
from finmart.matching.demands.types.clocks import ClockView, DutyKind, Owner
from finmart.matching.demands.types.states import DemandState, DemandStep
from finmart.matching.leads import repository
from finmart.matching.leads.models import Lead
from finmart.matching.leads.service import letters
from finmart.matching.leads.service.duties import due_of, duty_of, govern, has_waited, is_over
from finmart.matching.leads.service.stepping import Case, Why, take
from finmart.matching.leads.types.events import LeadEscalated, LeadReminded
from finmart.matching.leads.types.states import LeadState, LeadStep, Side
from finmart.platform.audit.service import record
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today
from finmart.reference.working_days import is_known

#: Working days after a reminder before the platform steps in for an institution …
INSTITUTION_GRACE = 1
#: … and before a silent applicant's step is settled by rule.
APPLICANT_GRACE = 2
#: What a silent applicant's duty turns into.
_SETTLED = {
    LeadState.INTERESTED: (LeadStep.LAPSE, "no_answer_in_time"),
    LeadState.APPROVED: (LeadStep.LAPSE, "no_answer_in_time"),
    LeadState.MATERIALS: (LeadStep.GO_ON, "materials_not_handed_in"),
    LeadState.SUPPLEMENT: (LeadStep.GO_ON, "materials_not_handed_in"),
}


def due_demands() -> list[int]:
    """The living demands for which today may have to do something."""
    return repository.demands_with_something_due(today())


def pass_time(actor: Actor, demand_id: int) -> None:
    """Do for one demand what the day asks for, under a system actor."""
    demand = demand_rows.by_id(demand_id, lock=True)
    if demand is None or demand.state != DemandState.PUBLISHED:
        return
    for lead in repository.leads_of_demand(demand.id):
        if lead.ended_at is None:
            _of_lead(actor, demand, lead)
    _of_demand(actor, demand)
    govern(actor, demand)


def _of_lead(actor: Actor, demand: Demand, lead: Lead) -> None:
    if lead.provisional and lead.due_on is not None and is_known(lead.due_on):
        due = due_of(lead)
        lead.due_on, lead.provisional = due.day, due.provisional
    if not is_over(lead.due_on):
        return
    applicant = lead.duty_owner == Owner.APPLICANT
    if lead.reminded_at is None:
        lead.reminded_at = now()
        duty, owner, due_on = lead.duty or "", lead.duty_owner or "", lead.due_on or today()
        record(actor, LeadReminded(target=lead.public_id, duty=duty, owner=owner, due_on=due_on))
        letters.remind_of_lead(lead, demand, owner_is_applicant=applicant)
    elif applicant:
        _settle_silent_applicant(actor, demand, lead)
    else:
        _step_in(actor, demand, lead)


def _settle_silent_applicant(actor: Actor, demand: Demand, lead: Lead) -> None:
    if has_waited(lead.reminded_at, lead.due_on, grace=APPLICANT_GRACE):
        step, reason = _SETTLED[LeadState(lead.state)]
        take(actor, Case(demand, lead, Side.HOUSE), step, side=Side.HOUSE, why=Why(reason))
        told = step if step is LeadStep.GO_ON else None
        letters.tell_institution(lead, step=told)
        letters.tell_applicant(lead, demand, step=told)


def _step_in(actor: Actor, demand: Demand, lead: Lead) -> None:
    if lead.escalated_on is not None or not has_waited(lead.reminded_at, lead.due_on, grace=INSTITUTION_GRACE):
        return
    if lead.state == LeadState.ASSIGNED:  # Nothing has begun: the place goes to others.
        take(actor, Case(demand, lead, Side.HOUSE), LeadStep.LAPSE, side=Side.HOUSE, why=Why("no_answer_in_time"))
        letters.tell_institution(lead)
        return
    lead.escalated_on = today()
    record(actor, LeadEscalated(target=lead.public_id, duty=lead.duty or "", due_on=lead.due_on or today()))
    letters.tell_of_escalation(lead, demand, duty_of(lead, demand).due_on)


def _of_demand(actor: Actor, demand: Demand) -> None:
    leads = repository.leads_of_demand(demand.id)
    if any(lead.ended_at is None for lead in leads):
        _remind_of_rescue(actor, demand)
        return
    declined = [lead for lead in leads if lead.state == LeadState.DECLINED]
    clock = demands.clock_of(demand.id)
    if _has_ended(demand, clock):
        if declined:
            demands.move(actor, demand, DemandStep.DECLINE, reason=declined[-1].decline_code)
        else:
            demands.move(actor, demand, DemandStep.EXPIRE, reason="no_answer_in_time")
        letters.tell_of_end(demand)
    elif clock is not None and is_over(clock.due_on) and demands.remind(actor, demand):
        letters.remind_of_demand(demand, clock.due_on, owner_is_applicant=clock.owner is Owner.APPLICANT)


def _has_ended(demand: Demand, clock: ClockView | None) -> bool:
    """Whether nothing more is to come; an applicant who has to choose is given the days for it in any case."""
    if clock is not None and clock.kind is DutyKind.NEXT_STEP:
        return has_waited(clock.reminded_at, clock.due_on, grace=APPLICANT_GRACE)
    return is_over(demand.valid_until)


def _remind_of_rescue(actor: Actor, demand: Demand) -> None:
    clock = demands.clock_of(demand.id)
    rescue = clock is not None and clock.kind is DutyKind.RESCUE and is_over(clock.due_on)
    if clock is not None and rescue and demands.remind(actor, demand):
        letters.remind_of_demand(demand, clock.due_on, owner_is_applicant=False)
