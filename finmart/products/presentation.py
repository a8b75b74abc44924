"""What the supermarket's pages show of products, worded in the language of the request."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from finmart.conditions.json_form import parse_condition
from finmart.conditions.sentence import sentence
from finmart.platform.web.language import current_language, localized
from finmart.products import labels, places
from finmart.products.labels import NOT_STATED, Labels, label
from finmart.products.service import Criteria, Found
from finmart.products.types import AdmissionClause, PublishedProduct, Words

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


@dataclass(frozen=True)
class FilterChoice:
    """One code of a facet as a link; ``count`` is how many products would be left."""

    label: str
    href: str
    count: int
    active: bool


@dataclass(frozen=True)
class Filter:
    """One facet with its choices."""

    title: str
    choices: tuple[FilterChoice, ...]
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


def _address(criteria: Criteria, where: Mapping[str, frozenset[str]]) -> str:
    arguments: dict[str, object] = {facet: sorted(codes) for facet, codes in sorted(where.items()) if codes}
    if criteria.text:
        arguments["q"] = criteria.text
    if criteria.sort:
        arguments["sort"] = criteria.sort
    return url_for("products.shelf", **arguments)  # type: ignore[arg-type]


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
            FilterChoice(facet_word(facet, code), _toggled(criteria, facet, code), counts[code], code in chosen)
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
    arguments = {key: value for key, value in request.args.to_dict(flat=False).items() if key not in ("sort", "page")}
    return [
        (str(title), url_for("products.shelf", **arguments, **({"sort": sort} if sort else {})), sort == criteria.sort)  # type: ignore[arg-type]
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
