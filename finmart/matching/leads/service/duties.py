"""Clocks: the duty that a lead's state brings, and the one duty of a demand that comes first."""

from datetime import date, datetime, timedelta

from finmart.matching.demands import repository as demand_rows
from finmart.matching.demands import service as demands
from finmart.matching.demands.models import Demand
from finmart.matching.demands.types.clocks import Duty, DutyKind, Owner
from finmart.matching.demands.types.states import DemandState
from finmart.matching.leads import repository
from finmart.matching.leads.models import Lead
from finmart.matching.leads.types.duties import DUTIES
from finmart.matching.leads.types.states import LeadState
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import local, today
from finmart.reference.working_days import Due, due_after


def begin_duty(lead: Lead) -> None:
    """Put the lead under the duty of its state, beginning today; an ended lead is under none."""
    duty = DUTIES.get(LeadState(lead.state))
    lead.reminded_at = lead.escalated_on = None
    if duty is None:
        lead.duty = lead.duty_owner = lead.due_on = lead.duty_from = None
        lead.provisional = False
        return
    lead.duty, lead.duty_owner, lead.duty_from = duty.kind.value, duty.owner.value, today()
    due = due_of(lead)
    lead.due_on, lead.provisional = due.day, due.provisional


def due_of(lead: Lead) -> Due:
    """The day by which a living lead's duty is due.

    Duties of 1-3-5 count from the receipt and leave out the days on which the institution waited; whoever comes late
    to one of them still has until the next working day for the one after it.
    """
    duty = DUTIES[LeadState(lead.state)]
    began = lead.duty_from or today()
    days = demands.days_of(duty.kind, product_type=lead.product_type)
    if not duty.from_receipt or lead.received_at is None:
        return due_after(began, days)
    counted = due_after(local(lead.received_at).date(), days + lead.paused_days)
    return max(counted, due_after(began, 1), key=lambda due: due.day)


def duty_of(lead: Lead, demand: Demand) -> Duty:
    """Who must act next on a living lead: its owner, or the operator once the institution's day has passed twice."""
    if lead.escalated_on is not None:
        due = due_after(lead.escalated_on, demands.days_of(DutyKind.RESCUE, product_type=lead.product_type))
        return Duty(DutyKind.RESCUE, Owner.OPERATOR, None, due.day, due.provisional, lead.id)
    owner = Owner(lead.duty_owner or "")
    organisation_id = demand.organisation_id if owner is Owner.APPLICANT else lead.organisation_id
    return Duty(
        DutyKind(lead.duty or ""), owner, organisation_id, lead.due_on or today(), lead.provisional, lead_id=lead.id
    )


def govern(actor: Actor, demand: Demand) -> None:
    """See to it that exactly the clock runs that comes first; a demand that does not live has none."""
    if demand.state != DemandState.PUBLISHED:
        return
    living = [lead for lead in repository.leads_of_demand(demand.id) if lead.ended_at is None]
    duties = [duty_of(lead, demand) for lead in living]
    if duties:
        demands.run_clock(actor, demand, min(duties, key=lambda duty: (duty.due_on, duty.lead_id or 0)))
        return
    # Past the demand's own day the platform looks for nobody any more, but its applicant still chooses how to go on.
    looking = demand.on_board and not is_over(demand.valid_until)
    wanted = DutyKind.ANSWER if looking else DutyKind.NEXT_STEP
    running = demand_rows.running_clock(demand.id)
    if running is None or running.kind != wanted:
        demands.run_clock(actor, demand, demands.waiting_for_an_answer() if looking else _next_step(demand))


def _next_step(demand: Demand) -> Duty:
    due = due_after(today(), demands.days_of(DutyKind.NEXT_STEP))
    return Duty(DutyKind.NEXT_STEP, Owner.APPLICANT, demand.organisation_id, due.day, due.provisional)


def is_over(due_on: date | None) -> bool:
    """Whether the day has passed."""
    return due_on is not None and today() > due_on


def has_waited(reminded_at: datetime | None, due_on: date | None, *, grace: int) -> bool:
    """Whether ``grace`` working days have passed since the owner was reminded, that day counted, and since ``due_on``.

    A reminder that went out late, after an outage, still gives the days that it promises.
    """
    if reminded_at is None or due_on is None:
        return False
    start = max(due_on, local(reminded_at).date() - timedelta(days=1))
    return today() > due_after(start, grace).day
