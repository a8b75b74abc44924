"""How every variant's terms compare with one need: ``engine.fit`` for all variants at once, in whole numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.fit import WHOLE
from finmart.matching.engine.inputs import UNSECURED, DemandNeed
from finmart.matching.engine.plan.types import NOT_STATED, Plan, Term

Numbers = NDArray[np.int64]
Flags = NDArray[np.uint8]

#: What a term's comparison says, as bits, so that the worst of several is their union.
FULL, SILENT, OPEN, PARTIAL, NONE = 0, 1, 2, 4, 8
#: Larger needs do not fit the arithmetic and are answered by the plain evaluator.
MOST_AMOUNT = 1 << 53
MOST_DAYS = 1 << 40


@dataclass(frozen=True)
class Available:
    """What variants would lend: ``amount`` in 分 (``NOT_STATED``: not stated or unknown), at most that where ``known``
    is false, and then at least ``at_least`` (``NOT_STATED``: nobody knows)."""

    amount: Numbers
    known: NDArray[np.bool_]
    at_least: Numbers


@dataclass(frozen=True)
class AmountFit:
    """The comparison of amounts (V,) and what is left uncovered, in ppm of what is asked."""

    fit: Flags
    short: Numbers


def _short(available: Numbers, wanted: int) -> Numbers:
    """``WHOLE`` less the covered part, which is rounded down: in two steps, so that no product leaves 64 bits."""
    thousands, rest = np.divmod(available * 1000, wanted)
    short: Numbers = WHOLE - (thousands * 1000 + rest * 1000 // wanted)
    return short


def amount_fit(need: DemandNeed, least: Numbers, available: Available, *, open_: bool) -> AmountFit:
    """``fit.amount_fit`` of each variant; ``least`` is the smallest amount lent (``NOT_STATED`` lies below all).

    ``open_``: without an amount the limit is unknown, not just unstated.
    """
    amount = available.amount
    stated = amount != NOT_STATED
    partial = stated & (need.amount > amount)
    nothing = stated & ((amount <= 0) | (amount < least))
    fit = np.where(partial, PARTIAL, np.where(available.known, FULL, OPEN))
    fit[~stated] = OPEN if open_ else SILENT
    fit[nothing] = NONE
    short = np.zeros(len(amount), dtype=np.int64)
    part = np.flatnonzero(partial & ~nothing)
    short[part] = _short(amount[part], need.amount)
    short[nothing] = WHOLE
    reached = ~available.known & (need.amount <= available.at_least)
    too_little = need.amount < least
    fit[reached], short[reached] = FULL, 0
    fit[too_little], short[too_little] = NONE, 0
    return AmountFit(fit.astype(np.uint8), short)


def _term(terms: Numbers, need: DemandNeed) -> tuple[Flags, Numbers]:
    least, most = terms[Term.TERM_MIN], terms[Term.TERM_MAX]
    stated = most != NOT_STATED
    partial = stated & (need.term_days > most)
    fit = np.where(partial, PARTIAL, np.where(stated, FULL, SILENT))
    short = np.zeros(len(most), dtype=np.int64)
    short[partial] = WHOLE - most[partial] * WHOLE // need.term_days
    too_short = need.term_days < least
    fit[too_short], short[too_short] = NONE, 0
    return fit.astype(np.uint8), short


def _guarantee(plan: Plan, terms: Numbers, need: DemandNeed) -> Flags:
    offered = {UNSECURED, *need.guarantees}
    mask = sum(1 << bit for bit, mode in enumerate(plan.modes[:62]) if mode in offered)
    own = terms[Term.GUARANTEES]
    return np.where(own == 0, SILENT, np.where(own & mask, FULL, NONE)).astype(np.uint8)


def _purpose(plan: Plan, terms: Numbers, need: DemandNeed) -> Flags:
    """A purpose that is not stated counts as any purpose."""
    fits = [need.purpose is None or not served or need.purpose in served for served in plan.purposes]
    by_place = np.where(np.array(fits, dtype=np.bool_), FULL, NONE).astype(np.uint8)
    found: Flags = by_place[terms[Term.PURPOSES]]
    return found


#: Overall fitness by the union of the four comparisons; smaller is better, in the order of ``results.Fitness``.
FITNESS = np.array([3 if bits & NONE else 2 if bits & PARTIAL else 1 if bits else 0 for bits in range(16)], np.int64)


@dataclass(frozen=True)
class FixedFit:
    """What a need settles whoever asks: the union of term, guarantee and purpose (V,), and the uncovered term."""

    others: Flags
    term_short: Numbers


def fixed_fit(plan: Plan, terms: Numbers, need: DemandNeed) -> FixedFit:
    """All comparisons of the need that no fact changes, for variants of ``plan`` with these ``terms``."""
    term, short = _term(terms, need)
    return FixedFit(term | _guarantee(plan, terms, need) | _purpose(plan, terms, need), short)
