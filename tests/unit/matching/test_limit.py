"""The most a formula can give while facts are missing."""

import pytest

from finmart.matching.engine.limit import indicative_limit
from finmart.matching.engine.results import LimitBasis
from tests.factories.matching import WAN, facts, variant

HALF = {"times": [{"value": 500_000, "unit": "ratio"}, {"fact": "sales_12m"}]}
DEBT = {"fact": "operating_debt"}
KNOWN = facts(sales_12m=800 * WAN)


def test_a_debt_nobody_stated_leaves_the_limit_unknown_but_not_above_the_one_without_debt() -> None:
    limit = indicative_limit(variant(limit={"minus": [HALF, DEBT]}), KNOWN)
    assert (limit.basis, limit.amount, limit.at_most) == (LimitBasis.FACTS_MISSING, None, 400 * WAN)
    assert limit.missing == ("operating_debt",)


def test_the_cap_stays_the_cap() -> None:
    limit = indicative_limit(variant(limit={"minus": [HALF, DEBT]}, amount_max=300 * WAN), KNOWN)
    assert limit.at_most == 300 * WAN


@pytest.mark.parametrize(
    "formula",
    [
        {"plus": [HALF, DEBT]},
        {"minus": [DEBT, HALF]},
        {"minus": [HALF, {"minus": [{"value": 1, "unit": "money"}, DEBT]}]},
        {"minus": [HALF, {"window": {"series": "tax_monthly", "months": 12, "of": "sum"}}]},
        {"times": [{"value": -1}, {"minus": [HALF, DEBT]}]},
    ],
)
def test_no_bound_where_what_is_missing_could_raise_it(formula: dict[str, object]) -> None:
    limit = indicative_limit(variant(limit=formula), KNOWN)
    assert (limit.amount, limit.at_most) == (None, None)


def test_more_debt_than_the_formula_allows_lends_nothing() -> None:
    stated = facts(sales_12m=800 * WAN, operating_debt=900 * WAN)
    assert indicative_limit(variant(limit={"minus": [HALF, DEBT]}), stated).amount == 0
