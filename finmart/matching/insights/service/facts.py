"""The facts that figures count: one row a demand and one row a received application, from the rows that live."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from finmart.matching.demands.models import Demand
from finmart.matching.demands.service import days_of
from finmart.matching.demands.types.clocks import DutyKind
from finmart.matching.insights.repository.counting import Stepped
from finmart.matching.insights.service.counting import district_of, section_of, size_of
from finmart.matching.leads.models import Lead
from finmart.matching.leads.types.states import LeadStep
from finmart.matching.models import MatchRun
from finmart.platform.kernel.clock import local
from finmart.reference.working_days import days_passed

#: Steps that show that an institution has answered.
_ANSWERS = frozenset({LeadStep.TAKE, LeadStep.CONTACT})
_DECISIONS = frozenset({LeadStep.APPROVE, LeadStep.DECLINE})


@dataclass(frozen=True)
class Reached:
    """What happened to one lead, steps that were taken back left out: step → the day it happened last."""

    days: Mapping[str, date]
    first_contact: date | None

    def has(self, *steps: str) -> bool:
        """Whether one of ``steps`` stands."""
        return any(step in self.days for step in steps)


@dataclass(frozen=True)
class About:
    """What a case is counted under."""

    region: str
    district: str
    industry: str
    size: str
    kind: str
    demonstration: bool
    published_on: date


def _day(instant: datetime) -> date:
    return local(instant).date()


def reached(steps: Iterable[Stepped]) -> dict[int, Reached]:
    """lead id → what stands of its steps."""
    by_lead: dict[int, list[Stepped]] = defaultdict(list)
    for step in steps:
        by_lead[step.lead_id].append(step)
    found = {}
    for lead_id, own in by_lead.items():
        undone = {step.reverses_id for step in own if step.reverses_id is not None}
        standing = [step for step in own if step.id not in undone]
        contacts = [_day(step.at) for step in standing if step.step == LeadStep.CONTACT]
        found[lead_id] = Reached({step.step: _day(step.at) for step in standing}, min(contacts, default=None))
    return found


def about(demand: Demand, run: MatchRun | None, kinds: Mapping[int, str]) -> About:
    """Where a demand belongs: its own region, and what its newest run knew of industry and size."""
    known = run.inputs["facts"] if run is not None else {}
    return About(
        region=demand.region,
        district=district_of(demand.region),
        industry=section_of(known),
        size=size_of(known),
        kind=kinds.get(demand.organisation_id, "unknown"),
        demonstration=demand.demonstration,
        published_on=_day(demand.published_at or demand.created_at),
    )


def demand_fact(
    demand: Demand, of: About, run: MatchRun | None, leads: list[Lead], stands: Mapping[int, Reached]
) -> dict[str, Any]:
    """The columns of one demand."""
    own = [(lead, stands[lead.id]) for lead in leads]
    offers = [lead for lead, steps in own if steps.has(LeadStep.APPROVE)]
    chosen = [lead for lead, steps in own if steps.has(LeadStep.ACCEPT)]
    amounts = [lead.approved_amount or 0 for lead in chosen or offers]
    funded = [lead.funded_amount or 0 for lead, steps in own if steps.has(LeadStep.DRAW_DOWN)]
    return {
        **asdict(of),
        "public_id": demand.public_id,
        "purpose": demand.purpose,
        "amount": demand.amount,
        "outcome": demand.state,
        "matched": run is not None and run.suitable > 0,
        "answered": any(steps.has(*_ANSWERS) for _lead, steps in own),
        "contacted": any(steps.has(LeadStep.CONTACT) for _lead, steps in own),
        "decided": any(steps.has(*_DECISIONS) for _lead, steps in own),
        "approved": bool(offers),
        "accepted": bool(chosen),
        "funded": bool(funded),
        "approved_amount": max(amounts, default=None),
        "funded_amount": sum(funded) if funded else None,
    }


#: Duty, product type and day of receipt → working days that were allowed.
Within = Callable[[DutyKind, str, date], int]


def allowed_days() -> Within:
    """A reader of the operator's clock days that asks for each duty, type and day but once."""

    @cache
    def within(kind: DutyKind, product_type: str, on: date) -> int:
        return days_of(kind, product_type=product_type, on=on)

    return within


def lead_fact(
    lead: Lead, demand: Demand, of: About, steps: Reached, institution: str, within: Within
) -> dict[str, Any] | None:
    """The columns of one application; None for a lead that no institution has received."""
    if lead.received_at is None:
        return None
    received = _day(lead.received_at)
    decided_on = max((steps.days[step] for step in _DECISIONS if step in steps.days), default=None)
    contact_days = _between(received, steps.first_contact)
    decision_days = _between(received, decided_on, pauses=lead.paused_days)
    approved = steps.has(LeadStep.APPROVE)
    return {
        **asdict(of),
        "public_id": lead.public_id,
        "demand_public_id": demand.public_id,
        "institution": institution,
        "product_type": lead.product_type or "unknown",
        "received_on": received,
        "state": lead.state,
        "contacted": contact_days is not None,
        "contacted_in_time": contact_days is not None
        and contact_days <= within(DutyKind.CONTACT, lead.product_type, received),
        "decided": decided_on is not None,
        "decided_in_time": decision_days is not None
        and decision_days <= within(DutyKind.DECISION, lead.product_type, received),
        "approved": approved,
        "declined": steps.has(LeadStep.DECLINE),
        "funded": steps.has(LeadStep.DRAW_DOWN),
        "reason": lead.decline_code,
        "contact_days": contact_days,
        "opinion_days": _between(received, steps.days.get(LeadStep.OPINION), pauses=lead.paused_days),
        "decision_days": decision_days,
        "draw_down_days": _between(steps.days.get(LeadStep.APPROVE), steps.days.get(LeadStep.DRAW_DOWN)),
        "approved_amount": lead.approved_amount if approved else None,
        "funded_amount": lead.funded_amount,
    }


def _between(start: date | None, end: date | None, *, pauses: int = 0) -> int | None:
    """Working days after ``start`` up to ``end`` without pauses; None where either is missing."""
    if start is None or end is None:
        return None
    return max(0, days_passed(start, end) - pauses)
