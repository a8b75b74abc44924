"""Rates found in arrays are those of the exact calculation, or none."""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from finmart.matching.engine.cost import TIMINGS
from finmart.matching.engine.inputs import FeePeriod, OfferFee
from finmart.matching.engine.online.rates import METHODS, UNSURE, Loans, compound_rates
from finmart.reference.internal_rate import NoRate
from finmart.reference.loan_cost import Charge, loan_cost
from finmart.reference.repayment import LoanRefusal, Method


def _fee(rate: int, per: FeePeriod = "once") -> OfferFee:
    return OfferFee("a", rate, per, "borrower")


#: The first few are ordinary, the others take most of the loan or all of it.
FEES = (
    *((), (_fee(10_000, "year"),), (_fee(5_000),) * 2),
    *((_fee(rate),) for rate in (300_000, 500_000, 800_000, 950_000, 999_999, 1_000_000)),
    *((_fee(450_000), _fee(450_000, "year")), (_fee(800_000, "year"),)),
)
ORDINARY = 3
loans = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 99, 5_000_000, 123_456_789, 10**13, 10**17]),
        st.sampled_from([0, 1, 30_000, 36_500, 240_000, 1_000_000, 1_000_001]),
        st.sampled_from([1, 6, 12, 13, 36]),
        st.sampled_from(list(Method)),
        st.integers(0, len(FEES) - 1),
    ),
    min_size=1,
    max_size=8,
)


def _exactly(principal: int, rate: int, months: int, method: Method, fees: int) -> int:
    charges = [Charge(TIMINGS[fee.per], rate=fee.rate or 0) for fee in FEES[fees]]
    try:
        return loan_cost(principal, rate, months, method, charges).compound_rate
    except (LoanRefusal, NoRate):
        return UNSURE


def _in_arrays(asked: list[tuple[int, int, int, Method, int]]) -> list[int]:
    rows = [(principal, rate, months, METHODS[method], fees) for principal, rate, months, method, fees in asked]
    principal, rate, months, method, fees = np.array(rows, dtype=np.int64).T
    return [int(found) for found in compound_rates(Loans(principal, rate, months, method, fees, FEES))]


@settings(deadline=None, max_examples=60)
@given(loans)
@example([(100_000_000, 30_000, 1, Method.BULLET, fees) for fees in range(len(FEES))])
def test_a_rate_is_the_exact_one_or_left_open(asked: list[tuple[int, int, int, Method, int]]) -> None:
    for found, one in zip(_in_arrays(asked), asked, strict=True):
        assert found in (UNSURE, _exactly(*one))


def test_ordinary_loans_are_not_left_open() -> None:
    asked = [
        (30_000_000, 36_500, months, method, fees)
        for months in (6, 36)
        for method in Method
        for fees in range(ORDINARY)
    ]
    assert UNSURE not in _in_arrays(asked)
