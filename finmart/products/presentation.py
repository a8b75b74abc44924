"""What the supermarket's pages show of products, worded in the language of the request."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext, lazy_gettext

from finmart.conditions.json_form import parse_condition
from finmart.conditions.sentence import sentence
from finmart.platform.web import filters as worded
from finmart.platform.web.language import current_language, localized
from finmart.products import labels, places
from finmart.products.costs import CostSheet
from finmart.products.labels import NOT_STATED, Labels, label
from finmart.products.service import Criteria, Found
from finmart.products.types import AdmissionClause, PublishedProduct, Words


def _(msgid: str, **values: object) -> str:
    said: str = gettext(msgid, **values)
    return said


#: Words that are worth a try when a search found nothing.
SUGGESTIONS = ("税贷", "农户", "发票", "知识产权", "过桥", "政府采购", "创业担保", "科贷通")
#: Characters of a clause around the first word that was found in it.
SNIPPET = 60

#: facet → its name, in the order of the page
FACET_TITLES = {
    "product_type": lazy_gettext("产品类型"),
    "subject": lazy_gettext("适用对象"),
    "guarantee": lazy_gettext("担保方式"),
    "amount": lazy_gettext("需要的额度"),
    "term": lazy_gettext("需要的期限"),
    "place": lazy_gettext("办理地区"),
    "online": lazy_gettext("办理方式"),
    "connected": lazy_gettext("机构是否入驻"),
    "institution_kind": lazy_gettext("机构类型"),
    "evidence": lazy_gettext("信息来源"),
}
#: Facets that stand open before anything is chosen: what people know of their own need.
OPEN_FACETS = frozenset({"product_type", "subject", "guarantee", "amount"})
#: sort parameter → its name
SORT_TITLES = {
    "": lazy_gettext("综合"),
    "-amount_max": lazy_gettext("额度从高到低"),
    "lowest_interest": lazy_gettext("利率从低到高"),
    "-term_max": lazy_gettext("期限从长到短"),
    "decision_days": lazy_gettext("审批从快到慢"),
}

_TABLES: Mapping[str, Labels] = {
    "product_type": labels.PRODUCT_TYPES,
    "institution_kind": labels.INSTITUTION_KINDS,
    "subject": labels.SUBJECT_KINDS,
    "guarantee": labels.GUARANTEE_MODES,
    "online": labels.ONLINE_LEVELS,
    "evidence": labels.EVIDENCE_TIERS,
    "repayment": labels.REPAYMENT_MODES,
    "level": labels.LEVELS,
    "note": labels.NOTE_KINDS,
    "column": labels.STATED_COLUMNS,
}


#: One code of a facet as a link: words, address, how many products would be left, whether it is chosen.
Choice = tuple[str, str, int, bool]


@dataclass(frozen=True)
class Filter:
    """One facet with its choices."""

    title: str
    choices: tuple[Choice, ...]
    open: bool


@dataclass(frozen=True)
class StatedCondition:
    """One condition as a sentence, and where it is stated."""

    text: str
    where: str
    required: bool


def word(table: str, code: str) -> str:
    """``code`` of one of the tables in words."""
    return localized(*label(_TABLES[table], code))


def words(table: str, codes: Iterable[str]) -> str:
    """Several codes in words; "not stated" when there are none."""
    separator = ", " if current_language() == "en" else "、"
    return separator.join(word(table, code) for code in codes) or _("未说明")


def facet_word(facet: str, code: str) -> str:
    """A facet's code in words."""
    if code == NOT_STATED:
        return _("未说明")
    if facet == "amount":
        return _("可贷 %(wan)s 万元", wan=code)
    if facet == "term":
        return _("可用 %(months)s 个月", months=code)
    if facet == "place":
        return localized(*places.name(code))
    if facet == "connected":
        return _("已入驻") if code == "yes" else _("未入驻")
    return word(facet, code)


def _address(criteria: Criteria, where: Mapping[str, frozenset[str]], *, sort: str | None = None) -> str:
    # Made of what was understood, never of the raw query: an argument called "endpoint" would reach url_for.
    arguments: dict[str, Any] = {facet: sorted(codes) for facet, codes in sorted(where.items()) if codes}
    if criteria.text:
        arguments["q"] = criteria.text
    order = criteria.sort if sort is None else sort
    if order:
        arguments["sort"] = order
    return url_for("products.shelf", **arguments)


def _toggled(criteria: Criteria, facet: str, code: str) -> str:
    chosen = criteria.where.get(facet, frozenset()) ^ {code}
    return _address(criteria, {**criteria.where, facet: chosen})


def _order(facet: str, codes: Mapping[str, int]) -> list[str]:
    if facet in ("amount", "term"):
        return sorted(codes, key=lambda code: (code == NOT_STATED, int(code) if code.isdigit() else 0))
    if facet == "place":
        return sorted(codes, key=places.order)
    return sorted(codes, key=lambda code: (code == NOT_STATED, -codes[code], code))


def filters(criteria: Criteria, found: Found) -> list[Filter]:
    """Every facet with the codes that would leave something, or are chosen."""
    shown = []
    for facet, title in FACET_TITLES.items():
        chosen = criteria.where.get(facet, frozenset())
        counts = {**dict.fromkeys(chosen, 0), **found.facets.get(facet, {})}
        choices = tuple(
            (facet_word(facet, code), _toggled(criteria, facet, code), counts[code], code in chosen)
            for code in _order(facet, counts)
        )
        if choices:
            shown.append(Filter(str(title), choices, bool(chosen) or facet in OPEN_FACETS))
    return shown


def chosen_filters(criteria: Criteria) -> list[tuple[str, str]]:
    """What is filtered now, each with the address without it."""
    return [
        (facet_word(facet, code), _toggled(criteria, facet, code))
        for facet in FACET_TITLES
        for code in sorted(criteria.where.get(facet, ()))
    ]


def without_filters(criteria: Criteria) -> str:
    """The address with the words alone."""
    return _address(criteria, {})


def sorts(criteria: Criteria) -> list[tuple[str, str, bool]]:
    """The orders to choose from: name, address, whether it is the present one."""
    return [
        (str(title), _address(criteria, criteria.where, sort=sort), sort == criteria.sort)
        for sort, title in SORT_TITLES.items()
    ]


def _where_stated(clause: AdmissionClause) -> str:
    kind, _colon, name = clause.origin.partition(":")
    if kind == "column":
        return _("来自公开字段“%(field)s”", field=word("column", name))
    if kind == "clause":
        return _("来自原文第 %(number)s 条：%(text)s", number=name, text=clause.text_zh)
    return _("仅适用于“%(variant)s”", variant=clause.text_zh)


def conditions(product: PublishedProduct) -> list[StatedCondition]:
    """The conditions that can be checked, as sentences; those of single variants come last."""
    seen: dict[str, AdmissionClause] = {c.key: c for variant in product.variants for c in variant.clauses}
    language = current_language()
    stated = [
        StatedCondition(sentence(parse_condition(clause.condition), language), _where_stated(clause), clause.required)
        for clause in seen.values()
    ]
    return sorted(stated, key=lambda condition: not condition.required)


def notes_by_kind(notes: Sequence[Words]) -> list[tuple[str, list[str]]]:
    """Notes under the name of their kind, in the order of the kinds."""
    return [
        (word("note", kind), [note.text_zh for note in notes if note.kind == kind])
        for kind in labels.NOTE_KINDS
        if any(note.kind == kind for note in notes)
    ]


def unstated(product: PublishedProduct) -> list[str]:
    """What the source says nothing about, in words."""
    return [localized(*named) for column, named in labels.STATED_COLUMNS.items() if not product.states(column)]


def to_be_confirmed(product: PublishedProduct) -> bool:
    """Whether the facts come from somebody other than the institution or a public body."""
    return product.evidence_tier in labels.TO_BE_CONFIRMED


def listed(codes: Iterable[str]) -> str:
    """Words of a source in a row; "not stated" when there are none."""
    return (", " if current_language() == "en" else "、").join(codes) or _("未说明")


def places_of(codes: Iterable[str]) -> str:
    """Regions in words; "not stated" when there are none."""
    return listed(localized(*places.name(code)) for code in codes)


def snippet(product: PublishedProduct, terms: Iterable[str]) -> str:
    """The clause in words in which a search found something; empty when the name or the owner was found."""
    wanted = [term for term in terms if len(term) > 1]
    shown = f"{product.name_zh} {product.institution.name_zh}"
    if not wanted or any(term in shown for term in wanted):
        return ""
    texts = [words.text_zh for words in (*product.words, *product.notes)]
    texts += [clause.text_zh for clause in product.variants[0].clauses]
    return next((text[:SNIPPET] for text in texts if any(term in text for term in wanted)), "")


def _worded_rates(low: int | None, high: int | None) -> tuple[str | None, str | None]:
    language = current_language()
    return (
        None if low is None else worded.rate(low, language),
        None if high is None else worded.rate(high, language),
    )


def cost_rows(sheet: CostSheet) -> list[tuple[str, str | None, str | None, str | None]]:
    """The lines of a cost sheet: item, amount, rate, note; an amount that is not stated is none."""
    language = current_language()
    low, high = _worded_rates(sheet.variant.rate_min, sheet.variant.rate_max)
    interest = sheet.stated.total_interest if sheet.stated else None
    is_fee = sheet.variant.rate_kind == "fee"
    rows: list[tuple[str, str | None, str | None, str | None]] = [
        (
            _("利息"),
            None if interest is None else worded.money_exact(interest, language),
            None if is_fee else worded.ends(low, high, language),
            _("未说明") if interest is None else _("按公开的最高利率") if sheet.high else _("按公开的最低利率"),
        )
    ]
    for cost in sheet.fees:
        amount = None if cost.amount is None else worded.money_exact(cost.amount, language)
        rate = None if cost.fee.rate is None else worded.rate(cost.fee.rate, language)
        rows.append((localized(cost.fee.label_zh, cost.fee.label_en), amount, rate, cost.fee.text_zh or None))
    return rows


def headline(sheet: CostSheet, figure: str) -> str:
    """``compound_rate`` or ``simple_rate`` between the stated bounds, in words."""
    low, high = _worded_rates(*(cost and getattr(cost, figure) for cost in (sheet.low, sheet.high)))
    return worded.ends(low, high, current_language())
