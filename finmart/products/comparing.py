"""Up to four products side by side: the cost of one amount and term first, then everything that is stated.

What a source does not state reads "not stated" in its cell and is never a zero; nothing here names a best product.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from finmart.platform.kernel.money import Term
from finmart.platform.web import filters as worded
from finmart.platform.web.errors import say
from finmart.platform.web.language import current_language, localized
from finmart.products import costs, describing, indexed, policy_view, presentation
from finmart.products.charging import is_no_loan
from finmart.products.costs import CostSheet, Wanted
from finmart.products.particular_view import particulars_said
from finmart.products.particulars.kinds import specs
from finmart.products.particulars.spec import Words
from finmart.products.policies.service.reliefs import relief_lines
from finmart.products.types import PublishedProduct
from finmart.products.wording import _, listed, materials, places_of, word, words
from finmart.reference.repayment import LABELS, Method

#: One row of the table before it is filled: title, what stands in a product's cell, and a note on the title.
_RowKind = tuple[str, Callable[["Compared"], tuple[str, ...]], str]
#: So many stand side by side on a desk's screen and can still be read.
MOST = 4


@dataclass(frozen=True)
class Compared:
    """One product with its cost for what was asked; ``remarks`` say where the product's own bounds are crossed."""

    product: PublishedProduct
    sheet: CostSheet
    remarks: tuple[str, ...]

    @property
    def total(self) -> int | None:
        """Interest and charges in 分 at the highest stated rate; None when no total can be worked out."""
        stated = self.sheet.stated
        return stated.total_interest + stated.total_charges if stated else None


@dataclass(frozen=True)
class Cell:
    """What stands in a table's cell: one line or several."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One thing compared, a cell a product."""

    title: str
    cells: tuple[Cell, ...]
    note: str = ""

    @property
    def differs(self) -> bool:
        """Whether not all products say the same."""
        return len({cell.lines for cell in self.cells}) > 1


@dataclass(frozen=True)
class Group:
    """Rows under one heading."""

    title: str
    rows: tuple[Row, ...]


def compared(product: PublishedProduct, amount: int, months: int, method: Method) -> Compared:
    """The cost of ``product`` for ``amount`` 分 over ``months``, by ``method`` where its source allows that one."""
    possible = costs.methods(product)
    used = method if method in possible else costs.usual(product).method
    term = Term(days=months * 30) if costs.in_days(product) else Term(months=months)
    remarks = []
    if used is not method:
        remarks.append(_("公开的还款方式里没有“%(name)s”", name=localized(*LABELS[method])))
    if product.amount_max is not None and amount > product.amount_max:
        remarks.append(_("超过公开的最高额度 %(most)s", most=worded.money(product.amount_max, current_language())))
    if product.overall.amount_min is not None and amount < product.overall.amount_min:
        remarks.append(
            _("低于公开的最低额度 %(least)s", least=worded.money(product.overall.amount_min, current_language()))
        )
    longest = product.overall.term_max
    if longest is not None and term.in_days > longest.in_days:
        remarks.append(_("超过公开的最长期限 %(most)s", most=worded.term(longest, current_language())))
    return Compared(product, costs.sheet(product, Wanted(amount, term, used)), tuple(remarks))


def groups(chosen: Sequence[Compared]) -> tuple[Group, ...]:
    """Everything that is compared: cost, terms, admission, and where it comes from."""
    parts = (
        (_("按所填金额和期限测算的成本"), _cost_rows()),
        (_("额度、期限和办法"), _term_rows()),
        (_("这类产品自己的内容"), _particular_rows(chosen)),
        (_("谁能申请"), _admission_rows()),
        (_("信息从哪里来"), _origin_rows()),
    )
    return tuple(
        Group(title, tuple(Row(name, tuple(Cell(cell(each)) for each in chosen), note) for name, cell, note in rows))
        for title, rows in parts
        if rows
    )


def _cost_rows() -> tuple[_RowKind, ...]:
    return (
        (_("综合年化成本（复利）"), partial(_headline, "compound_rate"), _("全部利息和已说明的费用，折成一个年化率")),
        (_("单利口径"), partial(_headline, "simple_rate"), ""),
        (_("利息和费用合计"), _total, _("按公开的最高利率；只公开最低利率的按最低利率")),
        (_("第一期还款"), _first, ""),
        (_("还款方式"), lambda each: (localized(*LABELS[each.sheet.wanted.method]),), ""),
        (_("费用和承担人"), _fees, ""),
        (_("如果符合贴息政策"), _reliefs, _("贴息单独列出，没有算进上面的成本")),
        (_("提示"), lambda each: each.remarks or (_("在公开的范围内"),), ""),
    )


def _term_rows() -> tuple[_RowKind, ...]:
    return (
        (_("额度"), partial(_bounds, "amount"), ""),
        (_("期限"), partial(_bounds, "term"), ""),
        (_("公开的价格"), prices, ""),
        (_("担保方式"), lambda each: (words("guarantee", each.product.guarantee_modes),), ""),
        (_("抵质押物"), lambda each: (listed(each.product.variants[0].collateral_kinds),), ""),
        (_("办理方式"), _online, ""),
        (_("要带的材料"), lambda each: (materials(each.product.materials),), ""),
        (_("公开的审批时间"), _days, ""),
    )


def _particular_rows(chosen: Sequence[Compared]) -> tuple[_RowKind, ...]:
    """What any of the chosen types states of its own; fields of one name stand in one row."""
    names = dict.fromkeys(spec.label for each in chosen for spec in specs(each.product.product_type).values())
    stated = {said.label for each in chosen for said in particulars_said(each.product)}
    return tuple((localized(*name), partial(_particular, name), "") for name in names if localized(*name) in stated)


def _particular(name: Words, each: Compared) -> tuple[str, ...]:
    if all(spec.label != name for spec in specs(each.product.product_type).values()):
        return (_("不适用于这类产品"),)
    label = localized(*name)
    return tuple(said.text for said in particulars_said(each.product) if said.label == label) or (_("未说明"),)


def _admission_rows() -> tuple[_RowKind, ...]:
    return (
        (_("适用对象"), lambda each: (words("subject", each.product.target_subjects),), ""),
        (_("办理地区"), lambda each: (places_of(each.product.region_codes),), ""),
        (_("可以核对的条件"), _conditions, ""),
        (_("须向机构确认的条件"), _in_words, ""),
    )


def _origin_rows() -> tuple[_RowKind, ...]:
    return (
        (_("来源类别"), lambda each: (word("evidence", each.product.evidence_tier),), ""),
        (_("录入日期"), lambda each: (worded.day(each.product.recorded_on, current_language()),), ""),
        (_("没有说明的内容"), lambda each: tuple(presentation.unstated(each.product)) or (_("没有"),), ""),
    )


def totals(chosen: Sequence[Compared]) -> list[tuple[str, int]]:
    """Name and total in 分 of those that have one, in the order in which they stand."""
    return [
        (localized(each.product.name_zh, each.product.name_en), each.total) for each in chosen if each.total is not None
    ]


def _bounds(field: str, each: Compared) -> tuple[str, ...]:
    return describing.bounds(each.product.overall, field) or (_("未说明"),)


def prices(each: Compared) -> tuple[str, ...]:
    """The stated price; of several ways also what each says of its index."""
    stated = _bounds("rate", each)
    return stated if each.product.overall.indexed else (*stated, *indexed.all_said(each.product))


def _in_words(each: Compared) -> tuple[str, ...]:
    return tuple(said.text_zh for said in each.product.words) or (_("没有"),)


def _headline(figure: str, each: Compared) -> tuple[str, ...]:
    if each.sheet.stated is None:
        reason = say(each.sheet.reason) if each.sheet.reason and figure == "compound_rate" else ""
        none = _("没有年化成本") if is_no_loan(each.product) else _("算不出")
        return tuple(filter(None, (none, reason)))
    return (presentation.headline(each.sheet, figure),)


def _total(each: Compared) -> tuple[str, ...]:
    return (_("算不出") if each.total is None else worded.money_exact(each.total, current_language()),)


def _first(each: Compared) -> tuple[str, ...]:
    stated = each.sheet.stated
    if stated is None:
        return (_("算不出"),)
    return (worded.money_exact(stated.first_payment, current_language()),) if stated.plan else (_("到期一次还清"),)


def _fees(each: Compared) -> tuple[str, ...]:
    """Each fee with what it comes to and who pays it; those in words as they stand."""
    said = []
    for cost in each.sheet.fees:
        amount = _("未说明数额") if cost.amount is None else worded.money_exact(cost.amount, current_language())
        name = localized(cost.fee.label_zh, cost.fee.label_en)
        said.append(
            _("%(fee)s：%(amount)s，由%(payer)s承担", fee=name, amount=amount, payer=word("payer", cost.fee.payer))
        )
    for fee in each.sheet.others:
        name = localized(fee.label_zh, fee.label_en)
        said.append(_("%(fee)s：由%(payer)s承担，未计入", fee=name, payer=word("payer", fee.payer)))
    return (*said, *each.sheet.in_words) or (_("未说明，不等于没有"),)


def _reliefs(each: Compared) -> tuple[str, ...]:
    """What subsidies in force would pay, with the cost without and with them."""
    shown = map(policy_view.shown_relief, relief_lines(each.product, each.sheet))
    lines = tuple(
        _(
            "%(clause)s：贴息%(amount)s，综合年化成本不含贴息%(without)s，含贴息%(with_it)s",
            clause=one.clause_code,
            amount=one.amount,
            without=one.without,
            with_it=one.with_it,
        )
        for one in shown
    )
    return lines or (_("没有"),)


def _online(each: Compared) -> tuple[str, ...]:
    level = each.product.online_level
    return (words("online", (level,) if level else ()),)


def _days(each: Compared) -> tuple[str, ...]:
    days = each.product.decision_days
    return (_("未说明") if days is None else _("%(days)s 天", days=days),)


def _conditions(each: Compared) -> tuple[str, ...]:
    stated = presentation.conditions(each.product)
    said = tuple(one.text if one.required else _("优先：%(text)s", text=one.text) for one in stated)
    return said or (_("公开信息没有写明"),)
