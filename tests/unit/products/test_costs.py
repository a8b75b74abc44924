"""The cost sheet: what is stated is worked out, what is not stated is never zero."""

import re

import pytest

from finmart.matching.engine.cost import all_in_cost
from finmart.matching.engine.inputs import DemandNeed
from finmart.matching.engine.results import Limit, LimitBasis
from finmart.matching.snapshots import product_offer
from finmart.platform.kernel.money import Term
from finmart.products import costs
from finmart.products.catalogue import read_catalogue
from finmart.products.costs import Wanted
from finmart.products.editing.sheet import sheet_of
from finmart.products.types import PublishedProduct
from finmart.reference.repayment import Method

WAN = 1_000_000
PRODUCTS = {product.code: product for product in read_catalogue().products}


def _sheet(
    code: str, amount_wan: int = 100, months: int = 12, method: Method = Method.INTEREST_ONLY
) -> costs.CostSheet:
    return costs.sheet(PRODUCTS[code], Wanted(amount_wan * WAN, Term(months=months), method))


def test_a_guarantee_fee_paid_at_the_start_raises_the_compound_rate() -> None:
    sheet = _sheet("icbc_kechuangedai")
    assert sheet.low is not None
    assert sheet.high is None
    # 3.1 % interest only and 1 % at the start: by hand, IRR of (-990 000, 11 × 2 583.33, 1 002 583.33) a month.
    assert sheet.low.compound_rate == pytest.approx(42_000, abs=100)
    assert [cost.amount for cost in sheet.fees] == [WAN]


def test_without_a_stated_rate_there_is_no_total() -> None:
    sheet = _sheet("cmb_nc_zhaoqidai")
    assert (sheet.low, sheet.high, sheet.fees) == (None, None, ())
    assert sheet.reason is not None


def test_a_fee_rate_is_shown_as_a_fee_and_not_as_interest() -> None:
    sheet = _sheet("jx_nongdan_shengzhu", amount_wan=200)
    assert sheet.stated is None
    assert [cost.amount for cost in sheet.fees] == [WAN]
    assert [cost.amount for cost in _sheet("jx_nongdan_shengzhu", amount_wan=500).fees] == [4 * WAN]
    # “300万以内0.5%、以上0.8%”: both take in what they name, and the borrower takes the cheaper.
    assert [cost.amount for cost in _sheet("jx_nongdan_shengzhu", amount_wan=300).fees] == [3 * WAN // 2]


def test_both_stated_bounds_give_both_ends() -> None:
    sheet = _sheet("cmb_zhaoqidai")
    assert sheet.low is not None
    assert sheet.high is not None
    assert sheet.low.compound_rate < sheet.high.compound_rate
    assert sheet.stated is sheet.high


def test_terms_in_days_are_worked_out_in_days() -> None:
    product = PRODUCTS["ganzhou_huandai"]
    assert costs.in_days(product)
    wanted = costs.usual(product)
    assert wanted.term == Term(days=15)
    sheet = costs.sheet(product, wanted)
    assert sheet.high is not None
    assert sheet.high.total_interest == wanted.amount * 15 * 156_000 // 1_000_000 // 360


def test_the_variant_that_allows_the_amount_is_taken() -> None:
    assert _sheet("abc_huinongedai", amount_wan=30).variant.key == "credit"
    assert _sheet("abc_huinongedai", amount_wan=800).variant.key == "mortgage"


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=PRODUCTS)
def test_every_product_has_a_sheet_or_a_reason(product: PublishedProduct) -> None:
    sheet = costs.sheet(product, costs.usual(product))
    assert (sheet.stated is None) == (sheet.reason is not None)
    assert costs.methods(product)


def test_fees_in_words_are_named_once() -> None:
    assert _sheet("icbc_kechuangedai").in_words == ()


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=PRODUCTS)
def test_the_page_of_a_product_and_a_match_compute_the_same_cost(product: PublishedProduct) -> None:
    wanted = costs.usual(product)
    sheet = costs.sheet(product, wanted)
    offered = next(v for v in product_offer(product).variants if v.key == sheet.variant.key)
    need = DemandNeed(amount=wanted.amount, term_days=wanted.term.in_days, guarantees=("credit",))
    cost = all_in_cost(need, offered, Limit(LimitBasis.NOT_STATED))
    assert cost.basis.is_priced == (sheet.reason is None)
    assert cost.method in (None, wanted.method.value)
    if sheet.stated is not None:
        low = sheet.low or sheet.stated
        assert cost.lowest == low.compound_rate
        assert cost.highest == (None if sheet.high is None else sheet.high.compound_rate)


def test_no_amount_is_shown_that_nobody_could_have_stated() -> None:
    for product in PRODUCTS.values():
        for way in sheet_of(product).ways:
            for name in ("amount_min_wan", "amount_max_wan"):
                # To the yuan: a bound moved by a 分 to keep two ways apart would stand in the form as 300.000001.
                assert re.fullmatch(r"|\d+(\.\d{1,4})?", way[name]), (product.code, way[name])
