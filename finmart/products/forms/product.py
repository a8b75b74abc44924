"""The form of a product: one field a cell of its sheet. What is in the cells is judged by ``editing.checks`` alone."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from finmart.platform.accounts.forms.fields import CheckboxesField
from finmart.platform.web.errors import say
from finmart.platform.web.language import localized
from finmart.products import labels, places
from finmart.products.columns import DAYS, codes
from finmart.products.editing.checks import Fault
from finmart.products.editing.indexes import INDEXES
from finmart.products.editing.sheet import FEE, SEPARATOR, SHARED, WAY, Sheet
from finmart.products.forms import particulars
from finmart.products.forms.naming import codes_meant
from finmart.products.labels import Labels
from finmart.reference.facts import fact
from finmart.reference.repayment import Method

#: Empty rows for fees that are new.
NEW_FEES = 2
#: No cell of a form is longer; the checks say how long each may be.
LONGEST = 20_000
_BETWEEN = re.compile(r"[;；,，、\s]+")
_DAYS = re.compile(r"^(\d+)\s*(?:天|日|d|days?)$", re.IGNORECASE)

Choices = list[SelectChoice]


def _from(table: Labels, only: Iterable[str] | None = None) -> Choices:
    return [SelectChoice(code, localized(*table[code])) for code in (table if only is None else only)]


def _of_fact(key: str) -> Choices:
    return [SelectChoice(choice.code, localized(choice.label_zh, choice.label_en)) for choice in fact(key).choices]


#: cells of several codes → what can be chosen
_BOXES: Mapping[str, Callable[[], Choices]] = {
    "target_subjects": lambda: _from(labels.SUBJECT_KINDS),
    "region_codes": lambda: [SelectChoice(code, localized(*places.name(code))) for code in places.choices()],
    "tax_grades": lambda: _of_fact("tax_grade"),
    "qualifications_any": lambda: _of_fact("qualifications"),
    "repayment_modes": lambda: _from(labels.REPAYMENT_MODES, [method.value for method in Method]),
    "guarantee_modes": lambda: _from(labels.GUARANTEE_MODES),
}
#: How a code is worded that a product holds and nobody is offered (a region far away, a source's own words).
_WORDED: Mapping[str, Callable[[str], str]] = {
    "region_codes": lambda code: localized(*places.name(code)),
    "repayment_modes": lambda code: localized(*labels.label(labels.REPAYMENT_MODES, code)),
}
#: Cells of several words, one a line.
_LINES = ("collateral_kinds", "materials")
_LISTS = frozenset({*_BOXES, "industries_include", "industries_exclude", *_LINES})

_TITLES: Mapping[str, Any] = {
    "name_zh": lazy_gettext("中文名称"),
    "name_en": lazy_gettext("英文名称"),
    "product_type": lazy_gettext("产品类型"),
    "rate_kind": lazy_gettext("下面填的是哪种价格"),
    "online_level": lazy_gettext("办理方式"),
    "decision_days": lazy_gettext("公开的审批时间"),
    "repayment_modes": lazy_gettext("还款方式"),
    "collateral_kinds": lazy_gettext("抵质押物"),
    "materials": lazy_gettext("要带的材料"),
    "policy_program": lazy_gettext("所属政策"),
    "risk_sharing": lazy_gettext("风险分担"),
    "target_subjects": lazy_gettext("适用对象"),
    "region_codes": lazy_gettext("办理地区"),
    "min_years_established": lazy_gettext("成立满多少年"),
    "tax_grades": lazy_gettext("纳税信用级别"),
    "min_annual_tax_wan": lazy_gettext("年纳税额不低于"),
    "min_annual_revenue_wan": lazy_gettext("年营业收入不低于"),
    "min_employees": lazy_gettext("从业人员不少于"),
    "industries_include": lazy_gettext("只做这些行业"),
    "industries_exclude": lazy_gettext("不做这些行业"),
    "qualifications_any": lazy_gettext("须有下列资质之一"),
    "amount_min_wan": lazy_gettext("最低额度"),
    "amount_max_wan": lazy_gettext("最高额度"),
    "term_min_months": lazy_gettext("最短期限"),
    "term_max_months": lazy_gettext("最长期限"),
    "rate_min_pct": lazy_gettext("最低利率或费率"),
    "rate_max_pct": lazy_gettext("最高利率或费率"),
    "rate_index": lazy_gettext("按LPR加点的，以哪个LPR为基准"),
    "rate_index_on": lazy_gettext("LPR基准日"),
    "spread_min_bp": lazy_gettext("最少加点"),
    "spread_max_bp": lazy_gettext("最多加点"),
    "guarantee_modes": lazy_gettext("担保方式"),
    "label_zh": lazy_gettext("费用名称"),
    "rate_pct": lazy_gettext("费率"),
    "per": lazy_gettext("怎样收取"),
    "text_zh": lazy_gettext("文字说明"),
    "words": lazy_gettext("须向机构确认的条件"),
}
_HINTS: Mapping[str, Any] = {
    "collateral_kinds": lazy_gettext("每行一种，例如：住宅、商铺、专利权。"),
    "materials": lazy_gettext("每行一种，例如：营业执照、近两年财务报表。申请人在匹配结果里看到。"),
    "industries_include": lazy_gettext("填行业名称或代码，用空格隔开；不填表示不限行业。"),
    "industries_exclude": lazy_gettext("填行业名称或代码，用空格隔开，例如 房地产业 J R90。"),
    "region_codes": lazy_gettext("不选表示没有说明，按机构所在地区显示。"),
    "term_min_months": lazy_gettext("填月数；按天计的写成“15天”。"),
    "term_max_months": lazy_gettext("填月数；按天计的写成“15天”。"),
    "rate_min_pct": lazy_gettext("直接写百分比；按LPR加点的留空。"),
    "rate_max_pct": lazy_gettext("直接写百分比；按LPR加点的留空。"),
    "rate_index": lazy_gettext("平台按基准日公布的LPR算出利率，并写明日期。"),
    "rate_index_on": lazy_gettext("写成 2026-10-20；取这一天有效的LPR。"),
    "spread_min_bp": lazy_gettext("60 个基点填 60，低于LPR填负数；只有一个数就两格都填。"),
    "decision_days": lazy_gettext("没有承诺就留空，平台另外统计实际用时。"),
    "words": lazy_gettext("每行一条。平台不能自动核对，申请人会看到“还有几条需要确认”。"),
}
_SELECTS = frozenset({"product_type", "rate_kind", "rate_index", "online_level", "per"})


def title_of(place: str) -> str:
    """The name of a cell, for faults that stand outside of the form (a file's)."""
    if place in particulars.COLUMNS:
        return particulars.title_of(place)
    name = place.rpartition("-")[2]
    return str(_TITLES[name]) if name in _TITLES else name


def hint_of(name: str) -> str:
    """How a cell is filled in; empty where its title says enough."""
    return particulars.hint_of(name) if name in particulars.COLUMNS else str(_HINTS.get(name, ""))


def _select(name: str) -> Choices:
    unsaid = SelectChoice("", lazy_gettext("未说明"))
    if name == "rate_kind":
        return [
            SelectChoice("interest", lazy_gettext("年利率")),
            SelectChoice("fee", lazy_gettext("担保费率或保险费率（年）")),
        ]
    if name == "per":
        periods = {
            "year": lazy_gettext("每年"),
            "once": lazy_gettext("一次"),
            "month": lazy_gettext("每月"),
            "day": lazy_gettext("每天"),
            "deposit": lazy_gettext("一次，期满退还"),
        }
        return [SelectChoice(code, label) for code, label in periods.items()]
    if name == "rate_index":
        unindexed = SelectChoice("", lazy_gettext("不按LPR加点"))
        return [unindexed, *(SelectChoice(code, localized(*label)) for code, label in INDEXES.items())]
    if name == "online_level":
        return [unsaid, *_from(labels.ONLINE_LEVELS)]
    return [SelectChoice("", lazy_gettext("请选择")), *_from(labels.PRODUCT_TYPES)]


def _boxes(name: str, held: Iterable[str]) -> Choices:
    offered = _BOXES[name]()
    known = {choice.value for choice in offered}
    worded = _WORDED.get(name, str)
    return [*offered, *(SelectChoice(code, worded(code)) for code in held if code not in known)]


def _field(name: str, cell: str) -> Field:
    title, hint = _TITLES[name], _HINTS.get(name, "")
    limits = [Length(max=LONGEST)]
    if name in _BOXES:
        return CheckboxesField(title, choices=_boxes(name, codes(cell)), description=hint)
    if name in _SELECTS:
        return SelectField(title, choices=_select(name), description=hint)
    if name in _LINES:
        return TextAreaField(title, limits, description=hint, render_kw={"rows": 3})
    shown = {"autocomplete": "off"}
    if name.endswith(("_wan", "_pct", "_days", "_months", "_established", "_employees", "_bp")):
        shown["inputmode"] = "text" if name.startswith(("term", "spread")) else "decimal"
    return StringField(title, limits, description=hint, render_kw=shown)


def _shown(name: str, cell: str) -> Any:
    """A cell as its field shows it."""
    if name in _BOXES:
        return list(codes(cell))
    if name in _LINES:
        return "\n".join(codes(cell))
    return cell.replace(SEPARATOR, " ") if name in _LISTS else cell


def _chosen(name: str, data: Any) -> tuple[str, ...]:
    if name in _BOXES:
        return tuple(data or ())
    if name.startswith("industries_"):
        return tuple(codes_meant("industry", data or ""))
    between = re.compile(r"[\r\n;；]+") if name in _LINES else _BETWEEN
    return tuple(filter(None, (part.strip() for part in between.split(data or ""))))


def _cell(name: str, data: Any, before: str) -> str:
    """A field's input as its cell; codes in another order than before say the same."""
    if name in _LISTS:
        chosen = _chosen(name, data)
        return before if set(chosen) == set(codes(before)) else SEPARATOR.join(chosen)
    text = (data or "").strip()
    days = _DAYS.match(text) if name.startswith("term_") else None
    return f"{days.group(1)}{DAYS}" if days else text


class ProductForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """Base of the form of one product; ``product_form`` adds its cells."""

    fingerprint = HiddenField()
    words = TextAreaField(_TITLES["words"], [Length(max=LONGEST)], description=_HINTS["words"], render_kw={"rows": 6})

    #: What the form was opened with.
    before: Sheet

    #: The product type whose particulars the form shows.
    shown_type: str

    @property
    def particulars(self) -> list[particulars.Shown]:
        """The fields of what only products of this type state."""
        return particulars.shown(self, self.shown_type)

    @property
    def ways(self) -> range:
        """The places of the ways of getting the product."""
        return range(len(self.before.ways))

    @property
    def fee_rows(self) -> range:
        """The places of the rows for fees, new ones too."""
        return range(len(self.before.fees) + NEW_FEES)

    def sheet(self) -> Sheet:
        """What the form says."""
        fees = tuple(
            {name: _cell(name, self[f"fees-{place}-{name}"].data, "") for name in FEE} for place in self.fee_rows
        )
        stated = tuple(fee for fee in fees if any(fee[name] for name in FEE if name != "per"))
        return Sheet(
            cells={name: _cell(name, self[name].data, self.before.cells[name]) for name in SHARED},
            ways=tuple(
                {name: _cell(name, self[f"ways-{place}-{name}"].data, way[name]) for name in WAY}
                for place, way in enumerate(self.before.ways)
            ),
            fees=self.before.fees if stated == self.before.fees else fees,
            words=tuple(filter(None, (line.strip() for line in (self.words.data or "").splitlines()))),
            particulars=self._particulars(),
        )

    def _particulars(self) -> dict[str, str]:
        """Another type than the one shown states nothing yet: its fields come with the next page."""
        if self.product_type.data != self.shown_type:
            return {}
        return particulars.cells(self, self.shown_type, self.before.particulars)

    def show(self, faults: Iterable[Fault]) -> None:
        """Put each fault at its field."""
        for fault in faults:
            field = self[fault.place]
            field.errors = [*field.errors, say(fault.message)]


def product_form(sheet: Sheet, fingerprint: str = "", *, product_type: str | None = None) -> ProductForm:
    """The form of a product that says what ``sheet`` says, or what was sent.

    ``product_type`` is the type whose particulars are shown, where that is another than the sheet's.
    """
    shown_type = sheet.cells["product_type"] if product_type is None else product_type
    fields: dict[str, Field] = {name: _field(name, sheet.cells[name]) for name in SHARED}
    data: dict[str, Any] = {name: _shown(name, sheet.cells[name]) for name in SHARED}
    for place, way in enumerate(sheet.ways):
        fields |= {f"ways-{place}-{name}": _field(name, way[name]) for name in WAY}
        data |= {f"ways-{place}-{name}": _shown(name, way[name]) for name in WAY}
    blank = {"label_zh": "", "rate_pct": "", "per": "year", "text_zh": ""}
    for place, fee in enumerate((*sheet.fees, *(blank for _ in range(NEW_FEES)))):
        fields |= {f"fees-{place}-{name}": _field(name, fee[name]) for name in FEE}
        data |= {f"fees-{place}-{name}": fee[name] for name in FEE}
    fields |= particulars.fields(shown_type)
    data |= particulars.data(shown_type, sheet.particulars)
    form: ProductForm = type("OneProductForm", (ProductForm,), {**fields, "before": sheet, "shown_type": shown_type})(
        data={**data, "words": "\n".join(sheet.words), "fingerprint": fingerprint}
    )
    return form
