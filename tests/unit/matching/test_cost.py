"""The all-in cost: what is stated is worked out, what is not stated is never zero."""

import pytest

from finmart.matching.engine.cost import all_in_cost
from finmart.matching.engine.inputs import FeePeriod, OfferFee
from finmart.matching.engine.results import MOST_COST, AllInCost, Limit, LimitBasis
from finmart.reference.loan_cost import CostBasis
from tests.factories.matching import WAN, need, variant

CAP = Limit(LimitBasis.CAP, amount=1_000 * WAN)


def test_the_plans_own_example() -> None:
    # 1 % up front lifts 3.00 % over 12 months to 4.98 % compound (4.87 % simple) by equal instalments,
    # and to 4.10 % (4.02 %) interest-only.
    fee = OfferFee("guarantee_fee", 10_000, "once", "borrower")
    by_instalments = variant(rate_min=30_000, rate_max=30_000, repayment_modes=("equal_instalment",), fees=(fee,))
    cost = all_in_cost(need(), by_instalments, CAP)
    assert (round(cost.lowest or 0, -2), round(cost.simple or 0, -2)) == (49_800, 48_700)
    at_the_end = variant(rate_min=30_000, rate_max=30_000, repayment_modes=("interest_only",), fees=(fee,))
    cost = all_in_cost(need(), at_the_end, CAP)
    assert (round(cost.lowest or 0, -2), round(cost.simple or 0, -2)) == (41_000, 40_200)


def test_a_range_of_rates_is_a_range_of_costs() -> None:
    cost = all_in_cost(need(), variant(rate_min=31_500, rate_max=40_000), CAP)
    assert cost.basis is CostBasis.STATED
    assert cost.lowest is not None
    assert cost.highest is not None
    assert cost.lowest < cost.highest


def test_only_a_lowest_rate_is_a_cost_from() -> None:
    cost = all_in_cost(need(), variant(rate_min=31_500), CAP)
    assert (cost.basis, cost.lowest is None, cost.highest) == (CostBasis.FROM_LOWEST, False, None)


def test_only_a_highest_rate_is_a_cost_up_to() -> None:
    cost = all_in_cost(need(), variant(rate_max=40_000), CAP)
    assert cost.basis is CostBasis.UP_TO
    assert cost.lowest == cost.highest == all_in_cost(need(), variant(rate_min=40_000), CAP).lowest


def test_the_method_is_said_and_an_assumed_one_is_marked() -> None:
    stated = all_in_cost(need(), variant(rate_min=31_500, repayment_modes=("每年还本1%", "interest_only")), CAP)
    assert (stated.method, stated.assumed) == ("interest_only", False)
    assumed = all_in_cost(need(), variant(rate_min=31_500), CAP)
    assert (assumed.method, assumed.assumed) == ("equal_instalment", True)


@pytest.mark.parametrize(
    ("values", "basis"),
    [
        ({}, CostBasis.RATE_NOT_STATED),
        ({"rate_min": 10_000, "rate_kind": "fee"}, CostBasis.ONLY_FEE_STATED),
        ({"rate_min": 30_000, "fees": (OfferFee("appraisal", None, "once", "borrower"),)}, CostBasis.FEE_NOT_STATED),
    ],
)
def test_what_is_not_stated_leaves_the_cost_open(values: dict[str, object], basis: CostBasis) -> None:
    cost = all_in_cost(need(), variant(**values), CAP)
    assert (cost.basis, cost.lowest, cost.highest) == (basis, None, None)


@pytest.mark.parametrize("per", ["once", "deposit", "month", "year"])
def test_charges_that_take_the_whole_loan_are_said_and_no_rate(per: FeePeriod) -> None:
    fee = OfferFee("f", 1_000_000, per, "borrower")
    cost = all_in_cost(need(), variant(rate_min=30_000, rate_max=40_000, fees=(fee,)), CAP)
    assert cost == AllInCost(CostBasis.CHARGES_TAKE_LOAN, fees=("f",))


def test_a_rate_of_thousands_of_digits_is_none() -> None:
    fee = OfferFee("f", 999_999, "once", "borrower")
    cost = all_in_cost(need(10**9), variant(rate_min=30_000, term_max_days=1, fees=(fee,)), CAP)
    assert (cost.basis, cost.lowest) == (CostBasis.CHARGES_TAKE_LOAN, None)


def test_a_dear_cost_is_still_said() -> None:
    fee = OfferFee("f", 900_000, "once", "borrower")
    cost = all_in_cost(need(months=1), variant(rate_min=30_000, fees=(fee,)), CAP)
    assert cost.basis is CostBasis.FROM_LOWEST
    assert 10**18 < (cost.lowest or 0) <= MOST_COST


def test_a_highest_rate_that_is_none_leaves_the_lowest_cost() -> None:
    cost = all_in_cost(need(), variant(rate_min=30_000, rate_max=1_000_001), CAP)
    assert (cost.basis, cost.lowest is None, cost.highest) == (CostBasis.STATED, False, None)


def test_a_fee_the_lender_pays_costs_nothing() -> None:
    fee = OfferFee("appraisal", None, "once", "lender")
    assert all_in_cost(need(), variant(rate_min=30_000, fees=(fee,)), CAP).basis is CostBasis.FROM_LOWEST


def test_a_loan_of_days_is_counted_in_days() -> None:
    cost = all_in_cost(need(months=1), variant(rate_min=36_000, term_max_days=10), CAP)
    assert cost.lowest is not None
    assert cost.lowest > 36_000
