"""The lowest all-in cost of every variant for one need, worked out once for each distinct price, amount and term."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.cost import DAYS_A_MONTH, all_in_cost
from finmart.matching.engine.inputs import DemandNeed, OfferFee, VariantOffer
from finmart.matching.engine.online.rates import METHODS, UNSURE, Loans, compound_rates, is_simple
from finmart.matching.engine.plan.rows import Places
from finmart.matching.engine.plan.types import NOT_STATED, Plan, Term
from finmart.matching.engine.rank import NOT_STATED as NO_COST
from finmart.matching.engine.rank import cost_rank
from finmart.matching.engine.results import Limit, LimitBasis
from finmart.reference.loan_cost import cost_basis, method_of

Numbers = NDArray[np.int64]
_ALL_OF_IT = Limit(LimitBasis.NOT_STATED)


def lowest(price: VariantOffer, principal: int, days: int) -> int:
    """What ranking compares: the cost of ``principal`` for ``days``; one that is not stated comes after."""
    return cost_rank(all_in_cost(DemandNeed(principal, days), price, _ALL_OF_IT))


@dataclass(frozen=True)
class PriceList:
    """A plan's prices (R,) in arrays: whether there is a cost at all, its rate, its method, the place of its fees in
    ``lists``, and whether only the exact calculation knows such fees."""

    prices: Sequence[VariantOffer]
    priced: NDArray[np.bool_]
    rate: Numbers
    method: Numbers
    fees: Numbers
    lists: tuple[tuple[OfferFee, ...], ...]
    simple: NDArray[np.bool_]


def _is_priced(price: VariantOffer) -> bool:
    basis = cost_basis(
        price.rate_min, None, only_fee=price.rate_kind == "fee", fee_rates=[fee.rate for fee in price.fees]
    )
    return basis.is_priced


def price_list(plan: Plan) -> PriceList:
    """The prices of ``plan``."""
    lists = Places[tuple[OfferFee, ...]]()
    methods = [METHODS[method_of(price.repayment_modes)[0]] for price in plan.prices]
    return PriceList(
        prices=plan.prices,
        priced=np.array([_is_priced(price) for price in plan.prices], dtype=np.bool_),
        rate=np.array([price.rate_min or 0 for price in plan.prices], dtype=np.int64),
        method=np.array(methods, dtype=np.int64),
        fees=np.array([lists.of(price.fees) for price in plan.prices], dtype=np.int64),
        lists=lists.all(),
        simple=np.array([is_simple(price.fees) for price in plan.prices], dtype=np.bool_),
    )


class Prices:
    """Costs for one plan and need."""

    def __init__(self, plan: Plan, listed: PriceList, need: DemandNeed) -> None:
        longest = plan.variants.terms[Term.TERM_MAX]
        stated = (longest != NOT_STATED) & (longest != 0)
        self._need = need
        self._listed = listed
        self._price = plan.variants.terms[Term.PRICE]
        self._days = np.where(stated, np.minimum(longest, need.term_days), need.term_days)

    def of_those(self, places: NDArray[np.intp], available: Numbers) -> Numbers:
        """The cost of the variants at ``places``, of which each would lend its ``available``."""
        stated = (available != NOT_STATED) & (available != 0)
        principal = np.where(stated, np.minimum(available, self._need.amount), self._need.amount)
        found = np.full(len(places), NO_COST, dtype=np.int64)
        priced = np.flatnonzero(self._listed.priced[self._price[places]])
        keys = np.stack((self._price[places], principal, self._days[places]))[:, priced]
        distinct, back = np.unique(keys, axis=1, return_inverse=True)
        found[priced] = _costs(self._listed, distinct)[back.ravel()]
        return found


def _costs(listed: PriceList, keys: Numbers) -> Numbers:
    """The cost of each column of ``keys``: price, principal, days."""
    price, principal, days = keys
    found = np.full(len(price), UNSURE, dtype=np.int64)
    own = np.flatnonzero((days >= DAYS_A_MONTH) & (days % DAYS_A_MONTH == 0) & listed.simple[price])
    of = price[own]
    months = days[own] // DAYS_A_MONTH
    loans = Loans(principal[own], listed.rate[of], months, listed.method[of], listed.fees[of], listed.lists)
    found[own] = compound_rates(loans)
    for place in np.flatnonzero(found == UNSURE).tolist():
        found[place] = lowest(listed.prices[price[place]], int(principal[place]), int(days[place]))
    return found
