"""The all-in annual cost of a variant for this need, where the source states what it takes (人民银行公告〔2021〕第3号).

The headline is the compound annual rate (IRR); what is not stated is never counted as zero, it leaves the cost open.
"""

from functools import lru_cache

from finmart.matching.engine.inputs import DemandNeed, OfferFee, VariantOffer
from finmart.matching.engine.results import MOST_COST, AllInCost, Limit
from finmart.reference.internal_rate import NoRate
from finmart.reference.loan_cost import (
    Charge,
    CostBasis,
    LoanCost,
    Timing,
    cost_basis,
    loan_cost,
    loan_cost_in_days,
    method_of,
)
from finmart.reference.repayment import LoanRefusal, Method

DAYS_A_MONTH = 30
TIMINGS = {
    "once": Timing.ONCE,
    "year": Timing.YEAR,
    "month": Timing.MONTH,
    "day": Timing.DAY,
    "deposit": Timing.DEPOSIT,
}


@lru_cache(maxsize=20_000)
def _cost(principal: int, rate: int, days: int, method: Method, charges: tuple[Charge, ...]) -> LoanCost:
    # The same product costs every applicant of one need the same, and an internal rate takes a while to find.
    if days < DAYS_A_MONTH or days % DAYS_A_MONTH:
        return loan_cost_in_days(principal, rate, days, charges)
    return loan_cost(principal, rate, days // DAYS_A_MONTH, method, charges)


def _cost_or_basis(
    principal: int, rate: int, days: int, method: Method, charges: tuple[Charge, ...]
) -> LoanCost | CostBasis:
    """The cost, or why what is stated comes to none: one product's charges must not keep others from being ranked."""
    try:
        found = _cost(principal, rate, days, method, charges)
    except NoRate:
        return CostBasis.CHARGES_TAKE_LOAN
    except LoanRefusal:
        return CostBasis.NO_LOAN
    return found if found.compound_rate <= MOST_COST else CostBasis.CHARGES_TAKE_LOAN


def _charge(fee: OfferFee) -> Charge:
    return Charge(TIMINGS[fee.per], rate=fee.rate or 0)


def all_in_cost(need: DemandNeed, variant: VariantOffer, limit: Limit) -> AllInCost:
    """The cost on the amount and term that this variant would cover.

    ``lowest`` is worked out at the lowest stated rate (where only the highest is stated, at that), ``highest``
    at the highest; fees the borrower does not pay
    are left out. What is stated and comes to no rate leaves the cost open too, with a basis of its own.
    """
    fees = [fee for fee in variant.fees if fee.payer == "borrower"]
    basis = cost_basis(
        variant.rate_min,
        variant.rate_max,
        only_fee=variant.rate_kind == "fee",
        fee_rates=[fee.rate for fee in fees],
    )
    names = tuple(fee.key for fee in fees)
    if not basis.is_priced:
        return AllInCost(basis, fees=names)
    available = limit.amount if limit.amount is not None else limit.at_most
    principal = min(need.amount, available) if available else need.amount
    days = min(need.term_days, variant.term_max_days) if variant.term_max_days else need.term_days
    method, assumed = method_of(variant.repayment_modes)
    charges = tuple(_charge(fee) for fee in fees)
    rates = [rate for rate in (variant.rate_min, variant.rate_max) if rate is not None]
    low = _cost_or_basis(principal, min(rates), days, method, charges)
    if isinstance(low, CostBasis):
        return AllInCost(low, fees=names)
    high = None if basis is CostBasis.FROM_LOWEST else _cost_or_basis(principal, max(rates), days, method, charges)
    return AllInCost(
        basis=basis,
        lowest=low.compound_rate,
        highest=high.compound_rate if isinstance(high, LoanCost) else None,
        simple=low.simple_rate,
        method=method.value,
        assumed=assumed,
        fees=names,
    )
