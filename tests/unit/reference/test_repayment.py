"""Repayment plans: every fen is accounted for."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finmart.reference.repayment import (
    LABELS,
    LoanRefusal,
    Method,
    Utilisation,
    days_interest,
    method_of,
    rounded,
    schedule,
    utilisation_interest,
)

principals = st.integers(1, 10**12)
rates = st.integers(0, 360_000)
terms = st.integers(1, 120)
methods = st.sampled_from(list(Method))


@given(principals, rates, terms, methods)
def test_plans_repay_the_principal_exactly_and_never_more(principal: int, rate: int, months: int, how: Method) -> None:
    plan = schedule(principal, rate, months, how)
    assert sum(each.principal for each in plan) == principal
    assert plan[-1].balance == 0
    assert plan[-1].period == months
    assert all(each.principal >= 0 and each.interest >= 0 and each.balance >= 0 for each in plan)
    balances = [principal, *(each.balance for each in plan)]
    assert [before - after for before, after in pairwise(balances)] == [each.principal for each in plan]


@given(st.integers(100_000, 10**12), rates, st.integers(2, 120))
def test_equal_instalments_differ_only_in_the_last(principal: int, rate: int, months: int) -> None:
    plan = schedule(principal, rate, months, Method.EQUAL_INSTALMENT)
    payments = {each.payment for each in plan[:-1]}
    assert len(payments) == 1
    # The last one takes up to half a fen of rounding for each month before it, with the interest on it.
    assert abs(plan[-1].payment - payments.pop()) <= months * (1 + months * rate / 12e6) + 1


def test_a_revolving_line_counts_as_drawn_whole() -> None:
    assert schedule(10_000, 36_000, 6, Method.REVOLVING) == schedule(10_000, 36_000, 6, Method.INTEREST_ONLY)


@pytest.mark.parametrize(
    ("amount", "drawn", "repaid", "rate", "interest"),
    [
        # 100 000 yuan for 30 days at 3.6 %: 100 000 × 30 × 0.036 / 360 = 300.00 yuan.
        (10_000_000, date(2026, 1, 1), date(2026, 1, 31), 36_000, 30_000),
        # February of a leap year has 29 days: 100 000 × 29 × 0.036 / 360 = 290.00 yuan.
        (10_000_000, date(2024, 2, 1), date(2024, 3, 1), 36_000, 29_000),
        # 123 456.78 yuan for 17 days at 4.35 %: 253.600… yuan.
        (12_345_678, date(2026, 3, 5), date(2026, 3, 22), 43_500, 25_360),
        # A whole year has 365 days of interest: 1 000 000 × 365 × 0.0345 / 360 = 34 979.166… yuan.
        (100_000_000, date(2025, 6, 1), date(2026, 6, 1), 34_500, 3_497_917),
        (10_000_000, date(2026, 1, 1), date(2026, 1, 1), 36_000, 0),
    ],
)
def test_daily_interest_vectors(amount: int, drawn: date, repaid: date, rate: int, interest: int) -> None:
    assert utilisation_interest(Utilisation(amount, drawn, repaid), rate) == interest
    assert days_interest(amount, rate, (repaid - drawn).days) == interest


@given(st.integers(0, 10**18), st.integers(1, 10**9))
def test_rounding_is_half_up(numerator: int, denominator: int) -> None:
    quotient = rounded(numerator, denominator)
    assert -denominator < 2 * (numerator - quotient * denominator) <= denominator or (
        2 * (quotient * denominator - numerator) == denominator
    )


@pytest.mark.parametrize(
    ("principal", "rate", "months"), [(0, 30_000, 12), (-1, 30_000, 12), (1, -1, 12), (1, 30_000, 0), (1, 30_000, 601)]
)
def test_impossible_loans_are_refused(principal: int, rate: int, months: int) -> None:
    with pytest.raises(LoanRefusal):
        schedule(principal, rate, months, Method.BULLET)


def test_a_utilisation_cannot_end_before_it_begins() -> None:
    with pytest.raises(LoanRefusal):
        utilisation_interest(Utilisation(100, date(2026, 1, 2), date(2026, 1, 1)), 36_000)


def test_words_of_institutions_are_understood_or_left_alone() -> None:
    assert all(method_of(zh) is method for method, (zh, _) in LABELS.items())
    assert method_of("按月付息到期还本") is Method.INTEREST_ONLY
    assert method_of("先息后本6个月+等额6个月") is None
