"""All-in cost: the 96 vectors to the fen and to 1/10 000 of a percent, charges, and lines used by dates."""

import time
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finmart.reference.internal_rate import NoRate, discount_factor
from finmart.reference.loan_cost import Charge, Timing, loan_cost, loan_cost_in_days, revolving_cost
from finmart.reference.repayment import LABELS, LoanRefusal, Method, Utilisation
from tests.golden.vectors import vectors

VECTORS = vectors("loan_cost_vectors.csv")
METHODS = {zh: method for method, (zh, _) in LABELS.items()}
MILLION = 100_000_000


def scaled(text: str, factor: int) -> int:
    exact = Decimal(text) * factor
    assert exact == int(exact)
    return int(exact)


def test_there_are_96_vectors() -> None:
    assert len(VECTORS) == 96


@pytest.mark.parametrize("vector", VECTORS, ids=["-".join(list(row.values())[:5]) for row in VECTORS])
def test_vector(vector: dict[str, str]) -> None:
    cost = loan_cost(
        scaled(vector["principal_yuan"], 100),
        scaled(vector["annual_rate_pct"], 10_000),
        int(vector["months"]),
        METHODS[vector["method"]],
        [Charge(Timing.PREPAID, rate=scaled(vector["guarantee_fee_pct_per_year"], 10_000))],
    )
    fen = {name: scaled(vector[name], 100) for name in ("first_payment", "last_payment", "total_interest")}
    assert (cost.first_payment, cost.last_payment, cost.total_interest) == tuple(fen.values())
    assert cost.total_charges == scaled(vector["upfront_fee_yuan"], 100)
    assert cost.simple_rate == scaled(vector["apr_simple_pct_irr_x12"], 10_000)
    assert cost.compound_rate == scaled(vector["apr_compound_pct"], 10_000)


def test_what_the_notice_warns_of() -> None:
    guarantee = [Charge(Timing.PREPAID, rate=10_000)]
    instalments = loan_cost(MILLION, 30_000, 12, Method.EQUAL_INSTALMENT, guarantee)
    assert (instalments.compound_rate, instalments.simple_rate) == (49_831, 48_728)


def test_a_yearly_charge_costs_less_than_the_same_one_prepaid() -> None:
    prepaid = loan_cost(MILLION, 30_000, 30, Method.INTEREST_ONLY, [Charge(Timing.PREPAID, rate=10_000)])
    yearly = loan_cost(MILLION, 30_000, 30, Method.INTEREST_ONLY, [Charge(Timing.YEAR, rate=10_000)])
    assert prepaid.total_charges == yearly.total_charges == 2_500_000
    assert (prepaid.received, yearly.received) == (MILLION - 2_500_000, MILLION - 1_000_000)
    assert yearly.compound_rate < prepaid.compound_rate


def test_a_deposit_costs_because_it_cannot_be_used() -> None:
    plain = loan_cost(MILLION, 60_000, 12, Method.EQUAL_INSTALMENT)
    held = loan_cost(MILLION, 60_000, 12, Method.EQUAL_INSTALMENT, [Charge(Timing.DEPOSIT, rate=100_000)])
    assert held.total_charges == 0
    assert held.received == 90_000_000
    assert held.compound_rate > plain.compound_rate


def test_a_daily_charge_is_paid_at_the_end() -> None:
    # 0.02 % a day for 10 days of bridge money: 0.2 % on 1 000 000 yuan.
    cost = loan_cost_in_days(MILLION, 0, 10, [Charge(Timing.DAY, rate=200)])
    assert cost.total_charges == 200_000
    assert cost.simple_rate == 73_000
    assert cost.compound_rate == round(((1.002) ** (365 / 10) - 1) * 1_000_000)


def test_a_fixed_amount_is_paid_once() -> None:
    cost = loan_cost(MILLION, 30_000, 12, Method.BULLET, [Charge(Timing.ONCE, amount=120_000)])
    assert (cost.total_charges, cost.received) == (120_000, MILLION - 120_000)


def test_a_day_loan_costs_the_calendar_years_rate() -> None:
    # Interest counts 360 days a year, the annual rate 365: 3.6 % becomes 3.65 % simple.
    cost = loan_cost_in_days(MILLION, 36_000, 30)
    assert (cost.total_interest, cost.simple_rate) == (300_000, 36_500)


def test_a_line_used_by_dates() -> None:
    start = date(2026, 1, 5)
    uses = [
        Utilisation(20_000_000, start, start + timedelta(days=40)),
        Utilisation(50_000_000, start + timedelta(days=10), start + timedelta(days=100)),
        Utilisation(10_000_000, start + timedelta(days=200), start + timedelta(days=290)),
    ]
    cost = revolving_cost(uses, 36_000)
    assert cost.total_interest == 80_000 + 450_000 + 90_000
    # Every utilisation costs 0.01 % a day, so the line does too: 3.65 % over a calendar year.
    assert cost.simple_rate == 36_500
    assert cost.compound_rate == pytest.approx(37_000, abs=150)
    charged = revolving_cost(uses, 36_000, up_front=100_000)
    assert charged.simple_rate > cost.simple_rate
    assert charged.compound_rate > cost.compound_rate


def test_a_line_that_was_never_used_has_no_cost() -> None:
    with pytest.raises(LoanRefusal):
        revolving_cost([], 36_000)


def test_charges_that_eat_the_loan_have_no_rate() -> None:
    with pytest.raises(NoRate):
        loan_cost(MILLION, 30_000, 12, Method.BULLET, [Charge(Timing.ONCE, rate=1_000_000)])
    with pytest.raises(NoRate):
        discount_factor([])


def test_a_loan_without_cost_costs_nothing() -> None:
    free = loan_cost(MILLION, 0, 12, Method.EQUAL_INSTALMENT)
    assert (free.simple_rate, free.compound_rate, free.total_interest) == (0, 0, 0)


def test_a_subsidy_above_the_interest_is_a_negative_rate() -> None:
    assert discount_factor([(0, -100), (12, 90)]) > Decimal(1)


@given(
    st.integers(10_000, 10**12),
    st.integers(0, 240_000),
    st.integers(1, 60),
    st.sampled_from(list(Method)),
    st.integers(0, 50_000),
)
def test_rates_are_true(principal: int, rate: int, months: int, method: Method, charge: int) -> None:
    cost = loan_cost(principal, rate, months, method, [Charge(Timing.ONCE, rate=charge)])
    assert all(isinstance(each, int) for each in (cost.simple_rate, cost.compound_rate, cost.total_charges))
    # What was received grows at the rate found and is paid off by the plan: within what rounding to ppm allows.
    monthly = Decimal(cost.simple_rate) / 12_000_000
    worth = sum((each.payment / (1 + monthly) ** each.period for each in cost.plan), Decimal(0))
    slack = 1 + Decimal(principal) * months * 2 / 12_000_000
    assert abs(worth - cost.received) <= slack
    assert cost.compound_rate >= cost.simple_rate or method is Method.BULLET


@given(st.integers(0, 30_000), st.integers(1, 30_000))
def test_more_charges_cost_more(less: int, extra: int) -> None:
    lower = loan_cost(MILLION, 43_500, 24, Method.EQUAL_PRINCIPAL, [Charge(Timing.ONCE, rate=less)])
    higher = loan_cost(MILLION, 43_500, 24, Method.EQUAL_PRINCIPAL, [Charge(Timing.ONCE, rate=less + extra)])
    assert higher.compound_rate >= lower.compound_rate
    assert higher.total_charges > lower.total_charges


def test_a_cost_is_quick_enough_for_every_product_in_a_request() -> None:
    started = time.perf_counter()
    for _ in range(20):
        loan_cost(MILLION, 43_500, 36, Method.EQUAL_INSTALMENT, [Charge(Timing.YEAR, rate=10_000)])
    # Ten times what it takes on a slow machine, so that only a real slip fails here.
    assert (time.perf_counter() - started) / 20 < 0.02


def test_a_monthly_charge_is_due_at_the_start_of_each_month() -> None:
    """2 % in advance each month is a discount of 2 %: a month costs 0.02 ÷ 0.98, a year 0.98^-12 − 1."""
    cost = loan_cost(MILLION, 0, 3, Method.BULLET, [Charge(Timing.MONTH, rate=20_000)])
    assert (cost.received, cost.total_charges) == (98_000_000, 6_000_000)
    assert cost.simple_rate == 244_898
    assert cost.compound_rate == round((Decimal("0.98") ** -12 - 1) * 1_000_000)


def test_a_monthly_charge_counts_the_days_of_its_last_month() -> None:
    cost = loan_cost_in_days(MILLION, 0, 45, [Charge(Timing.MONTH, rate=20_000)])
    assert (cost.received, cost.total_charges) == (98_000_000, 3_000_000)
