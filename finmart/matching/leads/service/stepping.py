"""Taking one step: the only place where a lead's state changes.

The demand's row is locked first, so that steps on one demand and all its leads are taken one at a time, on both
databases; whoever comes second sees what the first has done.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from finmart.matching.demands import repository as demand_rows
from finmart.matching.demands.models import Demand
from finmart.matching.leads import repository
from finmart.matching.leads.models import Lead, LeadStepRow
from finmart.matching.leads.service.duties import begin_duty, govern
from finmart.matching.leads.types.errors import LeadUnknown, NotYourStep
from finmart.matching.leads.types.events import LeadMoved
from finmart.matching.leads.types.states import (
    BEGINNINGS,
    LIVE,
    TAKEN_BY,
    WAITING,
    Channel,
    LeadState,
    LeadStep,
    Side,
    after,
)
from finmart.platform.accounts.service.organisations import organisation_card
from finmart.platform.accounts.service.tree import branch_for, reaches
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today
from finmart.reference.working_days import days_passed


@dataclass(frozen=True)
class Why:
    """Reason code, note and figures of a step."""

    reason: str = ""
    note: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A lead and its demand, both as they stand now and locked, and the side on which the actor stands."""

    demand: Demand
    lead: Lead
    side: Side


def side_of(actor: Actor, demand: Demand, lead: Lead) -> Side:
    """The one policy of leads: the demand's applicant, the lead's institution, the operator; nobody else knows of it.

    Raises ``LeadUnknown``.
    """
    if actor.organisation_id is not None:
        if actor.organisation_id == demand.organisation_id and actor.may(Permission.OWN_DEMANDS_READ):
            return Side.APPLICANT
        own = actor.organisation_id == lead.organisation_id and actor.may(Permission.OWN_LEADS_READ)
        # Staff of a branch look after what is there and below it; staff of the head office after everything.
        if own and reaches(actor, lead.branch_id):
            return Side.INSTITUTION
    if actor.may(Permission.ALL_DEMANDS_READ):
        return Side.OPERATOR
    raise LeadUnknown


def knows_applicant(lead: Lead) -> bool:
    """Whether the institution may see who asks: after the applicant's own click, and no longer than it has business."""
    return lead.revealed_at is not None and (lead.ended_at is None or lead.state == LeadState.FUNDED)


def open_case(actor: Actor, public_id: str, *, lock: bool = True) -> Case:
    """A lead with its demand, locked unless it is only to be read. Raises ``LeadUnknown``."""
    lead = repository.lead_by_public_id(public_id)
    demand = demand_rows.by_id(lead.demand_id, lock=lock) if lead is not None else None
    if lead is None or demand is None:
        raise LeadUnknown
    if lock:
        lead = repository.refreshed(lead)
    return Case(demand, lead, side_of(actor, demand, lead))


_MAY_WORK = {
    Side.APPLICANT: Permission.OWN_DEMANDS_WRITE,
    Side.INSTITUTION: Permission.OWN_LEADS_WORK,
    Side.OPERATOR: Permission.ALL_DEMANDS_DISPATCH,
}


def must_be(actor: Actor, case: Case, side: Side) -> None:
    """Raise ``NotYourStep`` unless the actor stands on ``side`` and may work there."""
    if case.side is not side or not actor.may(_MAY_WORK[side]):
        raise NotYourStep


def begin(actor: Actor, demand: Demand, step: LeadStep, *, organisation_id: int, why: Why, **columns: Any) -> Lead:
    """A new lead of a locked demand in the state that ``step`` begins with."""
    channel, state = BEGINNINGS[step]
    lead = repository.add_lead(
        demand_id=demand.id,
        organisation_id=organisation_id,
        channel=channel.value,
        state=state.value,
        demonstration=demand.demonstration,
        created_at=now(),
        received_at=now() if channel is Channel.DIRECT else None,
        revealed_at=now() if channel is Channel.DIRECT else None,
        branch_id=_branch(actor, demand, organisation_id),
        **{"asked_amount": demand.amount, **columns},
    )
    side = next(iter(TAKEN_BY[step]))
    begin_duty(lead)
    _write_down(actor, Case(demand, lead, side), step, None, state, why)
    govern(actor, demand)
    return lead


def _branch(actor: Actor, demand: Demand, organisation_id: int) -> int | None:
    """Where a lead begins: at the branch of whoever takes the card, else at the one nearest to the need."""
    if actor.organisation_id == organisation_id and actor.branch_id is not None:
        return actor.branch_id
    return branch_for(organisation_id, demand.region)


def take(actor: Actor, case: Case, step: LeadStep, *, side: Side | None = None, why: Why | None = None) -> None:
    """Take ``step`` on a locked lead. Raises ``StepRefused`` or ``NotYourStep``; letters are the caller's."""
    taken_by = side or case.side
    if taken_by not in TAKEN_BY[step]:
        raise NotYourStep
    old = LeadState(case.lead.state)
    enter(actor, case, step, after(old, step), side=taken_by, why=why or Why())


def enter(
    actor: Actor,
    case: Case,
    step: LeadStep,
    new: LeadState,
    *,
    side: Side,
    why: Why,
    reverses: LeadStepRow | None = None,
) -> None:
    """Enter ``new`` by ``step``: pauses, duty, the step's row, its event, and the demand's clock."""
    lead = case.lead
    old = LeadState(lead.state)
    if old in WAITING and new not in WAITING and lead.duty_from is not None:
        lead.paused_days += days_passed(lead.duty_from, today())
    lead.state = new.value
    lead.ended_at = None if new in LIVE else now()
    begin_duty(lead)
    _write_down(actor, Case(case.demand, lead, side), step, old, new, why, reverses)
    govern(actor, case.demand)


def _write_down(
    actor: Actor,
    case: Case,
    step: LeadStep,
    old: LeadState | None,
    new: LeadState,
    why: Why,
    reverses: LeadStepRow | None = None,
) -> None:
    repository.add_step(
        lead_id=case.lead.id,
        at=now(),
        step=step.value,
        side=case.side.value,
        from_state=old.value if old else "",
        to_state=new.value,
        actor=actor.label,
        user_id=actor.user_id,
        organisation_id=actor.organisation_id,
        reason=why.reason,
        note=why.note or None,
        details=dict(why.details),
        reverses_id=reverses.id if reverses else None,
    )
    event = LeadMoved(
        target=case.lead.public_id,
        demand=case.demand.public_id,
        institution=organisation_card(case.lead.organisation_id).public_id,
        step=step.value,
        side=case.side.value,
        old_state=old.value if old else "",
        new_state=new.value,
        reason=why.reason,
    )
    record(actor, event)
