"""What products other than loans state beyond amount, term and price: one dataclass a product type.

Money is 分, rates and shares are ppm. A rate here that a borrower pays enters the all-in cost (``fees``). What is a
term of every product stays one: an equity ticket is the amount, a lease's years are the term.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from finmart.products.particulars import choices as c
from finmart.products.particulars.spec import Kind, Spec, specs_of, stated

_ASIDE = ("上面已按“担保费率或保险费率”填写价格的，这里不再填。", "Leave blank where the price above is this rate.")


@dataclass(frozen=True)
class Guarantee:
    """融资担保 and 保函: what a guarantor states of one product."""

    fee_rate: int | None = stated(Kind.RATE, "担保费率（年，最高）", "Guarantee fee a year, at most", hint=_ASIDE)
    fee_rate_min: int | None = stated(Kind.RATE, "担保费率（年，最低）", "Guarantee fee a year, at least")
    counter_guarantee: tuple[str, ...] | None = stated(
        Kind.CHOICES, "反担保", "Counter-guarantee", choices=c.COUNTER_GUARANTEES
    )
    review: str | None = stated(Kind.CHOICE, "谁来审查", "Who reviews", choices=c.REVIEWS)
    is_financing: bool | None = stated(Kind.FLAG, "是融资担保", "Guarantees financing")
    single_exposure: int | None = stated(Kind.MONEY, "单户最高担保金额", "Most for one customer")
    group_exposure: int | None = stated(Kind.MONEY, "集团客户最高担保金额", "Most for one group of customers")
    share_guarantor: int | None = stated(Kind.SHARE, "担保机构分担风险", "Risk borne by the guarantor")
    share_bank: int | None = stated(Kind.SHARE, "银行分担风险", "Risk borne by the bank")
    share_reguarantor: int | None = stated(Kind.SHARE, "再担保分担风险", "Risk borne by the re-guarantor")
    share_government: int | None = stated(Kind.SHARE, "财政或风险金分担风险", "Risk borne by public funds")
    compensation_cap: int | None = stated(Kind.SHARE, "代偿率上限", "Compensation cap")
    industries: tuple[str, ...] | None = stated(Kind.LIST, "担保的行业", "Industries")
    partner_banks: tuple[str, ...] | None = stated(Kind.LIST, "合作银行", "Partner banks")


@dataclass(frozen=True)
class Insurance:
    """保险, of a loan or of something else; only a loan's premium is a cost of financing."""

    cover: str | None = stated(Kind.CHOICE, "保险种类", "Kind of cover", choices=c.COVERS)
    premium_rate: int | None = stated(Kind.RATE, "保险费率（年，最高）", "Premium a year, at most", hint=_ASIDE)
    premium: int | None = stated(Kind.YUAN, "保险费（每份或每亩）", "Premium a policy or mu")
    insured_min: int | None = stated(Kind.MONEY, "最低保险金额", "Least insured sum")
    insured_max: int | None = stated(Kind.MONEY, "最高保险金额", "Largest insured sum")
    insured_unit: int | None = stated(Kind.YUAN, "保险金额（每份或每亩）", "Insured sum a policy or mu")
    deductible: int | None = stated(Kind.SHARE, "免赔率", "Deductible")
    covered: str | None = stated(Kind.TEXT, "保什么", "What is covered")
    excluded: str | None = stated(Kind.TEXT, "不保什么", "What is excluded")
    payee: str | None = stated(Kind.CHOICE, "赔款付给谁", "Who receives the payout", choices=c.PAYEES)
    claim: str | None = stated(Kind.TEXT, "怎样理赔", "When and how claims are paid")
    subsidy_share: int | None = stated(Kind.SHARE, "财政补贴保险费", "Premium paid by public funds")
    own_share: int | None = stated(Kind.SHARE, "自己承担保险费", "Premium paid by the insured")
    share_insurer: int | None = stated(Kind.SHARE, "保险机构分担风险", "Risk borne by the insurer")
    share_bank: int | None = stated(Kind.SHARE, "银行分担风险", "Risk borne by the bank")
    share_government: int | None = stated(Kind.SHARE, "财政或风险金分担风险", "Risk borne by public funds")
    loss_ratio_cap: int | None = stated(
        Kind.SHARE, "赔付率达到多少暂停", "Stopped when the loss ratio reaches", most=10_000_000
    )


@dataclass(frozen=True)
class Factoring:
    """保理: interest stands in the product's rate, the service fee apart from it."""

    recourse: str | None = stated(Kind.CHOICE, "追索权", "Recourse", choices=c.RECOURSE)
    advance_share: int | None = stated(Kind.SHARE, "融资占发票金额", "Share of the invoice that is advanced")
    service_fee: int | None = stated(
        Kind.RATE,
        "保理服务费率（一次）",
        "Service fee, once",
        hint=("利息另填在价格里。", "Interest stands in the price."),
    )
    service_fee_base: str | None = stated(Kind.CHOICE, "服务费按什么收", "Service fee is a rate", choices=c.FEE_BASES)
    notice: str | None = stated(Kind.CHOICE, "是否通知付款方", "Notice to the debtor", choices=c.NOTICES)
    invoice: int | None = stated(Kind.DAYS, "最长账期", "Longest invoice")
    confirmed: bool | None = stated(Kind.FLAG, "须付款方确权", "The debtor must confirm the debt")
    debtors: tuple[str, ...] | None = stated(Kind.LIST, "接受的付款方", "Debtors accepted")


@dataclass(frozen=True)
class Leasing:
    """融资租赁: the years are the product's term."""

    leases: tuple[str, ...] | None = stated(Kind.CHOICES, "租赁方式", "Direct or leaseback", choices=c.LEASES)
    item_kinds: tuple[str, ...] | None = stated(Kind.LIST, "可以租赁的设备", "Items")
    item_age: int | None = stated(Kind.YEARS, "设备最长已用年限", "Oldest item")
    depreciation: int | None = stated(Kind.YEARS, "折旧年限", "Depreciated over")
    down_payment: int | None = stated(Kind.SHARE, "首付比例", "Down payment")
    deposit: int | None = stated(Kind.SHARE, "保证金比例", "Deposit, returned at the end")
    handling_fee: int | None = stated(Kind.RATE, "手续费率（一次）", "Handling fee, once")
    residual_price: int | None = stated(Kind.YUAN, "期满留购价", "Price at the end")
    ownership: str | None = stated(Kind.CHOICE, "期满设备归谁", "At the end the item belongs to", choices=c.OWNERSHIP)


@dataclass(frozen=True)
class Pawn:
    """典当: interest stands in the product's yearly rate, the composite fee apart from it."""

    item_kinds: tuple[str, ...] | None = stated(Kind.LIST, "收当的物品", "Items")
    loan_to_value: int | None = stated(Kind.SHARE, "当金占估价", "Loan to value")
    monthly_fee: int | None = stated(
        Kind.RATE,
        "月综合费率",
        "Composite fee a month",
        hint=("不含利息；利息按年填在价格里。", "Without interest, which stands in the price by the year."),
    )
    renewals: int | None = stated(Kind.COUNT, "最多续当次数", "Renewals at most", most=1000)
    renewal: str | None = stated(Kind.TEXT, "怎样续当", "How it is renewed")
    grace: int | None = stated(Kind.DAYS, "到期后可以赎当的时间", "Time to redeem after it is due")
    forfeited: str | None = stated(Kind.CHOICE, "绝当后怎样处理", "When forfeited", choices=c.FORFEITED)


@dataclass(frozen=True)
class Equity:
    """股权: the ticket is the product's amount; rounds and stages are those of the fact dictionary."""

    rounds: tuple[str, ...] | None = stated(
        Kind.CHOICES, "投资轮次", "Rounds", choices=c.of_fact("demand.financing_round")
    )
    stages: tuple[str, ...] | None = stated(Kind.CHOICES, "企业阶段", "Stages", choices=c.of_fact("growth_stage"))
    stake_min: int | None = stated(Kind.SHARE, "最低持股比例", "Smallest stake")
    stake_max: int | None = stated(Kind.SHARE, "最高持股比例", "Largest stake")
    industries: tuple[str, ...] | None = stated(Kind.LIST, "投资的行业", "Industries")
    regions: tuple[str, ...] | None = stated(Kind.LIST, "投资的地区", "Regions")
    horizon_min: int | None = stated(Kind.YEARS, "最短持有年限", "Held at least")
    horizon_max: int | None = stated(Kind.YEARS, "最长持有年限", "Held at most")
    role: str | None = stated(Kind.CHOICE, "领投还是跟投", "Leads or follows", choices=c.LEADS)
    fund_size: int | None = stated(Kind.MONEY, "基金规模", "Size of the fund")
    paid_in: int | None = stated(Kind.MONEY, "已到位资金", "Paid in")
    beyond: tuple[str, ...] | None = stated(Kind.LIST, "资金以外的支持", "Beyond money")


@dataclass(frozen=True)
class Bridge:
    """转贷（过桥）: days and price are the product's own."""

    renewal_share: int | None = stated(Kind.SHARE, "不超过续贷额的比例", "Share of the promised renewal, at most")
    renewal_promised: bool | None = stated(Kind.FLAG, "须银行书面承诺续贷", "The bank's promise in writing is needed")
    closed_account: bool | None = stated(Kind.FLAG, "专户封闭运行", "Runs through a closed account")
    working_capital_only: bool | None = stated(Kind.FLAG, "仅限流动资金贷款", "For working-capital loans only")
    fund_size: int | None = stated(Kind.MONEY, "资金规模", "Size of the fund")


Particulars = Guarantee | Insurance | Factoring | Leasing | Pawn | Equity | Bridge
#: product type → what its products state besides
KINDS: Mapping[str, type[Particulars]] = MappingProxyType(
    {
        "guarantee": Guarantee,
        "insurance": Insurance,
        "factoring": Factoring,
        "leasing": Leasing,
        "pawn": Pawn,
        "equity": Equity,
        "refinance_bridge": Bridge,
    }
)
_PREFIXES = {"refinance_bridge": "bridge"}
_SPECS = {name: specs_of(kind, _PREFIXES.get(name, name)) for name, kind in KINDS.items()}


def specs(product_type: str) -> Mapping[str, Spec]:
    """The fields of a product type, by name; none for loans."""
    return _SPECS.get(product_type, {})


def columns() -> dict[str, tuple[str, Spec]]:
    """Every column with its product type and field, in the order of the types."""
    return {spec.column: (name, spec) for name in KINDS for spec in specs(name).values()}
