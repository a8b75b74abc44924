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
from finmart.matching.leads.types.states import WAITING, LeadStep
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
    #: From which day to which the institution waited for the applicant.
    waits: tuple[tuple[date, date], ...] = ()

    def has(self, *steps: str) -> bool:
        """Whether one of ``steps`` stands."""
        return any(step in self.days for step in steps)

    def waited(self, until: date) -> int:
        """Working days up to ``until`` on which the institution waited for the applicant."""
        return sum(days_passed(start, min(end, until)) for start, end in self.waits)


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
        last = {step.step: _day(step.at) for step in standing}
        found[lead_id] = Reached(last, min(contacts, default=None), _waits(own))
    return found


def _waits(steps: Iterable[Stepped]) -> tuple[tuple[date, date], ...]:
    """The stretches between entering a state that waits for the applicant and leaving it."""
    found: list[tuple[date, date]] = []
    since: date | None = None
    for step in steps:
        waiting = step.to_state in WAITING
        if since is not None and not waiting:
            found.append((since, _day(step.at)))
        since = (since or _day(step.at)) if waiting else None
    return tuple(found)


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
    decision_days = _answered(received, decided_on, steps)
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
        "opinion_days": _answered(received, steps.days.get(LeadStep.OPINION), steps),
        "decision_days": decision_days,
        "decided_on": decided_on,
        "draw_down_days": _between(steps.days.get(LeadStep.APPROVE), steps.days.get(LeadStep.DRAW_DOWN)),
        "approved_amount": lead.approved_amount if approved else None,
        "funded_amount": lead.funded_amount,
    }


def _between(start: date | None, end: date | None) -> int | None:
    """Working days after ``start`` up to ``end``; None where either is missing."""
    return None if start is None or end is None else days_passed(start, end)


def _answered(received: date, answered: date | None, steps: Reached) -> int | None:
    """Working days from the receipt to an answer, without those waited for the applicant before it."""
    days = _between(received, answered)
    return None if days is None or answered is None else days - steps.waited(answered)
