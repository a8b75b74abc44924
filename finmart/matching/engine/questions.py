"""Which facts to ask for: at most eight, chosen because answering them decides most products."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from finmart.matching.engine.results import Outcome, Verdict

MOST_QUESTIONS = 8


@dataclass(frozen=True)
class Question:
    """Ask for ``key``: with the questions before it, ``decides`` products have nothing unknown left."""

    key: str
    decides: int
    touches: int


def _gain(key: str, open_sets: Sequence[frozenset[str]]) -> tuple[Fraction, int]:
    """Products need all their missing facts, so each counts by its part; then how many products speak of it."""
    touched = [missing for missing in open_sets if key in missing]
    return sum((Fraction(1, len(missing)) for missing in touched), Fraction(0)), len(touched)


def choose_questions(
    outcomes: Iterable[Outcome], declarable: frozenset[str], *, most: int = MOST_QUESTIONS
) -> tuple[Question, ...]:
    """Greedily the facts that decide most of the products that are still open and may be declared whole.

    A product whose missing facts cannot all be declared is left out: no answer would decide it. Ties go to the key
    in alphabetical order, so that the same run always asks the same.
    """
    sets = (frozenset(o.missing) for o in outcomes if o.verdict is Verdict.OPEN)
    waiting = [missing for missing in sets if missing and missing <= declarable]
    chosen: list[Question] = []
    while waiting and len(chosen) < most:
        keys = sorted({key for missing in waiting for key in missing})
        best = max(keys, key=lambda key: _gain(key, waiting))
        touches = _gain(best, waiting)[1]
        rest = [missing - {best} for missing in waiting]
        waiting = [missing for missing in rest if missing]
        chosen.append(Question(best, len(rest) - len(waiting), touches))
    return tuple(chosen)
