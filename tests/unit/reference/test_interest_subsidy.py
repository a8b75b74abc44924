"""Interest subsidies to the 分, by hand."""

import pytest

from finmart.reference.interest_subsidy import InterestSubsidy, monthly_relief, relief_in_days
from finmart.reference.loan_cost import Charge, Timing, loan_cost, loan_cost_in_days
from finmart.reference.repayment import Method, schedule

WAN = 1_000_000
NATIONAL = InterestSubsidy(rate=15_000, principal_max=5000 * WAN, months_max=24, total_max=150 * WAN)


@pytest.mark.parametrize(
    ("principal", "rate", "months", "method", "relief"),
    [
        (100 * WAN, 40_000, 12, Method.INTEREST_ONLY, 1_500_000),
        (100 * WAN, 40_000, 12, Method.BULLET, 1_500_000),
        # Balances of 120, 110 … 10万 are 780万·months; 780万 × 1.5 % ÷ 12 = 9 750元.
        (120 * WAN, 40_000, 12, Method.EQUAL_PRINCIPAL, 975_000),
        (5000 * WAN, 40_000, 24, Method.INTEREST_ONLY, 150 * WAN),
        # The third year is not subsidised, nor is anything above 5000万.
        (5000 * WAN, 40_000, 36, Method.INTEREST_ONLY, 150 * WAN),
        (8000 * WAN, 40_000, 24, Method.INTEREST_ONLY, 150 * WAN),
        (8000 * WAN, 40_000, 36, Method.BULLET, 150 * WAN),
        # A loan cheaper than the subsidy pays no interest, and earns nothing either.
        (100 * WAN, 10_000, 12, Method.INTEREST_ONLY, 1_000_000 - 4),
        # 1元 × 1.5 % ÷ 12 is less than a 分 each month.
        (100, 40_000, 12, Method.INTEREST_ONLY, 0),
    ],
)
def test_what_comes_back(principal: int, rate: int, months: int, method: Method, relief: int) -> None:
    found = loan_cost(principal, rate, months, method, subsidy=NATIONAL)
    without = loan_cost(principal, rate, months, method)
    assert found.relief == relief
    assert (found.plan, found.total_interest) == (without.plan, without.total_interest)
    assert found.compound_rate <= without.compound_rate


def test_a_subsidy_of_the_balance_is_a_lower_rate() -> None:
    with_it = loan_cost(100 * WAN, 40_000, 12, Method.INTEREST_ONLY, subsidy=NATIONAL)
    cheaper = loan_cost(100 * WAN, 25_000, 12, Method.INTEREST_ONLY)
    assert abs(with_it.compound_rate - cheaper.compound_rate) <= 1


def test_fees_stay_beside_a_subsidy() -> None:
    fees = [Charge(Timing.ONCE, rate=10_000)]
    found = loan_cost(100 * WAN, 40_000, 12, Method.INTEREST_ONLY, fees, NATIONAL)
    assert (found.total_charges, found.relief) == (WAN, 1_500_000)


def test_months_run_out_and_so_does_the_sum() -> None:
    plan = schedule(100 * WAN, 40_000, 36, Method.INTEREST_ONLY)
    found = monthly_relief(100 * WAN, plan, NATIONAL)
    assert list(found) == list(range(1, 25))
    assert set(found.values()) == {125_000}
    small = InterestSubsidy(rate=15_000, total_max=300_000)
    assert monthly_relief(100 * WAN, plan, small) == {1: 125_000, 2: 125_000, 3: 50_000}


@pytest.mark.parametrize(("days", "relief"), [(365, 1_500_000), (30, 123_287), (730, 3_000_000), (900, 3_000_000)])
def test_by_days(days: int, relief: int) -> None:
    cost = loan_cost_in_days(100 * WAN, 40_000, days, subsidy=NATIONAL)
    assert cost.relief == relief
    assert relief_in_days(100 * WAN, cost.total_interest, days, NATIONAL) == {days: relief}
    assert cost.simple_rate < loan_cost_in_days(100 * WAN, 40_000, days).simple_rate


def test_nothing_by_days() -> None:
    assert relief_in_days(100 * WAN, 0, 30, NATIONAL) == {}
