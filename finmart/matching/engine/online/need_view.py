"""What one need settles in every variant before anybody asks; kept, because many applicants ask alike."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.inputs import ApplicantFacts, DemandNeed
from finmart.matching.engine.limit import FormulaLimit, formula_limit
from finmart.matching.engine.online.fitting import FITNESS, AmountFit, Available, amount_fit, fixed_fit
from finmart.matching.engine.online.pricing import PriceList, Prices
from finmart.matching.engine.plan.rows import LARGEST
from finmart.matching.engine.plan.types import NOT_STATED, Plan, Term

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Terms:
    """How the terms of every variant (V,) compare: ``fitness`` 0 to 3 (full to none), gaps in ppm, cost."""

    fitness: Numbers
    amount_short: Numbers
    term_short: Numbers
    cost: Numbers


def _capped(caps: Numbers, value: int | None) -> Numbers:
    """The smaller of the stated cap and the formula's value; either may be missing."""
    if value is None:
        return caps
    # More than anybody can ask for is as good as any amount.
    enough = min(value, LARGEST)
    return np.where(caps == NOT_STATED, enough, np.minimum(caps, enough))


def _of_formula(caps: Numbers, found: FormulaLimit) -> Available:
    """``limit.capped_limit`` of variants that share a formula."""
    if found.amount is not None:
        return Available(_capped(caps, found.amount), np.ones(len(caps), np.bool_), np.zeros(len(caps), np.int64))
    at_most = _capped(caps, found.at_most)
    if found.at_least is None:
        return Available(at_most, np.zeros(len(caps), np.bool_), np.full(len(caps), NOT_STATED))
    at_least = _capped(caps, found.at_least)
    return Available(at_most, at_least == at_most, at_least)


class NeedView:
    """One need against all variants of a plan; only those whose limit is a formula wait for an applicant."""

    def __init__(self, plan: Plan, listed: PriceList, need: DemandNeed) -> None:
        self.need = need
        terms = plan.variants.terms
        self._caps, self._least = terms[Term.AMOUNT_MAX], terms[Term.AMOUNT_MIN]
        self._fixed = fixed_fit(plan, need)
        self._prices = Prices(plan, listed, need)
        stated = Available(self._caps, self._caps != NOT_STATED, np.full(len(self._caps), NOT_STATED))
        self._amount = amount_fit(need, self._least, stated, open_=False)
        by_limit = terms[Term.LIMIT]
        self._waiting = [
            (plan.limits[each], np.flatnonzero(by_limit == each)) for each in np.unique(by_limit[by_limit >= 0])
        ]
        self._cost = np.zeros(len(self._caps), dtype=np.int64)
        self._formulas, rest = np.flatnonzero(by_limit >= 0), np.flatnonzero(by_limit < 0)
        self._cost[rest] = self._prices.of_those(rest, self._caps[rest])

    def terms(self, facts: ApplicantFacts, *, interval: bool) -> Terms:
        """The comparison for one applicant, whose facts the formulas read; ``interval`` as in ``formula_limit``."""
        amount, cost = self._amount, self._cost
        if len(self._waiting):
            amount, cost = self._with_formulas(facts, interval=interval)
        fitness = FITNESS[amount.fit | self._fixed.others]
        return Terms(fitness, amount.short, self._fixed.term_short, cost)

    def _with_formulas(self, facts: ApplicantFacts, *, interval: bool) -> tuple[AmountFit, Numbers]:
        fit, short, cost = self._amount.fit.copy(), self._amount.short.copy(), self._cost.copy()
        amounts = self._caps.copy()
        for formula, places in self._waiting:
            available = _of_formula(self._caps[places], formula_limit(formula, facts, interval=interval))
            own = amount_fit(self.need, self._least[places], available, open_=True)
            fit[places], short[places] = own.fit, own.short
            amounts[places] = available.amount
        cost[self._formulas] = self._prices.of_those(self._formulas, amounts[self._formulas])
        return AmountFit(fit, short), cost
