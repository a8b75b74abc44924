"""One need asked for every firm at once (DECISIONS 19): under a system actor, a named basis, one access row a run."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from finmart.conditions.types import FactValue
from finmart.credit.service import bulk
from finmart.credit.types.values import SubjectFacts
from finmart.matching import repository, snapshots
from finmart.matching.demands.types.errors import DemandRefused
from finmart.matching.demands.types.values import GUARANTEES, PURPOSE, codes_of
from finmart.matching.engine import plain
from finmart.matching.engine.inputs import DemandNeed
from finmart.matching.engine.json_form import dump_need
from finmart.matching.engine.results import Outcome
from finmart.matching.engine.rows import Row
from finmart.matching.engine.separation import Separation, separations
from finmart.matching.service import runs
from finmart.matching.service.runs import Ground, Subject, rows_of
from finmart.matching.types.errors import NoProfiles
from finmart.matching.types.events import BatchRan
from finmart.platform.accounts.service.subjects import demonstration_subject_ids, real_subject_ids, subject_cards
from finmart.platform.audit.service import record
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from finmart.platform.kernel.ids import public_id
from finmart.platform.kernel.messages import N_

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
    """One subject with the case it was answered on, its outcomes in order, and the run's public id."""

    person: SubjectFacts
    case: plain.Case
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


@dataclass(frozen=True)
class Prepared:
    """Everything a batch stands on, read once; working it out needs no database."""

    question: Question
    basis: str
    base: Ground
    people: tuple[SubjectFacts, ...]
    kinds: Mapping[int, str]
    known_at: datetime


def _check(need: DemandNeed) -> None:
    """Raise ``DemandRefused`` for what nobody can ask for; of any size, as it is asked to learn, not to apply."""
    if not need.amount > 0:
        raise DemandRefused(N_("金额要大于零。"))
    if need.purpose is not None and need.purpose not in codes_of(PURPOSE):
        raise DemandRefused(N_("请选择用途。"))
    if set(need.guarantees) - set(codes_of(GUARANTEES)):
        raise DemandRefused(N_("请至少选择一种能提供的担保方式。"))


def prepare(actor: Actor, question: Question, *, basis: str) -> Prepared:
    """Read everybody's facts under the named basis, with one access row for the whole run.

    The demonstration's profiles and the real ones are never read together: only those of the side asked for.

    Raises ``DemandRefused`` before anything is read, ``NothingPublished``, ``ProfileClosed`` or ``NoProfiles``.
    """
    _check(question.need)
    base = runs.ground()
    wanted = demonstration_subject_ids() if question.demonstration else real_subject_ids()
    people = tuple(bulk.profiles_for_run(actor, basis=basis, as_of=question.as_of, subject_ids=wanted))
    if not people:
        raise NoProfiles(question.as_of.isoformat())
    kinds = {number: card.kind.value for number, card in subject_cards(one.subject_id for one in people).items()}
    return Prepared(question, basis, base, people, kinds, now())


def _with_kind(facts: Mapping[str, FactValue], kind: str) -> dict[str, FactValue]:
    """A subject's kind is known to the house even where no register was imported."""
    known = FactValue(value=kind, observed_until=None, source="subject_register", origin="imported")
    return {"subject_kind": known, **facts}


def answer(prepared: Prepared, *, report: Report) -> tuple[Firm, ...]:
    """Match everybody; no database is touched, so that nobody else has to wait."""
    offers, rule = prepared.base.plan.offers, prepared.base.ruleset.rule
    keys, question = snapshots.used_keys(offers), prepared.question
    firms = []
    for number, person in enumerate(prepared.people, start=1):
        facts = _with_kind(person.facts, prepared.kinds[person.subject_id])
        merged = snapshots.merged(facts, question.declared)
        case = plain.Case(snapshots.asked(merged.facts, question.need, keys), question.need, rule)
        firms.append(Firm(person, case, prepared.base.plan.engine.match(case), public_id()))
        if number % GROUP == 0 or number == len(prepared.people):
            report(f"matched {number} of {len(prepared.people)} firms")
    return tuple(firms)


def store(actor: Actor, prepared: Prepared, firms: Sequence[Firm]) -> Everyone:
    """Keep the batch with a run for every firm, and say which products tell the firms apart."""
    found = separations(prepared.base.plan.offers, [(firm.case.facts, firm.outcomes) for firm in firms])
    batch = _store(actor, prepared, firms, found)
    return Everyone(batch, tuple(firms), len(prepared.base.plan.offers), found)


def _columns(actor: Actor, prepared: Prepared, firm: Firm) -> dict[str, Any]:
    about = _about(firm.person, prepared)
    own = runs.columns(actor, prepared.base, firm.case, firm.outcomes, about)
    return {**own, "public_id": firm.run, "advice": None}


def _about(person: SubjectFacts, prepared: Prepared) -> Subject:
    return Subject(
        kind="batch",
        as_of=prepared.question.as_of,
        known_at=prepared.known_at,
        subject_id=person.subject_id,
        profile_version=person.version_public_id,
        demonstration=prepared.question.demonstration,
    )


def _store(actor: Actor, prepared: Prepared, firms: Sequence[Firm], found: Iterable[Separation]) -> str:
    question, base = prepared.question, prepared.base
    asked = {
        "need": dump_need(question.need),
        "declared": {key: str(fact.value) for key, fact in question.declared.items()},
        "demonstration": question.demonstration,
    }
    summary = {"firms": len(firms), "products": len(base.plan.offers), "separating": [as_json(s) for s in found]}
    batch = repository.add_batch(
        as_of=question.as_of,
        asked=asked,
        plan_id=base.plan_id,
        ruleset_version=base.ruleset.version,
        actor=actor.name,
        basis=prepared.basis,
        summary=summary,
    )
    created = now()
    for start in range(0, len(firms), GROUP):
        # What a run stores is many small lists: they are made for one group after the other.
        group = [_columns(actor, prepared, firm) for firm in firms[start : start + GROUP]]
        repository.add_runs([{**one, "batch_id": batch.id, "created_at": created} for one in group])
    event = BatchRan(
        target=batch.public_id,
        firms=len(firms),
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
        "facts": list(separation.facts),
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
        "limit_at_least_fen": row.limit.at_least,
        "limit_at_most_fen": row.limit.at_most,
        "cost_ppm": row.cost.lowest,
        "rank": row.place,
    }


def _csv_row(firm: Firm, row: Row, fact: str) -> dict[str, Any]:
    seen = firm.case.facts.values.get(fact)
    return {
        "firm": firm.person.identifier,
        **row_as_json(row),
        "separating_fact": fact,
        "separating_value": None if seen is None else _plain(seen.value),
        "run": firm.run,
    }


def _plain(value: object) -> object:
    return ";".join(str(part) for part in value) if isinstance(value, tuple | frozenset) else value
