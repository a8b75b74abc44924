"""What an institution says of itself as of a day: one dataclass for each sort of institution that is no bank.

放大倍数 is the liability balance over net assets (融资担保公司监督管理条例: at most 10, or 15 for a guarantor that
serves mainly small firms and agriculture). It is worked out here and never typed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from finmart.products.particulars.spec import Kind, Spec, specs_of, stated


@dataclass(frozen=True)
class GuarantorFigures:
    """融资担保机构."""

    in_force: int | None = stated(Kind.MONEY, "在保余额", "Guarantees in force")
    liability_balance: int | None = stated(Kind.MONEY, "责任余额", "Liability balance")
    net_assets: int | None = stated(Kind.MONEY, "净资产", "Net assets")
    mainly_small: bool | None = stated(
        Kind.FLAG, "主要服务小微企业和“三农”", "Mainly serves small firms and agriculture"
    )
    largest_exposure: int | None = stated(Kind.MONEY, "单户最高在保余额", "Largest exposure to one customer")
    compensation_rate: int | None = stated(Kind.SHARE, "累计代偿率", "Compensation rate so far")
    industries: tuple[str, ...] | None = stated(Kind.LIST, "主要服务的行业", "Main industries")
    partner_banks: tuple[str, ...] | None = stated(Kind.LIST, "合作银行", "Partner banks")


@dataclass(frozen=True)
class InsurerFigures:
    """保险机构."""

    net_assets: int | None = stated(Kind.MONEY, "净资产", "Net assets")
    solvency: int | None = stated(Kind.SHARE, "综合偿付能力充足率", "Solvency ratio", most=10_000_000)
    insured: int | None = stated(Kind.MONEY, "贷款保证保险在保金额", "Loans insured")
    paid_out: int | None = stated(Kind.MONEY, "当年已赔付", "Paid out this year")
    lines: tuple[str, ...] | None = stated(Kind.LIST, "主要险种", "Main lines")


@dataclass(frozen=True)
class FundFigures:
    """基金与周转金."""

    fund_size: int | None = stated(Kind.MONEY, "基金规模", "Size of the fund")
    paid_in: int | None = stated(Kind.MONEY, "已到位资金", "Paid in")
    invested: int | None = stated(Kind.MONEY, "累计投放", "Invested or lent so far")
    projects: int | None = stated(Kind.COUNT, "累计支持企业", "Firms supported so far")
    manager: str | None = stated(Kind.TEXT, "管理机构", "Manager")
    industries: tuple[str, ...] | None = stated(Kind.LIST, "投向", "Industries")


@dataclass(frozen=True)
class LenderFigures:
    """小额贷款、融资租赁、商业保理和典当, and banks: whoever lends."""

    registered_capital: int | None = stated(Kind.MONEY, "注册资本", "Registered capital")
    net_assets: int | None = stated(Kind.MONEY, "净资产", "Net assets")
    balance: int | None = stated(Kind.MONEY, "业务余额", "Outstanding business")
    customers: int | None = stated(Kind.COUNT, "在贷客户", "Customers served now")
    places: tuple[str, ...] | None = stated(Kind.LIST, "经营地区", "Works in")


@dataclass(frozen=True)
class ExchangeFigures:
    """区域性股权市场."""

    listed: int | None = stated(Kind.COUNT, "挂牌企业", "Listed firms")
    displayed: int | None = stated(Kind.COUNT, "展示企业", "Displayed firms")
    financed: int | None = stated(Kind.MONEY, "累计帮助融资", "Financing arranged so far")


Figures = GuarantorFigures | InsurerFigures | FundFigures | LenderFigures | ExchangeFigures
#: institution kind → what such an institution may say of itself
FIGURES: Mapping[str, type[Figures]] = MappingProxyType(
    {
        "guarantor": GuarantorFigures,
        "insurer": InsurerFigures,
        "fund": FundFigures,
        "government_fund": FundFigures,
        "microloan": LenderFigures,
        "leasing": LenderFigures,
        "factoring": LenderFigures,
        "pawnshop": LenderFigures,
        "exchange": ExchangeFigures,
    }
)
_SPECS: Mapping[type[Figures], Mapping[str, Spec]] = {kind: specs_of(kind, "figure") for kind in FIGURES.values()}
TENTH = 10


def figure_specs(institution_kind: str) -> Mapping[str, Spec]:
    """The figures of a sort of institution, by name."""
    return _SPECS[figures_class(institution_kind)]


def figures_class(institution_kind: str) -> type[Figures]:
    """What an institution of this sort may say of itself: banks as every lender of money."""
    return FIGURES.get(institution_kind, LenderFigures)


def leverage_tenths(figures: Figures | None) -> int | None:
    """放大倍数 in tenths, rounded half up; None unless liability balance and net assets are both stated."""
    if not isinstance(figures, GuarantorFigures) or figures.liability_balance is None or not figures.net_assets:
        return None
    return (2 * TENTH * figures.liability_balance + figures.net_assets) // (2 * figures.net_assets)
