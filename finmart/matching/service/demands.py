"""Matching a demand: once when it is written down, again whenever its applicant says more."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from finmart.credit.service import declaring
from finmart.credit.types.values import Declared
from finmart.matching import repository, snapshots
from finmart.matching.demands import service as demands
from finmart.matching.demands.types.values import DemandView, NewDemand
from finmart.matching.engine import plain
from finmart.matching.service import runs
from finmart.matching.service.advice import Advice, advise, dump_advice, load_advice
from finmart.matching.service.applicants import CHANGED_JOB, Known, account_of, known_of
from finmart.matching.service.declaring import declarable_keys
from finmart.matching.service.runs import OpenRun, RunView, Subject
from finmart.matching.types.errors import RunUnknown
from finmart.matching.types.events import MatchRan
from finmart.platform.accounts.service.claims import verified_subject_of
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.jobs.outbox import enqueue
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.web.pages import Page
from finmart.products.policies.service.reliefs import relief_facts

BASIS = "own"


#: What may be answered before any demand has said which facts matter.
USUAL = ("years_established", "industry", "tax_grade", "annual_revenue", "annual_tax", "employees", "qualifications")
MOST_ASKED = 12


@dataclass(frozen=True)
class DemandResult:
    """A demand with its newest run, if there is one."""

    demand: DemandView
    run: OpenRun | None
    earlier: tuple[RunView, ...]


def new_demand(actor: Actor, new: NewDemand) -> DemandView:
    """Write a demand down and match it at once. Raises ``PermissionMissing`` or ``DemandRefused``."""
    require(actor, Permission.OWN_DEMANDS_WRITE)
    who = account_of(actor)
    demand = demands.save_demand(actor, new, organisation_id=who.organisation_id, subject_id=who.subject_id)
    match_demand(actor, demand)
    return demand


def rematch(actor: Actor, public_id: str) -> RunView:
    """Match one of the actor's own demands again. Raises as ``own_demand`` does, or ``DemandClosed``."""
    require(actor, Permission.OWN_DEMANDS_WRITE)
    demand = demands.own_demand(actor, public_id)
    demands.must_be_open(demand)
    return match_demand(actor, demand)


def match_demand(actor: Actor, demand: DemandView, *, basis: str = BASIS) -> RunView:
    """Match a demand on what is known about its applicant now, and store the run with its questions and remedies.

    ``basis`` is why the actor may read the applicant's profile: its own, or what a system actor names.
    """
    base, known = runs.ground(), known_of(actor, demand.organisation_id, basis=basis)
    need = snapshots.need_of(demand, today())
    keys = snapshots.used_keys(base.plan.offers) | snapshots.material_keys(base.plan.offers) | relief_facts()
    facts = snapshots.asked(known.merged.facts, need, keys)
    case = plain.Case(facts, need, base.ruleset.rule)
    engine = base.plan.engine
    answered = engine.answer(case)
    outcomes = answered.outcomes()
    advice = advise(engine, answered, outcomes, declarable_keys())
    columns = runs.columns(actor, base, case, outcomes, _about(demand, known))
    row = repository.add_run(**columns, advice=dump_advice(advice))
    event = MatchRan(
        target=row.public_id,
        demand=demand.public_id,
        ruleset_version=base.ruleset.version,
        catalogue_version=base.plan.catalogue_version,
        products=len(outcomes),
    )
    record(actor, event)
    return runs.view_of(row)


def _about(demand: DemandView, known: Known) -> Subject:
    return Subject(
        kind="demand",
        as_of=known.as_of,
        known_at=known.known_at,
        organisation_id=demand.organisation_id,
        subject_id=known.applicant.subject_id or demand.subject_id,
        demand_id=demand.id,
        profile_version=known.profile_version,
        declared=known.declared_ids,
        demonstration=demand.demonstration,
    )


def match_on_behalf(actor: Actor, public_id: str) -> RunView:
    """Match anybody's demand again, for a command under a named basis; the house is the reader, not the applicant.

    Raises ``PermissionMissing``, ``DemandUnknown``, ``DemandClosed`` or ``ProfileClosed``.
    """
    require(actor, Permission.ALL_RUNS_REPLAY)
    demand = demands.any_demand(public_id)
    demands.must_be_open(demand)
    return match_demand(actor, demand, basis=actor.basis)


def declare_and_rematch(actor: Actor, public_id: str, answers: Mapping[str, str], *, commitment: bool) -> RunView:
    """Keep what the applicant declares, with its commitment, and match the demand again.

    Raises ``PermissionMissing``, ``DemandUnknown``, ``DemandClosed``, or what credit refuses a value with.
    """
    require(actor, Permission.OWN_FACTS_DECLARE)
    demand = demands.own_demand(actor, public_id)
    demands.must_be_open(demand)
    declaring.declare(actor, demand.subject_id, answers, commitment=commitment)
    enqueue(CHANGED_JOB, {"organisation": demand.organisation_id})
    return match_demand(actor, demand)


def result(actor: Actor, public_id: str) -> DemandResult:
    """One of the actor's own demands with its newest run. Raises ``PermissionMissing`` or ``DemandUnknown``."""
    demand = demands.own_demand(actor, public_id)
    stored = repository.runs_of_demand(demand.id)
    views = tuple(runs.view_of(row) for row in stored)
    newest = runs.own_run(actor, views[0].public_id) if views else None
    return DemandResult(demand, newest, views[1:])


def questions_of(actor: Actor, public_id: str) -> tuple[DemandView, Advice]:
    """One of the actor's own demands with what its newest run asks. Raises ``PermissionMissing`` or ``DemandUnknown``.

    Nothing of a profile is in it, so no read is noted.
    """
    demand = demands.own_demand(actor, public_id)
    newest = repository.latest_runs_of_demands([demand.id]).get(demand.id)
    return demand, load_advice(runs.own_advice(actor, newest.public_id) if newest else None)


def demand_of(actor: Actor, run: OpenRun) -> DemandView:
    """The demand that a run of the actor's own answered. Raises ``RunUnknown`` or ``DemandUnknown``."""
    if run.view.demand_id is None:
        raise RunUnknown
    return demands.own_demand_by_id(actor, run.view.demand_id)


def declared_since(actor: Actor, moment: datetime) -> frozenset[str]:
    """The facts that the actor's organisation declared after ``moment``."""
    said = declaring.own_declarations(actor.organisation_id or 0)
    return frozenset(one.key for one in said if one.declared_at > moment)


def newest_advice(actor: Actor) -> Advice:
    """Questions and remedies of the actor's newest demand; empty before the first.

    What was answered since is not asked again.
    """
    page = own_demands_with_runs(actor)
    newest = next((run for demand, run in page.items if run is not None and demand.is_open), None)
    if newest is None:
        return load_advice(None)
    advice, since = load_advice(runs.own_advice(actor, newest.public_id)), declared_since(actor, newest.created_at)
    return replace(advice, questions=tuple(one for one in advice.questions if one.key not in since))


@dataclass(frozen=True)
class DeclaredView:
    """What an applicant has declared, and the facts it may still answer, those that decide most first."""

    said: tuple[Declared, ...]
    asks: tuple[str, ...]


def declared_view(actor: Actor) -> DeclaredView:
    """The actor's own declarations. Raises ``PermissionMissing``."""
    require(actor, Permission.OWN_FACTS_DECLARE)
    who = account_of(actor)
    said = declaring.compared_declarations(actor, who.subject_id)
    asks = [question.key for question in newest_advice(actor).questions]
    return DeclaredView(said, tuple(dict.fromkeys([*asks, *(one.key for one in said), *USUAL]))[:MOST_ASKED])


def declare(actor: Actor, answers: Mapping[str, str], *, commitment: bool) -> None:
    """Keep what the applicant declares. Raises ``PermissionMissing`` or what credit refuses a value with."""
    require(actor, Permission.OWN_FACTS_DECLARE)
    who = account_of(actor)
    declaring.declare(actor, who.subject_id, answers, commitment=commitment)
    enqueue(CHANGED_JOB, {"organisation": who.organisation_id})


def own_demands_with_runs(actor: Actor, *, number: int = 1) -> Page[tuple[DemandView, RunView | None]]:
    """The actor's own demands, newest first, each with its newest run if that is not closed. ``PermissionMissing``."""
    page = demands.own_demands(actor, number=number)
    verified = verified_subject_of(actor.organisation_id or 0)
    found = repository.latest_runs_of_demands(demand.id for demand in page.items)
    newest = {demand_id: row for demand_id, row in found.items() if not runs.is_closed(row, verified)}
    items = [(d, runs.view_of(newest[d.id]) if d.id in newest else None) for d in page.items]
    return Page(items, page.total, page.number, page.size)
