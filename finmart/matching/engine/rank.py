"""Ranking by a written rule: each criterion turns an outcome into one integer, smaller is better, compared in order.

A rule is data (``matching.rulesets``): which criteria, in which order, and the code tables of those that need one.
There is no criterion for paid place, and ``code`` always ends the list, so that equal products never swap.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from finmart.matching.engine.inputs import ProductOffer
from finmart.matching.engine.results import Outcome

#: A cost or a speed that is not stated comes after every stated one, and is never zero.
NOT_STATED = 1_000_000_000
WHOLE = 1_000_000


@dataclass(frozen=True)
class Criterion:
    """One line of the rule. ``codes`` maps states to numbers for the criteria that compare states."""

    key: str
    codes: Mapping[str, int]


@dataclass(frozen=True)
class RankingRule:
    """A committed rule: its version and its criteria in order."""

    version: int
    criteria: tuple[Criterion, ...]


Measure = Callable[[Outcome, ProductOffer, Mapping[str, int]], int]


def _known(value: int | None) -> int:
    return NOT_STATED if value is None else value


def _unmet_preferences(outcome: Outcome) -> int:
    return sum(1 for clause in outcome.clauses if not clause.required and clause.state != "m")


#: criterion → the integer of an outcome; the only things a rule may compare
MEASURES: Mapping[str, Measure] = {
    "verdict": lambda outcome, _offer, codes: codes[outcome.verdict],
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
    "cost": lambda outcome, _offer, _codes: _known(outcome.cost.lowest),
    "preference": lambda outcome, _offer, _codes: _unmet_preferences(outcome),
    "evidence": lambda _outcome, offer, codes: codes.get(offer.evidence_tier, len(codes)),
    "connected": lambda _outcome, offer, _codes: 0 if offer.connected else 1,
    "speed": lambda _outcome, offer, _codes: _known(offer.decision_days),
}


def with_shares(outcome: Outcome, offer: ProductOffer, rule: RankingRule) -> Outcome:
    """The outcome with each criterion's integer, in the rule's order."""
    shares = tuple((c.key, MEASURES[c.key](outcome, offer, c.codes)) for c in rule.criteria)
    return replace(outcome, shares=shares)


def sort_key(outcome: Outcome) -> tuple[tuple[int, ...], str]:
    """What outcomes are ordered by: the integers in order, then the product's code."""
    return tuple(value for _key, value in outcome.shares), outcome.code


def ranked(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Best first; the result does not depend on the order of ``outcomes``."""
    return tuple(sorted(outcomes, key=sort_key))
