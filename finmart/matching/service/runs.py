"""Storing runs, reading them back, and working them out again from what they stored."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar

from finmart.credit.service import access
from finmart.matching import repository, snapshots
from finmart.matching.engine import json_form, plain
from finmart.matching.engine.inputs import ApplicantFacts, DemandNeed
from finmart.matching.engine.results import Outcome, Verdict
from finmart.matching.engine.rows import Row, dump_row, load_row, row_of
from finmart.matching.models import MatchPlan, MatchRun
from finmart.matching.rulesets import service as rulesets
from finmart.matching.rulesets.types import Ruleset
from finmart.matching.snapshots import Plan
from finmart.matching.types.errors import NothingPublished, RunUnknown
from finmart.matching.types.events import RunReplayed
from finmart.matching.types.packed import canonical
from finmart.platform.accounts.service.claims import verified_subject_of
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.web.pages import Page

PAGE_SIZE = 30
#: Facts that the applicant itself has stated; every other one was read in a profile.
SAID_ORIGINS = frozenset({"declared", "demand"})


@dataclass(frozen=True)
class Subject:
    """Who a run is about and on which data: ids, the day, and what was known when."""

    kind: str
    as_of: date
    known_at: datetime
    organisation_id: int | None = None
    subject_id: int | None = None
    demand_id: int | None = None
    batch_id: int | None = None
    profile_version: str | None = None
    declared: tuple[str, ...] = ()
    demonstration: bool = False


@dataclass(frozen=True)
class Ground:
    """What runs stand on: the offers and the rule, both stored before the first run names them."""

    plan: Plan
    plan_id: int
    ruleset: Ruleset


@dataclass(frozen=True)
class RunView:
    """A run as lists show it: no data, only ids, versions and counts."""

    public_id: str
    kind: str
    created_at: datetime
    actor: str
    basis: str
    as_of: date
    profile_version: str | None
    ruleset_version: int
    catalogue_version: int
    inputs_hash: str
    counts: dict[str, int]
    suitable: int
    subject_id: int | None
    demand_id: int | None
    batch_id: int | None
    demonstration: bool

    @property
    def products(self) -> int:
        """How many products were compared."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class OpenRun:
    """A run, whole: what it was given, the offers and rule it used, its rows in order."""

    view: RunView
    facts: ApplicantFacts
    need: DemandNeed
    plan: Plan
    ruleset: Ruleset
    rows: tuple[Row, ...]
    declared: tuple[str, ...]
    advice: dict[str, Any] | None
    #: Whether everything was left out, because the organisation is no longer verified as the run's subject.
    closed: bool = False


@dataclass(frozen=True)
class Replay:
    """Whether working a run out again gave the same; ``differences`` are (place, code stored, code now)."""

    public_id: str
    identical: bool
    same_inputs: bool
    rows: int
    differences: tuple[tuple[int, str, str], ...]


def ground() -> Ground:
    """Store the offers and the rule in force if they are not stored yet. Raises ``NothingPublished``."""
    plan, ruleset = snapshots.current_plan(), rulesets.active()
    if not plan.offers:
        raise NothingPublished
    rulesets.keep(ruleset)
    plan_id = repository.keep_plan(
        fingerprint=plan.fingerprint, catalogue_version=plan.catalogue_version, documents=plan.by_digest
    )
    return Ground(plan, plan_id, ruleset)


def inputs_hash(facts: ApplicantFacts, need: DemandNeed, plan: Plan, ruleset: Ruleset) -> str:
    """SHA-256 over everything that decides a run's answer."""
    document = {
        "facts": json_form.dump_facts(facts),
        "need": json_form.dump_need(need),
        "plan": plan.fingerprint,
        "rule": ruleset.fingerprint,
    }
    return hashlib.sha256(canonical(document)).hexdigest()


def rows_of(outcomes: Sequence[Outcome]) -> tuple[Row, ...]:
    """The rows of ranked outcomes."""
    return tuple(row_of(outcome, place) for place, outcome in enumerate(outcomes, start=1))


def columns(
    actor: Actor, base: Ground, case: plain.Case, outcomes: Sequence[Outcome], about: Subject
) -> dict[str, Any]:
    """The columns of a run's row."""
    counts = Counter(outcome.verdict for outcome in outcomes)
    return {
        "kind": about.kind,
        "batch_id": about.batch_id,
        "demand_id": about.demand_id,
        "organisation_id": about.organisation_id,
        "subject_id": about.subject_id,
        "user_id": actor.user_id,
        "actor": actor.name,
        "basis": actor.basis or "demand",
        "as_of": about.as_of,
        "known_at": about.known_at,
        "profile_version": about.profile_version,
        "declared": list(about.declared),
        "ruleset_version": base.ruleset.version,
        "plan_id": base.plan_id,
        "catalogue_version": base.plan.catalogue_version,
        "inputs_hash": inputs_hash(case.facts, case.need, base.plan, base.ruleset),
        "inputs": {
            "form": json_form.FORM,
            "facts": json_form.dump_facts(case.facts),
            "need": json_form.dump_need(case.need),
        },
        "rows": [dump_row(row) for row in rows_of(outcomes)],
        "demonstration": about.demonstration,
        "suitable": sum(outcome.suits for outcome in outcomes),
        **{verdict.value: counts[verdict] for verdict in Verdict},
    }


def view_of(row: MatchRun) -> RunView:
    """A row as values."""
    return RunView(
        public_id=row.public_id,
        kind=row.kind,
        created_at=row.created_at,
        actor=row.actor if row.user_id is None else "user",
        basis=row.basis,
        as_of=row.as_of,
        profile_version=row.profile_version,
        ruleset_version=row.ruleset_version,
        catalogue_version=row.catalogue_version,
        inputs_hash=row.inputs_hash,
        counts={verdict.value: getattr(row, verdict.value) for verdict in Verdict},
        suitable=row.suitable,
        subject_id=row.subject_id,
        demand_id=row.demand_id,
        batch_id=row.batch_id,
        demonstration=row.demonstration,
    )


class _Plans:
    """Plans read from the table; they never change, so a process may keep the few it needs."""

    by_fingerprint: ClassVar[dict[str, Plan]] = {}
    MOST = 4


def _plan(row: MatchPlan) -> Plan:
    known = _Plans.by_fingerprint.get(row.fingerprint)
    if known is None:
        known = snapshots.plan_of(repository.documents_of(row), row.catalogue_version, row.fingerprint)
        while len(_Plans.by_fingerprint) >= _Plans.MOST:
            _Plans.by_fingerprint.pop(next(iter(_Plans.by_fingerprint)))
        _Plans.by_fingerprint[row.fingerprint] = known
    return known


def stored_plan(plan_id: int) -> Plan:
    """The offers that a run, or whatever else names them, was worked out on."""
    return _plan(repository.plan_by_id(plan_id))


def opened(row: MatchRun) -> OpenRun:
    """A run, whole."""
    return OpenRun(
        view=view_of(row),
        facts=json_form.load_facts(row.inputs["facts"]),
        need=json_form.load_need(row.inputs["need"]),
        plan=_plan(repository.plan_by_id(row.plan_id)),
        ruleset=rulesets.of_version(row.ruleset_version),
        rows=tuple(load_row(entry) for entry in row.rows),
        declared=tuple(row.declared),
        advice=row.advice,
    )


def own_run(actor: Actor, public_id: str) -> OpenRun:
    """A run that the actor's organisation asked for; that its imported facts are read is noted first (DECISIONS 20).

    A run that stands on a profile is closed, verdicts and advice too, once the organisation is no longer verified as
    its subject: they say as much as the values. Raises ``PermissionMissing`` or ``RunUnknown``.
    """
    row = _own_row(actor, public_id)
    run = opened(row)
    if all(fact.origin in SAID_ORIGINS for fact in run.facts.values.values()):
        return run
    if row.subject_id is None or is_closed(row, verified_subject_of(row.organisation_id or 0)):
        return replace(run, facts=ApplicantFacts({}), rows=(), advice=None, closed=True)
    access.note_access(actor, row.subject_id, purpose="result", basis="own")
    return run


def is_closed(row: MatchRun, verified: int | None) -> bool:
    """Whether a run stands on the profile of a subject other than ``verified``, which its organisation is now."""
    return row.profile_version is not None and (row.subject_id is None or row.subject_id != verified)


def own_advice(actor: Actor, public_id: str) -> dict[str, Any] | None:
    """What a run of the actor's organisation advises; nothing of a closed one.

    Raises ``PermissionMissing`` or ``RunUnknown``.
    """
    row = _own_row(actor, public_id)
    return None if is_closed(row, verified_subject_of(row.organisation_id or 0)) else row.advice


def _own_row(actor: Actor, public_id: str) -> MatchRun:
    require(actor, Permission.OWN_DEMANDS_READ)
    row = repository.run_by_public_id(public_id)
    if row is None or row.organisation_id is None or row.organisation_id != actor.organisation_id:
        raise RunUnknown
    return row


def _any_run(public_id: str) -> MatchRun:
    row = repository.run_by_public_id(public_id)
    if row is None:
        raise RunUnknown
    return row


def read_run(actor: Actor, public_id: str) -> OpenRun:
    """Any run, for the operator. Raises ``PermissionMissing`` or ``RunUnknown``."""
    require(actor, Permission.ALL_RUNS_READ)
    return opened(_any_run(public_id))


@dataclass(frozen=True)
class BatchView:
    """A batch as lists show it."""

    public_id: str
    created_at: datetime
    as_of: date
    basis: str
    ruleset_version: int
    firms: int
    products: int
    separating: int
    demonstration: bool


def list_batches(actor: Actor, *, limit: int = 5) -> tuple[BatchView, ...]:
    """The newest batches, for the operator. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_RUNS_READ)
    return tuple(
        BatchView(
            public_id=row.public_id,
            created_at=row.created_at,
            as_of=row.as_of,
            basis=row.basis,
            ruleset_version=row.ruleset_version,
            firms=row.summary["firms"],
            products=row.summary["products"],
            separating=len(row.summary["separating"]),
            demonstration=row.asked["demonstration"],
        )
        for row in repository.batches(limit=limit)
    )


def opened_rows(public_id: str, *, most: int | None = None) -> tuple[Row, ...]:
    """The rows (the first ``most``) of a run just stored, for the command that stored it. Raises ``RunUnknown``."""
    return tuple(load_row(entry) for entry in _any_run(public_id).rows[:most])


def list_runs(actor: Actor, *, kind: str | None = None, batch: str | None = None, number: int = 1) -> Page[RunView]:
    """Runs, newest first, for the operator; of one batch when it is named. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_RUNS_READ)
    named = repository.batch_by_public_id(batch) if batch else None
    if batch and named is None:
        return Page([], 0, number, PAGE_SIZE)
    batch_id = named.id if named else None
    rows, total = repository.runs(kind=kind, batch_id=batch_id, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    return Page([view_of(row) for row in rows], total, number, PAGE_SIZE)


def case_of(run: OpenRun) -> plain.Case:
    """The case a run answered."""
    return plain.Case(run.facts, run.need, run.ruleset.rule)


def replay_run(actor: Actor, public_id: str) -> Replay:
    """Work a run out again from what it stored and compare. Raises ``PermissionMissing`` or ``RunUnknown``."""
    require(actor, Permission.ALL_RUNS_REPLAY)
    row = _any_run(public_id)
    run = opened(row)
    again = [dump_row(entry) for entry in rows_of(run.plan.engine.match(case_of(run)))]
    stored = row.rows
    differences = tuple(
        (place, old[1], new[1])
        for place, (old, new) in enumerate(zip(stored, again, strict=False), start=1)
        if old != new
    )
    same_inputs = row.inputs_hash == inputs_hash(run.facts, run.need, run.plan, run.ruleset)
    identical = same_inputs and not differences and len(stored) == len(again)
    record(actor, RunReplayed(target=row.public_id, identical=identical, differences=len(differences)))
    return Replay(row.public_id, identical, same_inputs, len(again), differences)
