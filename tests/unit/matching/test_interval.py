"""Limits between two ends: the true value lies inside, whatever the missing facts say."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from finmart.conditions.evaluate import compute
from finmart.conditions.json_form import parse_expression
from finmart.conditions.types import Arithmetic, Calculation, Fact, Literal
from finmart.matching.engine.fit import amount_fit
from finmart.matching.engine.interval import bounds
from finmart.matching.engine.limit import indicative_limit
from finmart.matching.engine.results import Fit, LimitBasis
from tests.factories.matching import WAN, facts, need, variant

#: Facts with what each may be at all (``reference/data/fact_bounds.csv``).
MOST = 10**6
RANGES = {
    "operating_debt": (0, MOST),
    "annual_revenue": (0, MOST),
    "net_profit": (-MOST, MOST),
    "employees": (0, 5_000),
    "controller.share": (0, 1_000_000),
}


def _grown(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    two = st.lists(parts, min_size=2, max_size=2)
    some = st.lists(parts, min_size=2, max_size=3)
    condition = st.tuples(st.sampled_from(["ge", "lt"]), st.sampled_from(sorted(RANGES)), st.integers(0, 100))
    case = st.tuples(condition, parts, parts).map(
        lambda t: {"case": [[{t[0][0]: [{"fact": t[0][1]}, {"value": t[0][2]}]}, t[1]]], "else": t[2]}
    )
    pairs = [st.tuples(st.just(key), two) for key in ("times", "minus", "divide")]
    many = [st.tuples(st.just(key), some) for key in ("plus", "min", "max")]
    return st.one_of(st.one_of(*pairs, *many).map(lambda entry: {entry[0]: entry[1]}), case)


LEAVES = st.one_of(
    st.sampled_from(sorted(RANGES)).map(lambda key: {"fact": key}),
    st.integers(-9, 9).map(lambda value: {"value": value}),
)
EXPRESSIONS = st.recursive(LEAVES, _grown, max_leaves=6)
VALUES = st.fixed_dictionaries({key: st.integers(low, high) for key, (low, high) in RANGES.items()})


@given(EXPRESSIONS, VALUES, st.sets(st.sampled_from(sorted(RANGES))))
def test_the_true_value_lies_between_the_ends(formula: Any, values: dict[str, int], unknown: set[str]) -> None:
    expression = parse_expression(formula)
    partly = facts(**{key: value for key, value in values.items() if key not in unknown})
    found = bounds(expression, partly.values)
    exact = compute(expression, facts(**values).values).exact
    if exact is not None:
        assert found.low <= exact <= found.high
    if not unknown and exact is not None:
        assert found.low == exact == found.high


@given(EXPRESSIONS, VALUES, st.sets(st.sampled_from(sorted(RANGES))), st.none() | st.integers(0, MOST))
def test_the_limit_lies_between_its_ends(
    formula: Any, values: dict[str, int], unknown: set[str], cap: int | None
) -> None:
    one = variant(limit=formula, amount_max=cap)
    partly = indicative_limit(one, facts(**{key: value for key, value in values.items() if key not in unknown}))
    whole = indicative_limit(one, facts(**values))
    if whole.amount is not None:
        assert partly.low <= whole.amount
        assert partly.high is None or whole.amount <= partly.high


TAX = {"times": [{"value": 5}, {"fact": "registered_capital"}]}


def test_what_is_known_is_the_least_where_more_can_only_raise_it() -> None:
    base = {"plus": [{"fact": "sales_12m"}, TAX]}
    limit = indicative_limit(variant(limit=base, amount_max=500 * WAN), facts(sales_12m=200 * WAN))
    assert (limit.basis, limit.amount, limit.at_least, limit.at_most) == (
        LimitBasis.FACTS_MISSING,
        None,
        200 * WAN,
        500 * WAN,
    )
    assert amount_fit(need(200), variant(amount_max=500 * WAN), limit) == (Fit.FULL, None)
    assert amount_fit(need(201), variant(amount_max=500 * WAN), limit) == (Fit.UNKNOWN, None)


def test_a_limit_that_what_is_missing_cannot_change_is_known() -> None:
    base = {"plus": [{"fact": "sales_12m"}, TAX]}
    limit = indicative_limit(variant(limit=base, amount_max=100 * WAN), facts(sales_12m=200 * WAN))
    assert (limit.basis, limit.amount, limit.missing) == (LimitBasis.CAP_AND_FORMULA, 100 * WAN, ())


def test_a_loss_is_possible_so_a_profit_bounds_nothing() -> None:
    base = {"times": [{"value": 2}, {"fact": "net_profit"}]}
    limit = indicative_limit(variant(limit=base), facts())
    assert (limit.at_least, limit.at_most, limit.low, limit.high) == (0, None, 0, None)


def test_nothing_is_said_of_a_share_of_what_may_be_nothing() -> None:
    base = {"divide": [{"fact": "sales_12m"}, {"fact": "employees"}]}
    limit = indicative_limit(variant(limit=base), facts(sales_12m=200 * WAN))
    assert (limit.at_least, limit.at_most) == (0, None)


def test_numbers_too_large_for_a_float_are_bounded_exactly() -> None:
    huge, unknown = Literal(10**400), Fact("annual_revenue")
    assert bounds(Calculation(Arithmetic.PLUS, (huge, unknown)), {}).low == 10**400
    assert bounds(Calculation(Arithmetic.TIMES, (huge, unknown)), {}).low == 0
