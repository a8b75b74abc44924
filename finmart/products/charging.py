"""Particulars that a borrower pays, as fees of each way of a product: counted once, and named with who receives them.

A guarantee or premium rate that the rate columns state already is theirs (``columns.column_fees``); a fee of the same
name that is stated by itself stays the only one.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from finmart.products.columns import COLUMN_FEE
from finmart.products.particulars.kinds import Factoring, Guarantee, Insurance, Leasing, Particulars, Pawn
from finmart.products.particulars.spec import PPM
from finmart.products.types import Fee, PublishedProduct, Variant

#: Keys of the fees that are made here begin so.
PREFIX = "particular:"
BORROWER = "borrower"
GUARANTEE_FEE, PREMIUM, SERVICE_FEE, COMPOSITE_FEE, HANDLING_FEE, DEPOSIT = (
    PREFIX + name
    for name in ("guarantee_fee", "premium", "service_fee", "composite_fee", "handling_fee", "lease_deposit")
)
#: fee → who receives it
_RECEIVERS: Mapping[str, str] = MappingProxyType(
    {
        GUARANTEE_FEE: "guarantor",
        "guarantee_fee": "guarantor",
        PREMIUM: "insurer",
        SERVICE_FEE: "factor",
        COMPOSITE_FEE: "pawnshop",
        HANDLING_FEE: "lessor",
        DEPOSIT: "lessor",
    }
)
_OF_COLUMN = {"guarantee": "guarantor", "insurance": "insurer"}
#: What a fee stated by itself is called when it is the same charge.
_SAME = {
    GUARANTEE_FEE: "担保费",
    PREMIUM: "保险费",
    SERVICE_FEE: "服务费",
    COMPOSITE_FEE: "综合费",
    HANDLING_FEE: "手续费",
}


def is_derived(fee: Fee) -> bool:
    """Whether ``fee`` follows from the rate columns or from particulars, and is not stated by itself."""
    return fee.key == COLUMN_FEE or fee.key.startswith(PREFIX)


def receiver(product: PublishedProduct, fee: Fee) -> str:
    """Who receives ``fee``: a code, or empty where nobody says."""
    if fee.key == COLUMN_FEE:
        return _OF_COLUMN.get(product.product_type, "")
    return _RECEIVERS.get(fee.key, "")


def _fee(key: str, zh: str, en: str, rate: int | None, per: str, text: str = "") -> Fee:
    return Fee(key, zh, en, rate, per, BORROWER, text)


def _at_most(rate: int | None, least: int | None, zh: str, en: str) -> tuple[str, str, int | None]:
    """The highest stated rate; where only the lowest is stated that one, and its name says so."""
    if rate is None and least is not None:
        return f"{zh}（最低）", f"{en} (at least)", least
    return zh, en, rate


def _service_fee(held: Factoring) -> Fee | None:
    """The service fee as a share of the advance; of an invoice whose advance is not stated it stays in words."""
    if held.service_fee is None:
        return None
    rate: int | None = held.service_fee
    text = ""
    if held.service_fee_base == "invoice":
        # Rounded up, so that nothing is made to look cheap.
        rate = -(-held.service_fee * PPM // held.advance_share) if held.advance_share else None
        text = "按发票金额收取"
    return _fee(SERVICE_FEE, "保理服务费", "Factoring service fee", rate, "once", text)


def _insures_a_loan(held: Insurance) -> bool:
    return held.cover in (None, "loan")


def _stated(held: Particulars | None) -> Iterator[Fee]:
    if isinstance(held, Guarantee):
        zh, en, rate = _at_most(held.fee_rate, held.fee_rate_min, "担保费", "Guarantee fee")
        if rate is not None:
            yield _fee(GUARANTEE_FEE, zh, en, rate, "year")
    elif isinstance(held, Insurance) and held.premium_rate is not None and _insures_a_loan(held):
        yield _fee(PREMIUM, "保险费", "Premium", held.premium_rate, "year")
    elif isinstance(held, Factoring):
        fee = _service_fee(held)
        if fee is not None:
            yield fee
    elif isinstance(held, Pawn) and held.monthly_fee is not None:
        yield _fee(COMPOSITE_FEE, "月综合费", "Composite fee", held.monthly_fee, "month")
    elif isinstance(held, Leasing):
        if held.handling_fee is not None:
            yield _fee(HANDLING_FEE, "手续费", "Handling fee", held.handling_fee, "once")
        if held.deposit is not None:
            yield _fee(DEPOSIT, "保证金（期满退还）", "Deposit (returned at the end)", held.deposit, "deposit")


def particular_fees(held: Particulars | None, variant: Variant, own: Iterable[Fee]) -> tuple[Fee, ...]:
    """What ``held`` adds to the cost of ``variant`` beside its ``own`` fees; nothing is counted twice."""
    names = [fee.label_zh for fee in own]
    is_said = variant.rate_kind == "fee"
    return tuple(
        fee
        for fee in _stated(held)
        if not (is_said and fee.key in (GUARANTEE_FEE, PREMIUM))
        and not any(_SAME.get(fee.key, fee.label_zh) in name for name in names)
    )


def is_no_loan(product: PublishedProduct) -> bool:
    """Whether the product brings no money that is paid back, so that no annual cost of it exists."""
    return product.product_type == "equity" or covers_a_risk(product)


def covers_a_risk(product: PublishedProduct) -> bool:
    """Whether the product is an insurance of something other than a loan."""
    held = product.particulars
    return isinstance(held, Insurance) and not _insures_a_loan(held)
