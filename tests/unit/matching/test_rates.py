"""Rates found in arrays are those of the exact calculation, or none."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from finmart.matching.engine.cost import TIMINGS
from finmart.matching.engine.inputs import OfferFee
from finmart.matching.engine.online.rates import METHODS, UNSURE, Loans, compound_rates
from finmart.reference.internal_rate import NoRate
from finmart.reference.loan_cost import Charge, loan_cost
from finmart.reference.repayment import LoanRefusal, Method

FEES = ((), (OfferFee("a", 10_000, "year", "borrower"),), (OfferFee("a", 5_000, "once", "borrower"),) * 2)
loans = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 99, 5_000_000, 123_456_789, 10**13, 10**17]),
        st.sampled_from([0, 1, 30_000, 36_500, 240_000, 1_000_000, 1_000_001]),
        st.sampled_from([1, 6, 12, 13, 36]),
        st.sampled_from(list(Method)),
        st.sampled_from([0, 1, 2]),
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
def test_a_rate_is_the_exact_one_or_left_open(asked: list[tuple[int, int, int, Method, int]]) -> None:
    for found, one in zip(_in_arrays(asked), asked, strict=True):
        assert found in (UNSURE, _exactly(*one))


def test_ordinary_loans_are_not_left_open() -> None:
    asked = [(30_000_000, 36_500, months, method, fees) for months in (6, 36) for method in Method for fees in range(3)]
    assert UNSURE not in _in_arrays(asked)
