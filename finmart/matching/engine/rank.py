"""Ranking by a written rule: each criterion turns an outcome into one integer, smaller is better, compared in order.

A rule is data (``matching.rulesets``): which criteria, in which order, and the code tables of those that need one.
There is no criterion for paid place, and ``code`` always ends the list, so that equal products never swap.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from finmart.matching.engine.inputs import DemandNeed, ProductOffer, variant_of
from finmart.matching.engine.results import MOST_COST, AllInCost, Outcome, Verdict
from finmart.reference.loan_cost import CostBasis

#: A cost or a speed that is not stated comes after every stated one, and is never zero.
NOT_STATED = 1_000_000_000
#: Stated charges that take the whole loan come after everything: what is known to be worse than any cost.
TAKEN_WHOLE = MOST_COST
WHOLE = 1_000_000
#: The criterion by which products that are equal so far take turns; it compares nothing about them.
TURN = "turn"
#: In rules that name it: the verdict of a bare variant (``VariantOffer.is_bare``) that does not fail.
BARE = "bare"
#: The criterion that adds other ones up, each multiplied by its weight.
SUM = "sum"
_64_BITS = (1 << 64) - 1


@dataclass(frozen=True)
class Criterion:
    """One line of the rule.

    ``codes`` maps states to numbers for the criteria that compare states; ``weights`` are those of a sum, by the key
    of a criterion that stands in the rule on a later line of its own, so that its integer is among the shares.
    """

    key: str
    codes: Mapping[str, int] = field(default_factory=dict)
    weights: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class RankingRule:
    """A committed rule: its version and its criteria in order.

    ``intervals``: limits that are not known are read between both ends, not by the upper one alone.
    """

    version: int
    criteria: tuple[Criterion, ...]
    intervals: bool = False
    #: The version whose turns are drawn; its own unless a trial compares two rules.
    draws_as: int | None = None

    @property
    def draw(self) -> int:
        """The number that turns are drawn with."""
        return self.version if self.draws_as is None else self.draws_as

    def drawn_as(self, version: int) -> "RankingRule":
        """The same rule with the turns of another version."""
        return replace(self, draws_as=version)


Measure = Callable[[Outcome, ProductOffer, Mapping[str, int]], int]


def _known(value: int | None) -> int:
    return NOT_STATED if value is None else value


def cost_rank(cost: AllInCost) -> int:
    """What ranking compares of a cost; it fits 64 bits."""
    return TAKEN_WHOLE if cost.basis is CostBasis.CHARGES_TAKE_LOAN else _known(cost.lowest)


def _verdict(outcome: Outcome, offer: ProductOffer, codes: Mapping[str, int]) -> int:
    if BARE in codes and outcome.verdict is not Verdict.NOT_MET and variant_of(offer, outcome.variant).is_bare:
        return codes[BARE]
    return codes[outcome.verdict]


def _unmet_preferences(outcome: Outcome) -> int:
    return sum(1 for clause in outcome.clauses if not clause.required and clause.state != "m")


#: criterion → the integer of an outcome; the only things a rule may compare
MEASURES: Mapping[str, Measure] = {
    "verdict": _verdict,
    "not_met": lambda outcome, _offer, _codes: outcome.count("n"),
    "fit": lambda outcome, _offer, codes: codes[outcome.fit.overall],
    "amount_short": lambda outcome, _offer, _codes: (
        0 if outcome.fit.amount_share is None else WHOLE - outcome.fit.amount_share
    ),
    "term_short": lambda outcome, _offer, _codes: (
        0 if outcome.fit.term_share is None else WHOLE - outcome.fit.term_share
    ),
    "unknown": lambda outcome, _offer, _codes: outcome.count("u"),
    "words": lambda outcome, _offer, _codes: outcome.words,
    "cost": lambda outcome, _offer, _codes: cost_rank(outcome.cost),
    "preference": lambda outcome, _offer, _codes: _unmet_preferences(outcome),
    "evidence": lambda _outcome, offer, codes: codes.get(offer.evidence_tier, len(codes)),
    "connected": lambda _outcome, offer, _codes: 0 if offer.connected else 1,
    "speed": lambda _outcome, offer, _codes: _known(offer.decision_days),
}


def _number(text: str) -> int:
    """The first 8 bytes of a text's SHA-256, as a number."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


@cache
def number_of(code: str) -> int:
    """The number that stands for a product in every draw of turns."""
    return _number(code)


def seed_of(need: DemandNeed, version: int) -> int:
    """What turns are drawn with: the need's reference, its day and the rule's version, so that a replay draws alike."""
    return _number(f"{need.reference}|{need.as_of or ''}|{version}")


def turn_of(seed: int, product: int) -> int:
    """A number of 31 bits: the finaliser of splitmix64 over ``seed`` xor ``product``; arithmetic modulo 2^64."""
    mixed = seed ^ product
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _64_BITS
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _64_BITS
    return (mixed ^ (mixed >> 31)) >> 33


def shares_of(measured: Mapping[str, int], rule: RankingRule) -> tuple[tuple[str, int], ...]:
    """Each criterion's integer, in the rule's order, out of those that are ``measured``."""
    return tuple(
        (c.key, measured[c.key] if c.key != SUM else sum(weight * measured[key] for key, weight in c.weights.items()))
        for c in rule.criteria
    )


def with_shares(outcome: Outcome, offer: ProductOffer, rule: RankingRule, seed: int) -> Outcome:
    """The outcome with each criterion's integer, in the rule's order. ``seed`` is the draw of this need's turns."""

    def measure(criterion: Criterion) -> int:
        if criterion.key == TURN:
            return turn_of(seed, number_of(offer.code))
        return MEASURES[criterion.key](outcome, offer, criterion.codes)

    measured = {criterion.key: measure(criterion) for criterion in rule.criteria if criterion.key != SUM}
    return replace(outcome, shares=shares_of(measured, rule))


def sort_key(outcome: Outcome) -> tuple[tuple[int, ...], str]:
    """What outcomes are ordered by: the integers in order, then the product's code."""
    return tuple(value for _key, value in outcome.shares), outcome.code


def ranked(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Best first; the result does not depend on the order of ``outcomes``."""
    return tuple(sorted(outcomes, key=sort_key))
