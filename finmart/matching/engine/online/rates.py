"""The compound annual rates of many loans at once: ``loan_cost.loan_cost`` in arrays, or nothing where that is unsure.

Payments are whole 分, as in ``reference.repayment``. The internal rate is found in floating point and kept only where
its distance from the next rounding is far above any error; the few others are left to the exact calculation.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.cost import TIMINGS
from finmart.matching.engine.inputs import OfferFee
from finmart.reference.loan_cost import Timing
from finmart.reference.repayment import MAX_MONTHS, MONTHS, PPM, Method

Numbers = NDArray[np.int64]
Exact = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: Products of three whole numbers must stay below this.
_ROOM = float(1 << 61)
#: A rate is sure when it is so far (in ppm) from a half: the search errs by less than a thousandth of it.
_FAR = 1e-4
#: Only below this rate does the search err by so little: a float has no more places than any other.
_DEAREST = 1e7
#: An instalment is sure when it is so far (in 分, and in parts of itself) from a half.
_FAR_FEN, _FAR_SHARE = 1e-6, 1e-12
_STEPS, _CLOSE = 60, 1e-13
#: Stands for a rate that the exact calculation must find.
UNSURE = -1

_TIMINGS = frozenset({Timing.ONCE, Timing.YEAR})


def is_simple(fees: tuple[OfferFee, ...]) -> bool:
    """Whether these fees are of the kinds that are worked out here."""
    return all(TIMINGS[fee.per] in _TIMINGS for fee in fees)


#: Methods by the number that stands for them; a revolving line is drawn whole and repaid at the end.
METHODS = {
    Method.BULLET: 0,
    Method.INTEREST_ONLY: 1,
    Method.REVOLVING: 1,
    Method.EQUAL_PRINCIPAL: 2,
    Method.EQUAL_INSTALMENT: 3,
}
_BULLET, _INTEREST_ONLY, _EQUAL_PRINCIPAL, _EQUAL_INSTALMENT = range(4)


@dataclass(frozen=True)
class Loans:
    """Loans (N,): 分, ppm a year, whole months, a number of ``METHODS``, and the place of the fees in ``lists``."""

    principal: Numbers
    rate: Numbers
    months: Numbers
    method: Numbers
    fees: Numbers
    lists: tuple[tuple[OfferFee, ...], ...]

    def some(self, places: NDArray[np.intp]) -> "Loans":
        """Those at ``places``."""
        return Loans(
            self.principal[places],
            self.rate[places],
            self.months[places],
            self.method[places],
            self.fees[places],
            self.lists,
        )


def _rounded(above: Numbers, below: int | Numbers) -> Numbers:
    return (2 * above + below) // (2 * below)


def _possible(loans: Loans) -> Flags:
    """Where every product fits 64 bits and the loan is one at all."""
    dearest = [max([fee.rate or 0 for fee in fees], default=0) for fees in loans.lists]
    fees = np.array(dearest, dtype=np.float64)[loans.fees] * MONTHS
    times = np.where(loans.method == _BULLET, loans.months, 1)
    widest = np.maximum(np.maximum(fees, PPM), loans.rate.astype(np.float64) * times)
    fits = loans.principal * widest < _ROOM
    known = (loans.rate >= 0) & (loans.rate <= PPM) & (loans.months >= 1) & (loans.months <= MAX_MONTHS)
    return np.asarray(fits & known & (loans.principal > 0), dtype=np.bool_)


def _annuity(loans: Loans) -> tuple[Numbers, Flags]:
    """Equal instalments, and where they are sure."""
    monthly = np.maximum(loans.rate, 1) / (PPM * MONTHS)
    exact = loans.principal * monthly / -np.expm1(-loans.months * np.log1p(monthly))
    free = loans.rate == 0
    away = np.abs(exact - np.floor(exact) - 0.5)
    amount = np.where(free, _rounded(loans.principal, loans.months), np.floor(exact + 0.5).astype(np.int64))
    return amount, free | (away > _FAR_FEN + exact * _FAR_SHARE)


def _payments(loans: Loans) -> tuple[Numbers, Flags]:
    """What is due each month (longest + 1, N), the first row at the start; and where it is sure."""
    below, longest = PPM * MONTHS, int(loans.months.max(initial=1))
    flows = np.zeros((longest + 1, len(loans.principal)), dtype=np.int64)
    instalment, sure = _annuity(loans)
    equal = loans.method == _EQUAL_INSTALMENT
    share = np.where(loans.method == _EQUAL_PRINCIPAL, _rounded(loans.principal, loans.months), 0)
    balance = loans.principal.copy()
    for month in range(1, longest + 1):
        interest = _rounded(balance * loans.rate, below)
        repaid = np.minimum(np.where(equal, instalment - interest, share), balance)
        repaid = np.where(loans.months == month, balance, repaid)
        flows[month] = repaid + interest
        balance -= repaid
        # Behind its own last month a loan has nothing left, so that nothing more is due.
    _set_bullets(flows, loans)
    return flows, sure | ~equal


def _set_bullets(flows: Numbers, loans: Loans) -> None:
    own = np.flatnonzero(loans.method == _BULLET)
    flows[:, own] = 0
    principal, months = loans.principal[own], loans.months[own]
    flows[months, own] = principal + _rounded(principal * loans.rate[own] * months, PPM * MONTHS)


def _add_fees(flows: Numbers, loans: Loans) -> None:
    for place, fees in enumerate(loans.lists):
        own = np.flatnonzero(loans.fees == place)
        for fee in fees if len(own) else ():
            _add_fee(flows, loans.principal[own] * (fee.rate or 0), loans.months[own], own, TIMINGS[fee.per])


def _add_fee(flows: Numbers, yearly: Numbers, months: Numbers, own: NDArray[np.intp], timing: Timing) -> None:
    if timing is Timing.ONCE:
        flows[0, own] += _rounded(yearly, PPM)
        return
    for start in range(0, int(months.max()), MONTHS):
        covered = np.clip(months - start, 0, MONTHS)
        flows[start, own] += _rounded(yearly * covered, PPM * MONTHS)


def _factors(flows: Exact, guess: Exact) -> tuple[Exact, Flags]:
    """The monthly factors that make flows worth nothing, and where the search has settled.

    Only the first flow is negative, so the sum rises ever faster with the factor: Newton's steps pass the root at most
    once and then fall towards it.
    """
    factor, step = guess, np.ones(flows.shape[1])
    for _step in range(_STEPS):
        value, slope = np.zeros_like(factor), np.zeros_like(factor)
        for row in flows[::-1]:
            # In place: fresh memory takes longer than the sums.
            slope *= factor
            slope += value
            value *= factor
            value += row
        step = value / np.where(slope > 0, slope, 1.0)
        factor = factor - step
        if np.abs(step).max(initial=0) < _CLOSE:
            break
    return factor, (np.abs(step) < _CLOSE) & (factor > 0)


def compound_rates(loans: Loans) -> Numbers:
    """The compound annual rate of each loan in ppm, or ``UNSURE``."""
    found = np.full(len(loans.principal), UNSURE, dtype=np.int64)
    places = np.flatnonzero(_possible(loans))
    if not len(places):
        return found
    own = loans.some(places)
    flows, sure = _payments(own)
    _add_fees(flows, own)
    flows[0] -= own.principal
    # What is no loan would disturb the search for the others.
    sure &= (flows[0] < 0) & (flows[1:] >= 0).all(axis=0)
    factor, settled = _factors(flows[:, sure].astype(np.float64), 1 / (1 + own.rate[sure] / (PPM * MONTHS)))
    rate = (np.where(settled, factor, 1.0) ** -MONTHS - 1) * PPM
    settled &= rate < _DEAREST
    settled &= np.abs(rate - np.floor(rate) - 0.5) > _FAR
    found[places[sure]] = np.where(settled, np.floor(rate + 0.5), UNSURE).astype(np.int64)
    return found
