"""One need asked for every firm at once (DECISIONS 19): under a system actor, a named basis, one access row a run."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from finmart.conditions.types import FactValue
from finmart.credit import service as credit
from finmart.matching import repository, snapshots
from finmart.matching.engine import plain
from finmart.matching.engine.inputs import ApplicantFacts, DemandNeed
from finmart.matching.engine.json_form import dump_need
from finmart.matching.engine.results import Outcome
from finmart.matching.engine.rows import Row
from finmart.matching.engine.separation import Separation, separations
from finmart.matching.service import runs
from finmart.matching.service.runs import Ground, Subject, rows_of
from finmart.matching.types.errors import NoProfiles
from finmart.matching.types.events import BatchRan
from finmart.platform.accounts.service.subjects import subject_cards
from finmart.platform.audit.service import record
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from finmart.platform.kernel.ids import public_id

#: Runs are written in groups of this size, so that one statement stays small.
GROUP = 50

Report = Callable[[str], None]


@dataclass(frozen=True)
class Question:
    """What is asked for everybody: the same need, the same declared facts, on the data of one day."""

    need: DemandNeed
    as_of: date
    declared: Mapping[str, FactValue]
    demonstration: bool = False


@dataclass(frozen=True)
class Firm:
    """One subject with its facts and answer."""

    subject_id: int
    identifier: str
    profile_version: str
    facts: ApplicantFacts
    outcomes: tuple[Outcome, ...]
    run: str


@dataclass(frozen=True)
class Everyone:
    """What a batch found."""

    batch: str
    firms: tuple[Firm, ...]
    products: int
    separations: tuple[Separation, ...]

    @property
    def met_for_some(self) -> tuple[Separation, ...]:
        """Separating products of which some firm meets every condition, none unknown."""
        return tuple(one for one in self.separations if one.met)


def _people(actor: Actor, question: Question, basis: str) -> list[credit.SubjectFacts]:
    found = list(credit.profiles_for_run(actor, basis=basis, as_of=question.as_of))
    cards = subject_cards(one.subject_id for one in found)
    wanted = [one for one in found if cards[one.subject_id].demonstration is question.demonstration]
    if not wanted:
        raise NoProfiles(question.as_of.isoformat())
    return wanted


def _with_kind(facts: Mapping[str, FactValue], kind: str) -> dict[str, FactValue]:
    """A subject's kind is known to the house even where no register was imported."""
    known = FactValue(value=kind, observed_until=None, source="subject_register", origin="imported")
    return {"subject_kind": known, **facts}


def _answer(
    person: credit.SubjectFacts, kind: str, question: Question, base: Ground, keys: frozenset[str]
) -> tuple[plain.Case, tuple[Outcome, ...]]:
    merged = snapshots.merged(_with_kind(person.facts, kind), question.declared)
    case = plain.Case(snapshots.asked(merged.facts, question.need, keys), question.need, base.ruleset.rule)
    return case, plain.match(case, base.plan.offers)


def match_everyone(actor: Actor, question: Question, *, basis: str, report: Report) -> Everyone:
    """Match every firm that has a profile as of the day, store a run each, and say which products tell them apart.

    Raises ``NothingPublished`` or ``NoProfiles``.
    """
    base = runs.ground()
    keys = snapshots.used_keys(base.plan.offers)
    people = _people(actor, question, basis)
    cards = subject_cards(person.subject_id for person in people)
    known_at = now()
    firms, columns = [], []
    for number, person in enumerate(people, start=1):
        case, outcomes = _answer(person, cards[person.subject_id].kind.value, question, base, keys)
        about = _about(person, question, known_at)
        run = public_id()
        columns.append({**runs.columns(actor, base, case, outcomes, about), "public_id": run, "advice": None})
        firms.append(Firm(person.subject_id, person.identifier, person.version_public_id, case.facts, outcomes, run))
        if number % GROUP == 0 or number == len(people):
            report(f"matched {number} of {len(people)} firms")
    found = separations(base.plan.offers, [(firm.facts, firm.outcomes) for firm in firms])
    batch = _store(actor, question, base, basis=basis, columns=columns, found=found)
    return Everyone(batch, tuple(firms), len(base.plan.offers), found)


def _about(person: credit.SubjectFacts, question: Question, known_at: datetime) -> Subject:
    return Subject(
        kind="batch",
        as_of=question.as_of,
        known_at=known_at,
        subject_id=person.subject_id,
        profile_version=person.version_public_id,
        demonstration=question.demonstration,
    )


def _store(
    actor: Actor,
    question: Question,
    base: Ground,
    *,
    basis: str,
    columns: Sequence[dict[str, Any]],
    found: Iterable[Separation],
) -> str:
    asked = {
        "need": dump_need(question.need),
        "declared": {key: str(fact.value) for key, fact in question.declared.items()},
        "demonstration": question.demonstration,
    }
    summary = {"firms": len(columns), "products": len(base.plan.offers), "separating": [as_json(s) for s in found]}
    batch = repository.add_batch(
        as_of=question.as_of,
        asked=asked,
        plan_id=base.plan_id,
        ruleset_version=base.ruleset.version,
        actor=actor.name,
        basis=basis,
        summary=summary,
    )
    created = now()
    for start in range(0, len(columns), GROUP):
        group = columns[start : start + GROUP]
        repository.add_runs([{**one, "batch_id": batch.id, "created_at": created} for one in group])
    event = BatchRan(
        target=batch.public_id,
        firms=len(columns),
        ruleset_version=base.ruleset.version,
        catalogue_version=base.plan.catalogue_version,
        products=len(base.plan.offers),
    )
    record(actor, event)
    return batch.public_id


def as_json(separation: Separation) -> dict[str, Any]:
    """A separation as the command prints it."""
    return {
        "product_code": separation.code,
        "fact": separation.fact,
        "differs": separation.aspects[0],
        "differs_in": list(separation.aspects),
        "met_for": separation.met,
        "verdicts": dict(separation.verdicts),
        "values": separation.values,
    }


def csv_rows(everyone: Everyone) -> Iterable[dict[str, Any]]:
    """One row a firm and product, in the order of each firm's ranking."""
    facts_by_code = {one.code: one.fact for one in everyone.separations}
    for firm in everyone.firms:
        for row in rows_of(firm.outcomes):
            yield _csv_row(firm, row, facts_by_code.get(row.code, ""))


def row_as_json(row: Row) -> dict[str, Any]:
    """A row of a run as the commands print it."""
    return {
        "product_code": row.code,
        "variant": row.variant,
        "verdict": row.verdict.value,
        "met": row.met,
        "not_met": row.not_met,
        "unknown": row.unknown,
        "words": row.words,
        "fit": row.fit.overall.value,
        "amount_share_ppm": row.fit.amount_share,
        "limit_basis": row.limit.basis.value,
        "limit_fen": row.limit.amount,
        "cost_ppm": row.cost.lowest,
        "rank": row.place,
    }


def _csv_row(firm: Firm, row: Row, fact: str) -> dict[str, Any]:
    seen = firm.facts.values.get(fact)
    return {
        "firm": firm.identifier,
        **row_as_json(row),
        "separating_fact": fact,
        "separating_value": None if seen is None else _plain(seen.value),
        "run": firm.run,
    }


def _plain(value: object) -> object:
    return ";".join(str(part) for part in value) if isinstance(value, tuple | frozenset) else value
