"""Which products cover a need alone, and which together: at most three, each within its own limits.

What is compared, in this order: how much of the amount no limit assures, how much has no stated cost, what the rest
costs over the term, how many products it takes, their places in the ranking. The search looks at the first
``MOST_CANDIDATES`` products of the ranking that may take part, and is exact among them. A plan from which one product
can be left out without loss is none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, product
from typing import Any

from finmart.matching.engine.cost import DAYS_A_MONTH
from finmart.matching.engine.inputs import UNSECURED, DemandNeed, ProductOffer, VariantOffer
from finmart.matching.engine.results import Fit, Outcome, Verdict
from finmart.reference.loan_cost import CostBasis

MOST_PARTS = 3
MOST_CANDIDATES = 24
MOST_PLANS = 3
PPM = 1_000_000
YEAR_DAYS = 360
#: Conditions on these facts are about other loans: whoever states one does not go together with another product.
EXCLUSIVE = frozenset(
    {
        "no_outstanding_loan",
        "first_time_borrower",
        "lending_institutions",
        "other_lending_institutions",
        "unsecured_lenders",
        "unsettled_loans",
        "other_bank_debt",
    }
)

#: The security of a product that states none: it may want any, and the page says that it is not known.
UNSTATED = "not_stated"


@dataclass(frozen=True)
class Part:
    """One product of a plan, amounts in 分.

    ``certain`` of ``amount`` lies below the least its limit can be; ``cost`` is the all-in cost over the term at the
    lowest stated rate, None when no cost is stated. ``mode`` is the security it would take, empty for none, or
    ``UNSTATED``.
    """

    code: str
    variant: str
    amount: int
    certain: int
    cost: int | None
    mode: str


@dataclass(frozen=True)
class FinancingPlan:
    """Products that cover the whole amount together."""

    parts: tuple[Part, ...]

    @property
    def certain(self) -> int:
        """How much of the amount lies below the least that the limits can be (分)."""
        return sum(part.certain for part in self.parts)

    @property
    def cost(self) -> int | None:
        """The cost of all parts over the term (分); None when one of them states none."""
        costs = [part.cost for part in self.parts if part.cost is not None]
        return sum(costs) if len(costs) == len(self.parts) else None


class Alone(StrEnum):
    """What can be said of single products that cover the whole need."""

    #: One covers it, and every condition of it that could be checked is met.
    MET = "met"
    #: Some would cover it, and of each some condition is unknown or none could be checked.
    OPEN = "open"
    #: None is known to cover it.
    NONE = "none"


#: Verdicts of products that are known to admit, as far as anything could be checked.
CHECKED = frozenset({Verdict.MET, Verdict.MET_CHECKED})


@dataclass(frozen=True)
class Financing:
    """How the whole need can be covered: ``count`` products alone, of which ``best`` ranks first, or together.

    ``count`` and ``best`` speak of the products that ``alone`` speaks of; ``plans`` are best first.
    """

    alone: Alone
    count: int = 0
    best: str = ""
    plans: tuple[FinancingPlan, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A product that may take part: between ``least`` and ``most``, ``certain`` of it assured, at ``price``.

    ``price`` is the cost in ppm of the amount over the term; ``modes`` are the securities it could take, of which the
    empty one asks for nothing; ``UNSTATED`` alone where the product does not say.
    """

    code: str
    variant: str
    institution: str
    least: int
    most: int
    certain: int
    price: int | None
    modes: tuple[str, ...]


def _modes(need: DemandNeed, variant: VariantOffer) -> tuple[str, ...]:
    """The securities that this variant could take of what is offered; one that asks for nothing takes nothing."""
    if not variant.guarantee_modes:
        return (UNSTATED,)
    if UNSECURED in variant.guarantee_modes:
        return ("",)
    return tuple(mode for mode in variant.guarantee_modes if mode in need.guarantees)


def _price(need: DemandNeed, outcome: Outcome) -> int | None:
    """The cost over the term in ppm of the amount, from the simple yearly rate; rounded up."""
    if outcome.cost.simple is None:
        return None
    days = max(need.term_days, DAYS_A_MONTH)
    return -(-outcome.cost.simple * days // YEAR_DAYS)


def _is_exclusive(variant: VariantOffer) -> bool:
    return any(clause.required and clause.facts & EXCLUSIVE for clause in variant.clauses)


def candidate(need: DemandNeed, offer: ProductOffer, outcome: Outcome) -> Candidate | None:
    """What this product could bear; None when it cannot take part."""
    variant = next(one for one in offer.variants if one.key == outcome.variant)
    fit, most = outcome.fit, outcome.limit.high
    speaks_against = outcome.verdict is Verdict.NOT_MET or fit.term in {Fit.NONE, Fit.PARTIAL}
    # What pays nothing out bears nothing.
    speaks_against |= outcome.cost.basis is CostBasis.CHARGES_TAKE_LOAN
    if speaks_against or Fit.NONE in {fit.guarantee, fit.purpose} or not most or _is_exclusive(variant):
        return None
    least, modes = max(1, variant.amount_min or 0), _modes(need, variant)
    if least > min(most, need.amount) or not modes:
        return None
    price = _price(need, outcome)
    certain = min(outcome.limit.low, most)
    return Candidate(offer.code, variant.key, offer.institution, least, min(most, need.amount), certain, price, modes)


def _modes_apart(chosen: Sequence[Candidate]) -> tuple[str, ...] | None:
    """One security each, none that is stated pledged twice; None when there is no such choice."""
    for modes in product(*(one.modes for one in chosen)):
        taken = [mode for mode in modes if mode not in {"", UNSTATED}]
        if len(set(taken)) == len(taken):
            return modes
    return None


def _steps(chosen: Sequence[Candidate]) -> Iterator[tuple[bool, bool, int, int, int]]:
    """(not assured, no stated cost, price, place, room) of every stretch of amount above the least loans."""
    for place, one in enumerate(chosen):
        unpriced, price = one.price is None, one.price or 0
        assured = max(0, min(one.certain, one.most) - one.least)
        yield False, unpriced, price, place, assured
        yield True, unpriced, price, place, one.most - one.least - assured


def shared_out(amount: int, chosen: Sequence[Candidate]) -> list[int] | None:
    """How much each takes so that the whole is as assured and then as cheap as can be; None when it cannot be covered.

    Every product becomes only dearer or less assured with more, so taking the best stretch first is exact.
    """
    rest = amount - sum(one.least for one in chosen)
    if rest < 0 or amount > sum(one.most for one in chosen):
        return None
    shares = [one.least for one in chosen]
    for _unsure, _unpriced, _price, place, room in sorted(_steps(chosen)):
        more = min(rest, room)
        shares[place] += more
        rest -= more
    return shares


def merit(chosen: Sequence[Candidate], shares: Sequence[int]) -> tuple[int, int, int]:
    """What plans are compared by, smaller is better: 分 not assured, 分 without a stated cost, cost in 分 × ppm."""
    pairs = list(zip(chosen, shares, strict=True))
    unsure = sum(max(0, share - one.certain) for one, share in pairs)
    unpriced = sum(share for one, share in pairs if one.price is None)
    return unsure, unpriced, sum(share * one.price for one, share in pairs if one.price is not None)


def _part(one: Candidate, share: int, mode: str) -> Part:
    cost = None if one.price is None else -(-share * one.price // PPM)
    return Part(one.code, one.variant, share, min(share, one.certain), cost, mode)


def _choices(candidates: Sequence[Candidate], amount: int) -> Iterator[tuple[int, ...]]:
    """Every two or three candidates of different institutions that reach the amount together."""
    for count in range(2, MOST_PARTS + 1):
        for places in combinations(range(len(candidates)), count):
            chosen = [candidates[place] for place in places]
            if sum(one.most for one in chosen) < amount or sum(one.least for one in chosen) > amount:
                continue
            if len({one.institution for one in chosen}) == count:
                yield places


def _loses_nothing(amount: int, chosen: Sequence[Candidate], shares: Sequence[int]) -> bool:
    """Whether one could be left out without loss: nobody should apply at one more institution for a few 分."""
    whole = merit(chosen, shares)
    fewer = ((rest, shared_out(amount, rest)) for rest in combinations(chosen, len(chosen) - 1))
    return any(alone is not None and merit(rest, alone) <= whole for rest, alone in fewer)


def best_plans(amount: int, candidates: Sequence[Candidate], most: int = MOST_PLANS) -> tuple[FinancingPlan, ...]:
    """The best plans for ``amount``, best first; ``candidates`` stand in the order of the ranking."""
    found: list[tuple[tuple[Any, ...], FinancingPlan]] = []
    for places in _choices(candidates, amount):
        chosen = [candidates[place] for place in places]
        modes, shares = _modes_apart(chosen), shared_out(amount, chosen)
        if modes is not None and shares is not None and not _loses_nothing(amount, chosen, shares):
            plan = FinancingPlan(tuple(_part(*one) for one in zip(chosen, shares, modes, strict=True)))
            found.append(((*merit(chosen, shares), len(places), places), plan))
    return tuple(plan for _key, plan in sorted(found, key=lambda entry: entry[0])[:most])


def _alone(covering: Sequence[Outcome]) -> Alone:
    if not covering:
        return Alone.NONE
    return Alone.MET if any(outcome.verdict in CHECKED for outcome in covering) else Alone.OPEN


def financing_of(need: DemandNeed, offers: Sequence[ProductOffer], outcomes: Sequence[Outcome]) -> Financing:
    """Which products cover the need alone, and which cover it together; ``outcomes`` are ranked.

    One that covers it with every checked condition met needs no others. Where conditions of all that cover it are
    unknown, those together that are known to admit stand beside them; where none covers it, whatever may.
    """
    covering = [outcome for outcome in outcomes if outcome.covers and outcome.fit.amount is Fit.FULL]
    alone = _alone(covering)
    if alone is Alone.MET:
        checked = tuple(outcome.code for outcome in covering if outcome.verdict in CHECKED)
        return Financing(alone, len(checked), checked[0])
    by_code = {offer.code: offer for offer in offers}
    wanted = outcomes if alone is Alone.NONE else [outcome for outcome in outcomes if outcome.verdict in CHECKED]
    found = (candidate(need, by_code[outcome.code], outcome) for outcome in wanted)
    plans = best_plans(need.amount, [one for one in found if one is not None][:MOST_CANDIDATES])
    return Financing(alone, len(covering), covering[0].code if covering else "", plans)
