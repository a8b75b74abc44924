"""Questions and remedies of a run, as codes and parameters; they are worded where they are shown."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from finmart.matching.engine.actions import SAID
from finmart.matching.engine.financing import Alone, Financing, FinancingPlan, Part, financing_of
from finmart.matching.engine.inputs import ApplicantFacts, DemandNeed
from finmart.matching.engine.needs import with_need
from finmart.matching.engine.online.engine import Answered, Engine
from finmart.matching.engine.plain import Case
from finmart.matching.engine.questions import Question, choose_questions
from finmart.matching.engine.remedies import (
    Remedy,
    changed_facts,
    changed_needs,
    changed_together,
    data_to_authorise,
    missing_data,
)
from finmart.matching.engine.results import Outcome


@dataclass(frozen=True)
class Advice:
    """What to ask the applicant, which changes open more, and which products cover the need, alone or together.

    ``financing`` is None for runs from before it was kept; their ``plans`` are those of then.
    """

    questions: tuple[Question, ...]
    remedies: tuple[Remedy, ...]
    plans: tuple[FinancingPlan, ...] = ()
    financing: Financing | None = None


def advise(engine: Engine, answered: Answered, outcomes: Sequence[Outcome], declarable: frozenset[str]) -> Advice:
    """Work out all of it for one answered case; ``outcomes`` are those of ``answered``, ranked.

    ``declarable`` are the facts an applicant may state itself.
    """
    case, offers = answered.case, engine.plan.offers
    covered = {outcome.code for outcome in outcomes if outcome.covers}
    waiting = [place for place, offer in enumerate(offers) if offer.code not in covered]
    # Only what could be opened by asking for something else is worth trying again for another need.
    candidates = [offers[place] for place in waiting if answered.another_need_could_help(place)]
    codes, every = {offer.code for offer in candidates}, {offers[place].code for place in waiting}

    def answer(need: DemandNeed) -> Sequence[Outcome]:
        return engine.answer(case.asking(need)).covering(codes)

    def answer_for(facts: ApplicantFacts, need: DemandNeed) -> Sequence[Outcome]:
        return engine.answer(Case(with_need(facts, need), need, case.rule)).covering(every)

    def lost_for(facts: ApplicantFacts, need: DemandNeed) -> int:
        return len(covered) - engine.answer(Case(with_need(facts, need), need, case.rule)).count_covering(covered)

    def lost(need: DemandNeed) -> int:
        return len(covered) - engine.answer(case.asking(need)).count_covering(covered)

    # What was imported wins over what is declared, so that asking for it once more would change nothing.
    imported = {key for key, fact in case.facts.values.items() if fact.origin not in SAID}
    askable = declarable - imported
    data = tuple(remedy for remedy in missing_data(outcomes) if remedy.key in askable)
    changes = (
        *changed_facts(case.facts, case.need, outcomes, answer_for, lost_for),
        *changed_needs(case.need, candidates, outcomes, answer, lost),
    )
    unopened = [offers[place] for place in waiting]
    together = () if changes else changed_together(case.facts, case.need, unopened, outcomes, answer_for, lost_for)
    remedies = (*data, *data_to_authorise(case.facts, outcomes), *changes, *together)
    financing = financing_of(case.need, offers, outcomes)
    return Advice(choose_questions(outcomes, askable), remedies, financing.plans, financing)


def _dump_remedy(remedy: Remedy) -> dict[str, Any]:
    return {**asdict(remedy), "opens": list(remedy.opens), "also": list(remedy.also) if remedy.also else None}


def _load_remedy(document: dict[str, Any]) -> Remedy:
    also = document.get("also")
    return Remedy(**{**document, "opens": tuple(document["opens"]), "also": tuple(also) if also else None})


def _load_plan(document: dict[str, Any]) -> FinancingPlan:
    return FinancingPlan(tuple(Part(**part) for part in document["parts"]))


def _dump_financing(financing: Financing) -> dict[str, Any]:
    return {"alone": str(financing.alone), "count": financing.count, "best": financing.best}


def _load_financing(document: dict[str, Any] | None, plans: tuple[FinancingPlan, ...]) -> Financing | None:
    if document is None:
        return None
    return Financing(Alone(document["alone"]), document["count"], document["best"], plans)


def dump_advice(advice: Advice) -> dict[str, Any]:
    """The advice as JSON."""
    financing = {} if advice.financing is None else {"financing": _dump_financing(advice.financing)}
    return {
        **financing,
        "questions": [asdict(question) for question in advice.questions],
        "remedies": [_dump_remedy(remedy) for remedy in advice.remedies],
        "plans": [asdict(plan) for plan in advice.plans],
    }


def load_advice(document: dict[str, Any] | None) -> Advice:
    """The advice that ``dump_advice`` wrote; empty when a run has none."""
    if document is None:
        return Advice((), ())
    plans = tuple(_load_plan(plan) for plan in document.get("plans", ()))
    return Advice(
        tuple(Question(**question) for question in document["questions"]),
        tuple(_load_remedy(remedy) for remedy in document["remedies"]),
        plans,
        _load_financing(document.get("financing"), plans),
    )
