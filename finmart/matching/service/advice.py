"""Questions and remedies of a run, as codes and parameters; they are worded where they are shown."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from finmart.matching.engine import plain
from finmart.matching.engine.inputs import DemandNeed, ProductOffer
from finmart.matching.engine.questions import Question, choose_questions
from finmart.matching.engine.remedies import Remedy, changed_needs, missing_data
from finmart.matching.engine.results import Outcome


@dataclass(frozen=True)
class Advice:
    """What to ask the applicant, and which changes open more."""

    questions: tuple[Question, ...]
    remedies: tuple[Remedy, ...]


def advise(
    case: plain.Case, offers: Sequence[ProductOffer], outcomes: Sequence[Outcome], declarable: frozenset[str]
) -> Advice:
    """Work out both for one answered case. ``declarable`` are the facts an applicant may state itself."""
    # Only what is not open yet and could be opened by asking for something else is worth trying again.
    covered = {outcome.code for outcome in outcomes if outcome.covers}
    candidates = [o for o in offers if o.code not in covered and plain.another_need_could_help(case, o)]

    def answer(need: DemandNeed) -> Sequence[Outcome]:
        return plain.match(case.asking(need), candidates)

    remedies = (*missing_data(outcomes), *changed_needs(case.need, candidates, outcomes, answer))
    return Advice(choose_questions(outcomes, declarable), remedies)


def dump_advice(advice: Advice) -> dict[str, Any]:
    """The advice as JSON."""
    return {
        "questions": [asdict(question) for question in advice.questions],
        "remedies": [{**asdict(remedy), "opens": list(remedy.opens)} for remedy in advice.remedies],
    }


def load_advice(document: dict[str, Any] | None) -> Advice:
    """The advice that ``dump_advice`` wrote; empty when a run has none."""
    if document is None:
        return Advice((), ())
    return Advice(
        tuple(Question(**question) for question in document["questions"]),
        tuple(Remedy(**{**remedy, "opens": tuple(remedy["opens"])}) for remedy in document["remedies"]),
    )
