"""Counting the officials' figures once more from the events, in plain Python that shares nothing with the house's own.

It reads demands, runs, leads and their steps as rows, replays every step, and counts. What it does not recount is
what it does not understand: a figure without a recount is reported as differing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import chinese_calendar
from sqlalchemy import text

from finmart.matching.insights.service import figures
from finmart.matching.insights.types.figures import Question
from finmart.matching.insights.types.stages import OF_DEMANDS, OF_LEADS, Dimension
from finmart.platform.authz.roles import permissions_of
from finmart.platform.db.session import session
from finmart.platform.db.types import UtcDateTime
from finmart.platform.dictionaries import service as dictionaries
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import SHANGHAI
from finmart.reference import industries, regions

CITY = "360100"
ENDS = ("funded", "declined", "withdrawn", "expired")


@dataclass
class CountedLead:
    """One lead as its events tell it."""

    row: Any
    standing: list[tuple[str, date]] = field(default_factory=list)
    #: From which day to which the institution waited for the applicant.
    waits: list[tuple[date, date]] = field(default_factory=list)

    def day(self, step: str, *, first: bool = False) -> date | None:
        """The last (or first) day on which a standing step was taken."""
        days = [on for name, on in self.standing if name == step]
        return (min(days) if first else days[-1]) if days else None

    def did(self, *steps: str) -> bool:
        """Whether one of the steps stands."""
        return any(name in steps for name, _on in self.standing)


@dataclass
class CountedDemand:
    """One demand with its leads and where it belongs."""

    row: Any
    codes: dict[Dimension, str]
    outcome: str
    matched: bool
    published: date
    leads: list[CountedLead] = field(default_factory=list)

    def did(self, *steps: str) -> bool:
        """Whether one of the steps stands at any lead."""
        return any(lead.did(*steps) for lead in self.leads)


def _day(value: Any) -> date:
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    aware = UtcDateTime().process_result_value(instant, session().get_bind().dialect)
    if aware is None:
        raise ValueError("an event without an instant")
    return aware.astimezone(SHANGHAI).date()


def _works(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # This is how the library says that it does not know the year; then weekdays count.
        return day.weekday() < 5


def _working_days(start: date, end: date) -> int:
    return sum(_works(start + timedelta(days=step)) for step in range(1, (end - start).days + 1))


def _rows(query: str) -> list[Any]:
    return list(session().execute(text(query)))


def _leads() -> dict[int, list[CountedLead]]:
    found: dict[int, list[CountedLead]] = defaultdict(list)
    by_id = {}
    query = (
        "SELECT lead.id, lead.demand_id, lead.product_type, lead.received_at, lead.approved_amount, "
        "lead.funded_amount, organisation.public_id AS institution FROM lead "
        "JOIN organisation ON organisation.id = lead.organisation_id"
    )
    for row in _rows(query):
        by_id[row.id] = CountedLead(row)
        found[row.demand_id].append(by_id[row.id])
    for lead_id, steps in _steps().items():
        _replay(by_id[lead_id], steps)
    return found


def _steps() -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in _rows(
        "SELECT id, lead_id, at, step, from_state, to_state, reverses_id, reason FROM lead_step ORDER BY id"
    ):
        found[row.lead_id].append(row)
    return found


def _replay(lead: CountedLead, steps: list[Any]) -> None:
    """What stands after all steps, and when the institution waited for the applicant."""
    undone = {step.reverses_id for step in steps} - {None}
    lead.standing = [(step.step, _day(step.at)) for step in steps if step.id not in undone]
    waiting: date | None = None
    for step in steps:
        waits = step.to_state in ("materials", "supplement")
        if waiting is not None and not waits:
            lead.waits.append((waiting, _day(step.at)))
        waiting = (waiting or _day(step.at)) if waits else None


def _reasons() -> dict[int, str]:
    """lead id → the code of the decline that stands."""
    found: dict[int, str] = {}
    for lead_id, steps in _steps().items():
        undone = {step.reverses_id for step in steps}
        codes = [step.reason for step in steps if step.step == "decline" and step.id not in undone]
        found[lead_id] = codes[-1] if codes else ""
    return found


def _outcomes() -> dict[int, str]:
    """demand id → how it stands, by its own steps."""
    found: dict[int, str] = {}
    for row in _rows("SELECT demand_id, to_state FROM demand_step ORDER BY id"):
        found[row.demand_id] = row.to_state
    return found


def _demands(known: dict[int, Any]) -> list[CountedDemand]:
    outcomes, leads = _outcomes(), _leads()
    query = (
        "SELECT demand.id, demand.public_id, demand.region, demand.amount, demand.demonstration, demand.published_at, "
        "demand.state, organisation.applicant_kind FROM demand JOIN organisation "
        "ON organisation.id = demand.organisation_id WHERE demand.published_at IS NOT NULL"
    )
    found = []
    for row in _rows(query):
        run = known.get(row.id)
        facts = run.inputs["facts"] if run is not None else {}
        industry = facts.get("industry")
        codes = {
            Dimension.DISTRICT: regions.district_of(row.region) or "unknown",
            Dimension.INDUSTRY: (industries.section_of(str(industry[0])) if industry else None) or "unknown",
            Dimension.SIZE: str(facts["firm_size"][0]) if facts.get("firm_size") else "unknown",
            Dimension.KIND: row.applicant_kind,
        }
        outcome = outcomes.get(row.id, row.state)
        matched = run is not None and run.suitable > 0
        found.append(CountedDemand(row, codes, outcome, matched, _day(row.published_at), leads.get(row.id, [])))
    return found


DemandTest = Callable[[CountedDemand], bool]
_STAGES: dict[str, DemandTest] = {
    "demands": lambda _demand: True,
    "matched": lambda demand: demand.matched,
    "answered": lambda demand: demand.did("take", "contact"),
    "contacted": lambda demand: demand.did("contact"),
    "decided": lambda demand: demand.did("approve", "decline"),
    "approved": lambda demand: demand.did("approve"),
    "accepted": lambda demand: demand.did("accept"),
    "funded": lambda demand: demand.did("draw_down"),
    "open": lambda demand: demand.outcome not in ENDS,
    "declined": lambda demand: demand.outcome == "declined",
    "withdrawn": lambda demand: demand.outcome == "withdrawn",
    "expired": lambda demand: demand.outcome == "expired",
    "unanswered": lambda demand: demand.outcome not in ENDS and not demand.did("take", "contact"),
}


def _amount(demand: CountedDemand, stage: str) -> int:
    if stage in ("approved", "accepted"):
        chosen = [lead for lead in demand.leads if lead.did("accept")]
        offers = chosen or [lead for lead in demand.leads if lead.did("approve")]
        return max((lead.row.approved_amount or 0 for lead in offers), default=0)
    if stage == "funded":
        return sum(lead.row.funded_amount or 0 for lead in demand.leads if lead.did("draw_down"))
    return int(demand.row.amount)


@dataclass
class CountedApplication:
    """One application that an institution received."""

    demand: CountedDemand
    lead: CountedLead
    codes: dict[Dimension, str]

    @property
    def received(self) -> date:
        """The day of receipt."""
        return _day(self.lead.row.received_at)

    def days(self, what: str) -> int | None:
        """Working days of one kind of timing."""
        lead, pauses = self.lead, self.lead.waits
        start, end = self.received, None
        if what == "contact":
            end, pauses = lead.day("contact", first=True), []
        elif what == "opinion":
            end = lead.day("opinion")
        elif what == "decision":
            end = max((on for on in (lead.day("approve"), lead.day("decline")) if on), default=None)
        else:
            approved, end, pauses = lead.day("approve"), lead.day("draw_down"), []
            if approved is None:
                return None
            start = approved
        if end is None:
            return None
        # What was waited for after the answer did not delay it.
        before = [_working_days(begun, ended) for begun, ended in pauses if ended <= end]
        return _working_days(start, end) - sum(before)


def _within(one: CountedApplication, what: str) -> bool:
    days = one.days(what)
    most = dictionaries.value(f"clock.{what}", one.received, scope=one.lead.row.product_type)
    return days is not None and days <= most


LeadTest = Callable[[CountedApplication], bool]
_LEAD_STAGES: dict[str, LeadTest] = {
    "received": lambda _one: True,
    "contacted": lambda one: one.lead.did("contact"),
    "contacted_in_time": lambda one: _within(one, "contact"),
    "decided": lambda one: one.lead.did("approve", "decline"),
    "decided_in_time": lambda one: _within(one, "decision"),
    "approved": lambda one: one.lead.did("approve"),
    "declined": lambda one: one.lead.did("decline"),
    "funded": lambda one: one.lead.did("draw_down"),
}


def _lead_amount(one: CountedApplication, stage: str) -> int:
    if stage == "funded":
        return int(one.lead.row.funded_amount or 0)
    return int(one.lead.row.approved_amount or 0) if one.lead.did("approve") else 0


def _applications(demands: Iterable[CountedDemand]) -> list[CountedApplication]:
    reasons = _reasons()
    found = []
    for demand in demands:
        for lead in demand.leads:
            if lead.row.received_at is not None:
                codes = {
                    **demand.codes,
                    Dimension.INSTITUTION: lead.row.institution,
                    Dimension.PRODUCT_TYPE: lead.row.product_type or "unknown",
                    Dimension.REASON: reasons.get(lead.row.id, ""),
                }
                found.append(CountedApplication(demand, lead, codes))
    return found


def _official(region: str) -> Actor:
    return Actor(
        name="recount",
        organisation_kind="government",
        role="official",
        region=region,
        permissions=permissions_of("official"),
    )


def differing() -> int:
    """How many figures of the last count, for the city and each district, are not what the events say.

    Every stage of demands and applications, whole and along every dimension, as number and as amount; and the timings.
    """
    demands = _demands(figures.newest_runs())
    wrong = 0
    for region in (CITY, *(node.code for node in regions.districts())):
        inside = [one for one in demands if regions.contains(region, one.row.region)]
        for demonstration in (True, False):
            own = [one for one in inside if bool(one.row.demonstration) is demonstration]
            wrong += _differing_for(_official(region), own, Question(demonstration=demonstration))
    return wrong


Counts = dict[str, tuple[int, int]]


def _differing_for(official: Actor, demands: list[CountedDemand], question: Question) -> int:
    applications = _applications(demands)
    of_demands = {
        stage: [(one, _amount(one, stage)) for one in demands if test(one)] for stage, test in _STAGES.items()
    }
    of_leads = {
        stage: [(one, _lead_amount(one, stage)) for one in applications if test(one)]
        for stage, test in _LEAD_STAGES.items()
    }
    wrong = _compare(_split(of_demands, None), figures.exact_demands(official, question, None))
    wrong += _compare(_split(of_leads, None), figures.exact_applications(official, question, None))
    for dimension in OF_DEMANDS:
        wrong += _compare(_split(of_demands, dimension), figures.exact_demands(official, question, dimension))
    for dimension in OF_LEADS:
        wrong += _compare(_split(of_leads, dimension), figures.exact_applications(official, question, dimension))
    return wrong + _differing_timings(official, applications, question)


def _split(cases: dict[str, list[tuple[Any, int]]], dimension: Dimension | None) -> dict[str, Counts]:
    found: dict[str, Counts] = {} if dimension else {"": dict.fromkeys(cases, (0, 0))}
    for stage, members in cases.items():
        for one, amount in members:
            code = one.codes[dimension] if dimension else ""
            counts = found.setdefault(code, dict.fromkeys(cases, (0, 0)))
            number, total = counts[stage]
            counts[stage] = (number + 1, total + amount)
    return found


def _compare(mine: dict[str, Counts], stated: dict[str, Counts]) -> int:
    """Figures that differ: of every code that either knows, every stage, number and amount."""
    wrong = 0
    for code in mine.keys() | stated.keys():
        here, there = mine.get(code, {}), stated.get(code, {})
        wrong += sum(here.get(stage, (0, 0)) != there.get(stage, (0, 0)) for stage in here.keys() | there.keys())
    return wrong


def _differing_timings(official: Actor, applications: list[CountedApplication], question: Question) -> int:
    wrong = 0
    for stated in figures.timings(official, question):
        days = [one.days(stated.days.value) for one in applications]
        known = sorted(day for day in days if day is not None)
        if stated.few:
            wrong += not 0 < len(known) < 3
            continue
        mine = (len(known), int(median(known) * 10) if known else None)
        wrong += mine != (stated.cases, stated.median)
    return wrong
