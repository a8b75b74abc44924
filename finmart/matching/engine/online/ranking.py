"""The ranking rule over all variants at once: each criterion of ``engine.rank`` as a column of whole numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.online.need_view import Terms
from finmart.matching.engine.online.tally import SOME_MET, SOME_NOT_MET, SOME_UNKNOWN, Tally
from finmart.matching.engine.plan.rows import LARGEST
from finmart.matching.engine.plan.types import NOT_STATED, Plan, Term
from finmart.matching.engine.rank import BARE, SUM, TURN, RankingRule
from finmart.matching.engine.rank import NOT_STATED as LAST
from finmart.matching.engine.results import Fitness, Verdict

Numbers = NDArray[np.int64]
Codes = Mapping[str, int]
Measured = Mapping[str, Numbers]

#: Verdicts and fitness by the number that stands for them in arrays.
VERDICTS = (Verdict.MET, Verdict.MET_CHECKED, Verdict.OPEN, Verdict.UNCHECKED, Verdict.NOT_MET)
FITNESSES = (Fitness.FULL, Fitness.OPEN, Fitness.PARTIAL, Fitness.NONE)
#: Up to this fitness nothing falls short.
OPEN_FITNESS = 1
MET, MET_CHECKED, OPEN, UNCHECKED, NOT_MET = range(5)


@dataclass(frozen=True)
class Rows:
    """What is known of every variant (V,) when it comes to ranking."""

    plan: Plan
    verdict: NDArray[np.uint8]
    tally: Tally
    terms: Terms

    def term(self, number: int) -> Numbers:
        """One row of the plan's terms."""
        found: Numbers = self.plan.variants.terms[number]
        return found


def verdicts(plan: Plan, tally: Tally) -> NDArray[np.uint8]:
    """``plain.verdict_of`` of every variant, as places in ``VERDICTS``."""
    total = tally.total
    some_unknown = (total >= SOME_UNKNOWN).view(np.uint8)
    # Nothing unknown, nothing not met: unchecked, or met with as much as words leave to be asked.
    found = np.uint8(UNCHECKED) - (total >= SOME_MET).view(np.uint8) * (np.uint8(UNCHECKED) - plan.variants.worded)
    found *= some_unknown ^ np.uint8(1)
    # The larger number has the smaller one in it: two for what is unknown, two more for what is not met.
    found += some_unknown << np.uint8(1)
    found += (total >= SOME_NOT_MET).view(np.uint8) << np.uint8(1)
    return found


def _speed(rows: Rows, _codes: Codes) -> Numbers:
    days = rows.term(Term.SPEED)
    return np.where(days == NOT_STATED, LAST, days)


def _evidence(rows: Rows, codes: Codes) -> Numbers:
    by_place = np.array([codes.get(tier, len(codes)) for tier in rows.plan.evidence], dtype=np.int64)
    return by_place[rows.term(Term.EVIDENCE)]


def _by_verdict(rows: Rows, codes: Codes) -> Numbers:
    found = np.array([codes[verdict] for verdict in VERDICTS], dtype=np.int64)[rows.verdict]
    if BARE not in codes:
        return found
    return np.where((rows.term(Term.BARE) != 0) & (rows.verdict != NOT_MET), codes[BARE], found)


def _by_fitness(rows: Rows, codes: Codes) -> Numbers:
    return np.array([codes[fitness] for fitness in FITNESSES], dtype=np.int64)[rows.terms.fitness]


#: The same keys as ``rank.MEASURES``, which a test holds them to.
COLUMNS: Mapping[str, Callable[[Rows, Codes], Numbers]] = {
    "verdict": _by_verdict,
    "not_met": lambda rows, _codes: rows.tally.not_met.astype(np.int64),
    "fit": _by_fitness,
    "amount_short": lambda rows, _codes: rows.terms.amount_short,
    "term_short": lambda rows, _codes: rows.terms.term_short,
    "unknown": lambda rows, _codes: rows.tally.unknown.astype(np.int64),
    "words": lambda rows, _codes: rows.term(Term.WORDS),
    "cost": lambda rows, _codes: rows.terms.cost,
    "preference": lambda rows, _codes: rows.tally.missed.astype(np.int64),
    "evidence": _evidence,
    "connected": lambda rows, _codes: rows.term(Term.CONNECTED),
    "speed": _speed,
}


def turns(numbers: NDArray[np.uint64], seed: int) -> Numbers:
    """``rank.turn_of`` of every product."""
    mixed = numbers ^ np.uint64(seed)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(33)).astype(np.int64)


def measured(rows: Rows, rule: RankingRule, seed: int) -> Measured:
    """What the rule compares but for its sums, by criterion, each for every variant; ``seed`` is that of the turns."""
    found: dict[str, Numbers] = {}
    for criterion in rule.criteria:
        if criterion.key == TURN:
            found[TURN] = turns(rows.plan.numbers, seed)[rows.plan.variants.product]
        elif criterion.key != SUM:
            found[criterion.key] = COLUMNS[criterion.key](rows, criterion.codes)
    return found


def criteria(found: Measured, rule: RankingRule) -> list[Numbers]:
    """The rule's criteria in its order, out of what was measured; smaller is better."""
    return [_summed(found, c.weights) if c.key == SUM else found[c.key] for c in rule.criteria]


def _summed(found: Measured, weights: Mapping[str, int]) -> Numbers:
    most = sum(weight * int(np.abs(found[key]).max(initial=0)) for key, weight in weights.items())
    if most >= LARGEST:
        # Their places in the order compare as the sums do, and fit.
        exact = sum(weight * found[key].astype(object) for key, weight in weights.items())
        return np.unique(exact, return_inverse=True)[1].astype(np.int64)
    total: Numbers = np.sum([weight * found[key] for key, weight in weights.items()], axis=0, dtype=np.int64)
    return total
