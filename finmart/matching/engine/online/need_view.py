"""What one need settles in every variant before anybody asks; kept, because many applicants ask alike."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.inputs import ApplicantFacts, DemandNeed
from finmart.matching.engine.limit import FormulaLimit, formula_limit
from finmart.matching.engine.online.fitting import FITNESS, Available, Flags, amount_fit, fixed_fit
from finmart.matching.engine.online.pricing import PriceList, Prices, price_list
from finmart.matching.engine.plan.middle import middle_of_columns
from finmart.matching.engine.plan.rows import LARGEST
from finmart.matching.engine.plan.types import NOT_STATED, Indexes, Plan, Term

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Terms:
    """How the terms of every variant (V,) compare: ``fitness`` 0 to 3 (full to none), gaps in ppm, cost.

    ``limits`` is what each formula gives, by its place in ``Plan.limits``.
    """

    fitness: Numbers
    amount_short: Numbers
    term_short: Numbers
    cost: Numbers
    limits: Mapping[int, FormulaLimit]


def _smaller(caps: Numbers, values: Numbers) -> Numbers:
    """The smaller of a stated cap and a formula's value; either may be missing."""
    return np.where(caps == NOT_STATED, values, np.where(values == NOT_STATED, caps, np.minimum(caps, values)))


def _stated(value: int | None) -> int:
    # More than anybody can ask for is as good as any amount.
    return NOT_STATED if value is None else min(value, LARGEST)


def _of_formulas(caps: Numbers, found: Sequence[FormulaLimit], which: Indexes) -> Available:
    """``limit.capped_limit`` of variants with these ``caps``; ``which`` of the formulas found is each one's."""
    exact = np.array([each.amount is not None for each in found])[which]
    high = np.array([_stated(each.at_most if each.amount is None else each.amount) for each in found])[which]
    low = np.array([_stated(each.at_least) for each in found])[which]
    amount = _smaller(caps, high)
    at_least = np.where(low == NOT_STATED, NOT_STATED, _smaller(caps, low))
    return Available(amount, exact | ((low != NOT_STATED) & (at_least == amount)), np.where(exact, 0, at_least))


class _Settled(NamedTuple):
    """What a need settles whoever asks, of every variant (V,), as in ``AmountFit`` and ``FixedFit``."""

    fit: Flags
    short: Numbers
    others: Flags
    term_short: Numbers
    cost: Numbers


def _settled(plan: Plan, terms: Numbers, listed: PriceList, need: DemandNeed) -> _Settled:
    """What ``need`` settles of variants of ``plan`` that have these ``terms`` (Term.COUNT, V)."""
    caps, by_limit = terms[Term.AMOUNT_MAX], terms[Term.LIMIT]
    stated = Available(caps, caps != NOT_STATED, np.full(len(caps), NOT_STATED))
    amount = amount_fit(need, terms[Term.AMOUNT_MIN], stated, open_=False)
    others = fixed_fit(plan, terms, need)
    cost, fixed = np.zeros(len(caps), dtype=np.int64), np.flatnonzero(by_limit < 0)
    cost[fixed] = Prices(terms, listed, need).of_those(fixed, caps[fixed])
    return _Settled(amount.fit, amount.short, others.others, others.term_short, cost)


class NeedView:
    """One need against all variants of a plan; only those whose limit is a formula wait for an applicant.

    ``former`` is the view of the same need in a plan that this one was made out of: what is the same stays.
    """

    def __init__(self, plan: Plan, listed: PriceList, need: DemandNeed, former: "NeedView | None" = None) -> None:
        terms = plan.variants.terms
        self.need, self.terms_read = need, terms
        self._caps, self._least, by_limit = terms[Term.AMOUNT_MAX], terms[Term.AMOUNT_MIN], terms[Term.LIMIT]
        self._prices = Prices(terms, listed, need)
        self._settled = _settled(plan, terms, listed, need) if former is None else former._followed(plan, listed)
        self._formulas = np.flatnonzero(by_limit >= 0)
        limits, self._which = np.unique(by_limit[self._formulas], return_inverse=True)
        self._limits = {place: plan.limits[place] for place in limits.tolist()}

    def _followed(self, plan: Plan, listed: PriceList) -> _Settled:
        """What the need settles in a plan that was made out of this view's."""
        terms = plan.variants.terms
        middle = middle_of_columns(self.terms_read, terms)
        if middle.is_nothing:
            return self._settled
        old, own = self._settled, _settled(plan, terms[:, middle.first : middle.new_end], listed, self.need)
        return _Settled(
            fit=middle.spliced(old.fit, own.fit),
            short=middle.spliced(old.short, own.short),
            others=middle.spliced(old.others, own.others),
            term_short=middle.spliced(old.term_short, own.term_short),
            cost=middle.spliced(old.cost, own.cost),
        )

    def terms(self, facts: ApplicantFacts, *, interval: bool) -> Terms:
        """The comparison for one applicant, whose facts the formulas read; ``interval`` as in ``formula_limit``."""
        found = {place: formula_limit(each, facts, interval=interval) for place, each in self._limits.items()}
        settled = self._with_formulas([*found.values()]) if found else self._settled
        return Terms(FITNESS[settled.fit | settled.others], settled.short, settled.term_short, settled.cost, found)

    def _with_formulas(self, found: Sequence[FormulaLimit]) -> _Settled:
        places = self._formulas
        available = _of_formulas(self._caps[places], found, self._which)
        own = amount_fit(self.need, self._least[places], available, open_=True)
        fit, short, cost = self._settled.fit.copy(), self._settled.short.copy(), self._settled.cost.copy()
        fit[places], short[places] = own.fit, own.short
        cost[places] = self._prices.of_those(places, available.amount)
        return self._settled._replace(fit=fit, short=short, cost=cost)


#: How many needs are remembered; a request asks one, its remedies a few dozen.
MOST_NEEDS = 64


class NeedViews:
    """The views of the needs asked last, in a plan; begins with those of the plan it was made out of.

    A view that nobody has asked for since is renewed when somebody does.
    """

    def __init__(self, plan: Plan, former: "NeedViews | None" = None) -> None:
        self._plan = plan
        self._listed: PriceList = price_list(plan, None if former is None else former._listed)
        self._views: OrderedDict[DemandNeed, NeedView] = OrderedDict(() if former is None else former._kept())
        self._lock = Lock()

    def _kept(self) -> tuple[tuple[DemandNeed, NeedView], ...]:
        with self._lock:
            return tuple(self._views.items())

    def of(self, need: DemandNeed) -> NeedView:
        """The view of ``need``."""
        # Neither the place nor the day, nor whose need it is, changes how terms compare.
        asked = replace(need, region=None, as_of=None, reference="")
        with self._lock:
            view = self._views.get(asked)
        if view is None or view.terms_read is not self._plan.variants.terms:
            view = NeedView(self._plan, self._listed, asked, view)
        with self._lock:
            self._views[asked] = view
            self._views.move_to_end(asked)
            while len(self._views) > MOST_NEEDS:
                self._views.popitem(last=False)
        return view
