"""What a subsidy takes from a product's cost, to the 分, and with which products it goes."""

from dataclasses import replace
from datetime import date

import pytest

from finmart.platform.kernel.money import Term
from finmart.products import costs
from finmart.products.catalogue import read_catalogue
from finmart.products.costs import Wanted
from finmart.products.policies.service.files import read_policies
from finmart.products.policies.service.reliefs import relief_lines
from finmart.products.policies.types.values import Policy, PolicyClause
from finmart.products.types import AdmissionClause, Fee, PublishedProduct, Variant
from finmart.reference.loan_cost import loan_cost
from finmart.reference.repayment import Method

WAN = 1_000_000
POLICY = next(policy for policy in read_policies() if policy.code == "NP-01")
OFFERED: list[tuple[Policy, PolicyClause]] = [(POLICY, POLICY.clauses[0])]
WANTED = Wanted(100 * WAN, Term(months=12), Method.INTEREST_ONLY)
SOME = next(product for product in read_catalogue().products if product.product_type == "mortgage_loan")


def _product(**terms: object) -> PublishedProduct:
    stated: dict[str, object] = {"rate_min": 40_000, "rate_max": 50_000, **terms}
    way = Variant("all", "全部", "All", repayment_modes=("interest_only",), **stated)  # type: ignore[arg-type]
    return replace(SOME, variants=(way,), notes=(), serves=())


def _uses(*codes: str) -> tuple[AdmissionClause, ...]:
    condition = {"has_any": [{"fact": "demand.fund_uses"}, list(codes)]}
    return (AdmissionClause("uses", "clause:1", condition, True, "资金用途"),)


def test_both_costs_are_known_and_the_sheet_keeps_its_own() -> None:
    product = _product()
    sheet = costs.sheet(product, WANTED)
    (line,) = relief_lines(product, sheet, OFFERED)
    assert line.low is not None
    assert line.high is not None
    assert (line.low.relief, line.high.relief) == (1_500_000, 1_500_000)
    assert line.sheet is sheet
    assert sheet.low is not None
    assert sheet.low.compound_rate == loan_cost(100 * WAN, 40_000, 12, Method.INTEREST_ONLY).compound_rate
    assert abs(line.low.compound_rate - loan_cost(100 * WAN, 25_000, 12, Method.INTEREST_ONLY).compound_rate) <= 1
    assert line.stated is line.high


def test_fees_stay_in_both_costs() -> None:
    fee = Fee("guarantee", "担保费", "Guarantee fee", 10_000, "once", "borrower", "")
    product = _product(fees=(fee,))
    sheet = costs.sheet(product, WANTED)
    (line,) = relief_lines(product, sheet, OFFERED)
    assert sheet.high is not None
    assert line.high is not None
    assert line.high.total_charges == sheet.high.total_charges == WAN
    assert line.high.compound_rate < sheet.high.compound_rate


def test_a_loan_in_days_is_subsidised_by_days() -> None:
    product = _product(term_max=Term(days=90))
    (line,) = relief_lines(product, costs.sheet(product, Wanted(100 * WAN, Term(days=90), Method.BULLET)), OFFERED)
    assert line.stated is not None
    assert line.stated.relief == 100 * WAN * 15 * 90 // (1000 * 365)


@pytest.mark.parametrize(
    "product",
    [
        _product(rate_min=None, rate_max=None),
        _product(rate_kind="fee"),
        replace(_product(), product_type="guarantee"),
        replace(_product(), product_type="tax_loan"),
        _product(clauses=_uses("working_capital", "purchase")),
        _product(rate_min=0, rate_max=0),
    ],
    ids=["no rate", "a fee", "a guarantee", "a tax loan", "other uses", "no interest"],
)
def test_no_line_where_it_does_not_go(product: PublishedProduct) -> None:
    assert relief_lines(product, costs.sheet(product, WANTED), OFFERED) == []


def test_a_line_where_the_use_is_allowed() -> None:
    product = _product(clauses=_uses("fixed_assets", "equipment"))
    assert len(relief_lines(product, costs.sheet(product, WANTED), OFFERED)) == 1


def test_a_clause_without_a_relief_takes_nothing() -> None:
    renewal = next(policy for policy in read_policies() if policy.code == "NP-03")
    product = _product()
    assert relief_lines(product, costs.sheet(product, WANTED), [(renewal, renewal.clauses[0])]) == []
    assert POLICY.valid_to == date(2026, 12, 31)
