"""The all-in cost of a product for a chosen amount, term and way of repayment, as far as the source states it.

Nothing that is not stated counts as zero: without a stated interest rate there is no total, and fees that only words
state are named beside the figure.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from finmart.platform.kernel.messages import N_, Message
from finmart.platform.kernel.money import Term
from finmart.products.charging import covers_a_risk, is_no_loan
from finmart.products.particulars.cells import plain
from finmart.products.particulars.kinds import Insurance, Leasing, specs
from finmart.products.types import Fee, PublishedProduct, Variant
from finmart.reference.interest_subsidy import InterestSubsidy
from finmart.reference.loan_cost import (
    Charge,
    CostBasis,
    LoanCost,
    Timing,
    cost_basis,
    loan_cost,
    loan_cost_in_days,
    method_of,
)
from finmart.reference.refusals import Refusal
from finmart.reference.repayment import Method, rounded

PPM = 1_000_000
DEFAULT_AMOUNT = 100_000_000
DEFAULT_MONTHS = 12
BORROWER = "borrower"

_REASONS = {
    CostBasis.ONLY_FEE_STATED: N_("这里公开的是担保费率或保险费率，贷款利率没有说明，所以算不出综合成本。"),
    CostBasis.RATE_NOT_STATED: N_("公开信息没有说明利率，所以算不出综合成本。"),
    CostBasis.FEE_NOT_STATED: N_("公开信息提到收费但没有写明数额，所以算不出综合成本。"),
}
_NO_LOAN = N_("股权融资不是借款：不用还本付息，投资人得到股份和今后的收益，所以没有年化成本。")
_COVERS_A_RISK = N_("这是保险，不提供资金，没有年化融资成本；保险费按保险金额计算。")
_TIMINGS = {
    "once": Timing.ONCE,
    "year": Timing.YEAR,
    "month": Timing.MONTH,
    "day": Timing.DAY,
    "deposit": Timing.DEPOSIT,
}


@dataclass(frozen=True)
class Wanted:
    """What to work the cost out for: ``amount`` in 分."""

    amount: int
    term: Term
    method: Method


@dataclass(frozen=True)
class FeeCost:
    """One fee and what it comes to in 分; None when only words state it."""

    fee: Fee
    amount: int | None


@dataclass(frozen=True)
class CostSheet:
    """What a product would cost. ``low`` and ``high`` belong to the stated bounds of the rate; None where a bound is
    not stated. ``fees`` are the borrower's and count, ``others`` are paid by somebody else and do not. ``reason`` says
    why there is no total at all."""

    wanted: Wanted
    variant: Variant
    low: LoanCost | None
    high: LoanCost | None
    fees: tuple[FeeCost, ...]
    in_words: tuple[str, ...]
    reason: Message | None = None
    others: tuple[Fee, ...] = ()

    @property
    def stated(self) -> LoanCost | None:
        """The cost whose rows are shown: at the highest stated rate, so that nothing is hidden."""
        return self.high or self.low


def in_days(product: PublishedProduct) -> bool:
    """Whether the product's terms are counted in days."""
    ends = [variant.term_max for variant in product.variants if variant.term_max]
    return bool(ends) and all(end.days is not None for end in ends)


def methods(product: PublishedProduct) -> tuple[Method, ...]:
    """The repayment methods the source names; all five where it names none of them."""
    named = {mode for variant in product.variants for mode in variant.repayment_modes}
    return tuple(method for method in Method if method.value in named) or tuple(Method)


def usual(product: PublishedProduct) -> Wanted:
    """What a sheet is worked out for before anything is chosen: 100万元 and 12 months, or what the product allows."""
    largest, longest = product.amount_max, product.term_max_days
    amount = DEFAULT_AMOUNT if largest is None else min(DEFAULT_AMOUNT, largest)
    months = DEFAULT_MONTHS if longest is None else max(1, min(DEFAULT_MONTHS, longest // 30))
    term = Term(days=longest) if in_days(product) else Term(months=months)
    # The method is the one that a match computes with, so that both pages show one cost.
    method, _assumed = method_of(_variant(product, amount, term).repayment_modes)
    return Wanted(amount, term, method)


def _fits(variant: Variant, amount: int, term: Term) -> bool:
    inside = (variant.amount_min or 0) <= amount <= (variant.amount_max or amount)
    return inside and (variant.term_max is None or term.in_days <= variant.term_max.in_days)


def _variant(product: PublishedProduct, amount: int, term: Term) -> Variant:
    return next((v for v in product.variants if _fits(v, amount, term)), product.variants[0])


def _cost(wanted: Wanted, rate: int, charges: list[Charge], subsidy: InterestSubsidy | None = None) -> LoanCost:
    if wanted.term.days is not None:
        return loan_cost_in_days(wanted.amount, rate, wanted.term.days, charges, subsidy)
    return loan_cost(wanted.amount, rate, wanted.term.months or 0, wanted.method, charges, subsidy)


def _charges(fees: Iterable[Fee]) -> list[Charge]:
    return [Charge(_TIMINGS[fee.per], rate=fee.rate) for fee in fees if fee.rate is not None]


def _fee_cost(fee: Fee, wanted: Wanted) -> FeeCost:
    if fee.rate is None:
        return FeeCost(fee, None)
    length = wanted.term.in_days
    days = {"year": length, "month": length * 12, "day": length * 360}.get(fee.per, 360)
    return FeeCost(fee, rounded(wanted.amount * fee.rate * days, PPM * 360))


def _no_cost(product: PublishedProduct, basis: CostBasis) -> Message | None:
    """Why there is no annual cost; None when one can be worked out."""
    if is_no_loan(product):
        return Message(_COVERS_A_RISK if covers_a_risk(product) else _NO_LOAN)
    return None if basis.is_priced else Message(_REASONS[basis])


def _paid_at_the_end(product: PublishedProduct) -> tuple[str, ...]:
    """What particulars say of money that no share of the amount expresses: named beside the figure, never left out."""
    held = product.particulars
    if isinstance(held, Leasing) and held.residual_price:
        return (f"期满留购价 {plain(specs('leasing')['residual_price'], held.residual_price)} 元",)
    if isinstance(held, Insurance) and held.premium and held.premium_rate is None:
        return (f"每份保险费 {plain(specs('insurance')['premium'], held.premium)} 元",)
    return ()


def sheet(product: PublishedProduct, wanted: Wanted) -> CostSheet:
    """The cost of ``product`` for ``wanted``, by the first variant that allows it (or the first at all)."""
    variant = _variant(product, wanted.amount, wanted.term)
    own = [fee for fee in variant.fees if fee.payer == BORROWER]
    charges = _charges(own)
    counted = {fee.text_zh for fee in variant.fees}
    in_words = tuple(note.text_zh for note in product.notes if note.kind == "fee" and note.text_zh not in counted)
    in_words += _paid_at_the_end(product)
    low = high = None
    basis = cost_basis(
        variant.rate_min, variant.rate_max, only_fee=variant.rate_kind == "fee", fee_rates=[fee.rate for fee in own]
    )
    reason = _no_cost(product, basis)
    if reason is None:
        try:
            low = None if variant.rate_min is None else _cost(wanted, variant.rate_min, charges)
            high = None if variant.rate_max is None else _cost(wanted, variant.rate_max, charges)
        except Refusal as refusal:
            low = high = None
            reason = Message(refusal.msgid, refusal.params)
    fees = tuple(_fee_cost(fee, wanted) for fee in own)
    others = tuple(fee for fee in variant.fees if fee.payer != BORROWER)
    return CostSheet(wanted, variant, low, high, fees, in_words, reason, others)


def subsidised(sheet: CostSheet, subsidy: InterestSubsidy) -> tuple[LoanCost | None, LoanCost | None]:
    """The costs of ``sheet`` at its lowest and highest rate with ``subsidy``; None where the sheet has none."""
    charges = _charges(cost.fee for cost in sheet.fees)
    bounds = ((sheet.low, sheet.variant.rate_min), (sheet.high, sheet.variant.rate_max))
    low, high = (
        None if cost is None or rate is None else _cost(sheet.wanted, rate, charges, subsidy) for cost, rate in bounds
    )
    return low, high
