"""The lowest all-in cost of every variant for one need, worked out once for each distinct price, amount and term."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.cost import all_in_cost
from finmart.matching.engine.inputs import DemandNeed, VariantOffer
from finmart.matching.engine.plan.types import NOT_STATED, Plan, Term
from finmart.matching.engine.rank import NOT_STATED as NO_COST
from finmart.matching.engine.results import Limit, LimitBasis

Numbers = NDArray[np.int64]
_ALL_OF_IT = Limit(LimitBasis.NOT_STATED)


def lowest(price: VariantOffer, principal: int, days: int) -> int:
    """What ranking compares: the cost of ``principal`` for ``days``; one that is not stated comes last."""
    found = all_in_cost(DemandNeed(principal, days), price, _ALL_OF_IT).lowest
    return NO_COST if found is None else found


class Prices:
    """Costs for one plan and need; what was worked out for one applicant serves the next."""

    def __init__(self, plan: Plan, need: DemandNeed) -> None:
        terms = plan.variants.terms
        longest = terms[Term.TERM_MAX]
        stated = (longest != NOT_STATED) & (longest != 0)
        self._need = need
        self._prices: Sequence[VariantOffer] = plan.prices
        self._price = terms[Term.PRICE]
        self._days = np.where(stated, np.minimum(longest, need.term_days), need.term_days)
        self._known: dict[tuple[int, int, int], int] = {}

    def of_those(self, places: NDArray[np.intp], available: Numbers) -> Numbers:
        """The cost of the variants at ``places``, of which each would lend its ``available``."""
        stated = (available != NOT_STATED) & (available != 0)
        principal = np.where(stated, np.minimum(available, self._need.amount), self._need.amount)
        keys = zip(self._price[places].tolist(), principal.tolist(), self._days[places].tolist(), strict=True)
        return np.array([self._one(key) for key in keys], dtype=np.int64)

    def _one(self, key: tuple[int, int, int]) -> int:
        found = self._known.get(key)
        if found is None:
            price, principal, days = key
            found = self._known[key] = lowest(self._prices[price], principal, days)
        return found
