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

    priced: NDArray[np.bool_]
    rate: Numbers
    method: Numbers
    fees: Numbers
    simple: NDArray[np.bool_]
    prices: tuple[VariantOffer, ...]
    lists: tuple[tuple[OfferFee, ...], ...]


def _is_priced(price: VariantOffer) -> bool:
    basis = cost_basis(
        price.rate_min, None, only_fee=price.rate_kind == "fee", fee_rates=[fee.rate for fee in price.fees]
    )
    return basis.is_priced


def _listed(prices: Sequence[VariantOffer], lists: Places[tuple[OfferFee, ...]]) -> PriceList:
    methods = [METHODS[method_of(price.repayment_modes)[0]] for price in prices]
    return PriceList(
        priced=np.array([_is_priced(price) for price in prices], dtype=np.bool_),
        rate=np.array([price.rate_min or 0 for price in prices], dtype=np.int64),
        method=np.array(methods, dtype=np.int64),
        fees=np.array([lists.of(price.fees) for price in prices], dtype=np.int64),
        simple=np.array([is_simple(price.fees) for price in prices], dtype=np.bool_),
        prices=tuple(prices),
        lists=lists.all(),
    )


def price_list(plan: Plan, before: PriceList | None = None) -> PriceList:
    """The prices of ``plan``; those of the plan that it was made out of stand ``before`` its own."""
    if before is None:
        return _listed(plan.prices, Places())
    new = plan.prices[len(before.prices) :]
    if not new:
        return before
    added = _listed(new, Places({fees: place for place, fees in enumerate(before.lists)}))
    return PriceList(
        priced=np.concatenate((before.priced, added.priced)),
        rate=np.concatenate((before.rate, added.rate)),
        method=np.concatenate((before.method, added.method)),
        fees=np.concatenate((before.fees, added.fees)),
        simple=np.concatenate((before.simple, added.simple)),
        prices=plan.prices,
        lists=added.lists,
    )


class Prices:
    """Costs of variants with these ``terms`` (Term.COUNT, V), for one need."""

    def __init__(self, terms: NDArray[np.int64], listed: PriceList, need: DemandNeed) -> None:
        longest = terms[Term.TERM_MAX]
        stated = (longest != NOT_STATED) & (longest != 0)
        self._need = need
        self._listed = listed
        self._price = terms[Term.PRICE]
        self._days = np.where(stated, np.minimum(longest, need.term_days), need.term_days)

    def of_those(self, places: NDArray[np.intp], available: Numbers) -> Numbers:
        """The cost of the variants at ``places``, of which each would lend its ``available``."""
        stated = (available != NOT_STATED) & (available != 0)
        principal = np.where(stated, np.minimum(available, self._need.amount), self._need.amount)
        found = np.full(len(places), NO_COST, dtype=np.int64)
        priced = np.flatnonzero(self._listed.priced[self._price[places]])
        keys = np.stack((self._price[places], principal, self._days[places]))[:, priced]
        first, back = _distinct(keys)
        found[priced] = _costs(self._listed, keys[:, first])[back]
        return found


def _distinct(keys: Numbers) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where each distinct column of ``keys`` (R, N) stands first in order, and which of them each column is (N,)."""
    order = np.lexsort(keys)
    ordered = keys[:, order]
    is_new = np.ones(len(order), dtype=np.bool_)
    is_new[1:] = (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)
    back = np.empty(len(order), dtype=np.intp)
    back[order] = np.cumsum(is_new) - 1
    return order[is_new], back


#: Fewer loans than these are worked out sooner one by one: in arrays every month of the longest is a step.
FEW = 16


def _costs(listed: PriceList, keys: Numbers) -> Numbers:
    """The cost of each column of ``keys``: price, principal, days."""
    price, principal, days = keys
    found = np.full(len(price), UNSURE, dtype=np.int64)
    own = np.flatnonzero((days >= DAYS_A_MONTH) & (days % DAYS_A_MONTH == 0) & listed.simple[price])
    if len(own) >= FEW:
        of = price[own]
        months = days[own] // DAYS_A_MONTH
        loans = Loans(principal[own], listed.rate[of], months, listed.method[of], listed.fees[of], listed.lists)
        found[own] = compound_rates(loans)
    for place in np.flatnonzero(found == UNSURE).tolist():
        found[place] = lowest(listed.prices[price[place]], int(principal[place]), int(days[place]))
    return found
