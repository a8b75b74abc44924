"""The shelf's filters, orders and suggestions as links, each with what it would leave."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from flask_babel import lazy_gettext

from finmart.platform.web import filters as worded
from finmart.platform.web.language import current_language, localized
from finmart.products import places
from finmart.products.labels import NOT_STATED
from finmart.products.search.documents import AMOUNT_STEPS, BOTH, DAYS_PER_MONTH, OF_TYPE, TERM_STEPS
from finmart.products.service import Criteria, Found
from finmart.products.wording import _, is_worded, word

#: Words that are worth a try when a search found nothing.
SUGGESTIONS = ("税贷", "农户", "发票", "知识产权", "过桥", "政府采购", "创业担保", "科贷通")
#: facet → its name, in the order of the page
FACET_TITLES = {
    "product_type": lazy_gettext("产品类型"),
    "subject": lazy_gettext("适用对象"),
    "guarantee": lazy_gettext("担保方式"),
    "amount": lazy_gettext("需要的额度"),
    "term": lazy_gettext("需要的期限"),
    "round": lazy_gettext("投资轮次"),
    "stage": lazy_gettext("企业阶段"),
    "recourse": lazy_gettext("追索权"),
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

#: One code of a facet as a link: words, address, how many products would be left, whether it is chosen.
Choice = tuple[str, str, int, bool]


@dataclass(frozen=True)
class Filter:
    """One facet with its choices."""

    title: str
    choices: tuple[Choice, ...]
    open: bool


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


def is_known(facet: str, code: str) -> bool:
    """Whether ``code`` may be chosen of a facet."""
    if facet in ("amount", "term"):
        steps: Collection[str] = [str(step) for step in (AMOUNT_STEPS if facet == "amount" else TERM_STEPS)]
    elif facet == "place":
        steps = (*places.choices(), places.ELSEWHERE)
    elif facet == "connected":
        steps = ("yes", "no")
    else:
        # What says two things at once is found under each of them.
        return code == NOT_STATED or (is_worded(facet, code) and not (facet in OF_TYPE and code in BOTH))
    return code == NOT_STATED or code in steps


@lru_cache(maxsize=4096)
def _named(facet: str, code: str, _language: str) -> str:
    """``facet_word`` in the request's language, kept: a page says a hundred of them."""
    return str(facet_word(facet, code))


def _address(criteria: Criteria, where: Mapping[str, frozenset[str]], *, sort: str | None = None) -> str:
    # Made of what was understood, never of the raw query.
    arguments: dict[str, Any] = {facet: sorted(codes) for facet, codes in sorted(where.items()) if codes}
    if criteria.text:
        arguments["q"] = criteria.text
    order = criteria.sort if sort is None else sort
    if order:
        arguments["sort"] = order
    # A hundred such links stand on a page: the rules are asked for the path, and the rest is put behind it.
    path = url_for("products.shelf")
    return f"{path}?{urlencode(arguments, doseq=True)}" if arguments else path


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
    language = current_language()
    for facet, title in FACET_TITLES.items():
        chosen = criteria.where.get(facet, frozenset())
        counts = {**dict.fromkeys(chosen, 0), **found.facets.get(facet, {})}
        choices = tuple(
            (_named(facet, code, language), _toggled(criteria, facet, code), counts[code], code in chosen)
            for code in _order(facet, counts)
        )
        if chosen or counts.keys() - {NOT_STATED}:  # What nobody states narrows nothing.
            shown.append(Filter(str(title), choices, bool(chosen) or facet in OPEN_FACETS))
    return shown


def chosen_filters(criteria: Criteria) -> list[tuple[str, str]]:
    """What is filtered now, each with the address without it."""
    return [
        (facet_word(facet, code), _toggled(criteria, facet, code))
        for facet in FACET_TITLES
        for code in sorted(criteria.where.get(facet, ()))
    ]


def hints(criteria: Criteria, found: Found) -> list[tuple[str, str]]:
    """What was understood of the question's figures, each with the address without it."""
    return [
        (_hint(hint.kind, hint.value), _address(replace(criteria, text=hint.rest), criteria.where))
        for hint in found.hints
    ]


def _hint(kind: str, value: int) -> str:
    language = current_language()
    if kind == "amount":
        return _("需要 %(amount)s", amount=worded.money(value, language))
    if kind == "term":
        months, days = divmod(value, DAYS_PER_MONTH)
        return _("用 %(days)s 天", days=value) if days else _("用 %(months)s 个月", months=months)
    if kind == "rate":
        return _("年利率不高于 %(rate)s", rate=worded.rate(value, language))
    return _("不要抵押和担保")


def without_filters(criteria: Criteria) -> str:
    """The address with the words alone."""
    return _address(criteria, {})


def sorts(criteria: Criteria, current: str) -> list[tuple[str, str, bool]]:
    """The orders to choose from: name, address, whether it is the present one."""
    return [
        (str(title), _address(criteria, criteria.where, sort=sort), sort == current)
        for sort, title in SORT_TITLES.items()
    ]
