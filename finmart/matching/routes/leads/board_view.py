"""The board's filters as links: every choice, what it would give, and the address that asks for it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict

from finmart.matching.demands.types.values import URGENCY_WORDS
from finmart.matching.leads.service.boarding import Board
from finmart.matching.leads.types.board import AMOUNTS, FACETS, PRODUCT, SORTS, TERMS, BoardAsked
from finmart.matching.routes import wording as match_words
from finmart.matching.routes.leads import wording as lead_words
from finmart.platform.web.language import localized

#: A facet takes at most so many codes from an address; more is no choice but noise.
MOST_CODES = 20
_TITLES = {
    PRODUCT: lazy_gettext("符合我的产品"),
    "region": lazy_gettext("所在区县"),
    "amount": lazy_gettext("金额"),
    "term": lazy_gettext("期限"),
    "guarantee": lazy_gettext("能提供的担保"),
    "purpose": lazy_gettext("用途"),
    "urgency": lazy_gettext("什么时候需要"),
    "kind": lazy_gettext("申请主体"),
}
_AMOUNTS = {
    "50": lazy_gettext("50万元以内"),
    "200": lazy_gettext("50万以上至200万元"),
    "500": lazy_gettext("200万以上至500万元"),
    "1000": lazy_gettext("500万以上至1000万元"),
    "more": lazy_gettext("1000万元以上"),
}
_TERMS = {
    "6": lazy_gettext("6个月以内"),
    "12": lazy_gettext("7至12个月"),
    "36": lazy_gettext("13至36个月"),
    "more": lazy_gettext("36个月以上"),
}
_SORTS = {
    "new": lazy_gettext("最新发布"),
    "urgent": lazy_gettext("最急需"),
    "large": lazy_gettext("金额从大到小"),
    "small": lazy_gettext("金额从小到大"),
    "places": lazy_gettext("名额最多"),
}
_WORDED: Mapping[str, Callable[[str], str]] = {
    "region": lead_words.place,
    "amount": lambda code: str(_AMOUNTS[code]),
    "term": lambda code: str(_TERMS[code]),
    "guarantee": lambda code: match_words.code_word("demand.guarantees", code),
    "purpose": lambda code: match_words.code_word("demand.purpose", code),
    "urgency": lambda code: _(URGENCY_WORDS[code]),
    "kind": lambda code: match_words.code_word("subject_kind", code),
}
_IN_ORDER: Mapping[str, tuple[str, ...]] = {"amount": tuple(AMOUNTS), "term": tuple(TERMS)}
#: Facets whose codes the code itself knows; others are words that an address may hold only as they are.
_KNOWN: Mapping[str, Mapping[str, object]] = {"amount": AMOUNTS, "term": TERMS, "urgency": URGENCY_WORDS}


class Filter(NamedTuple):
    """One facet: its title, choices of (label, address, count, active), and whether it stands open."""

    title: str
    choices: list[tuple[str, str, int, bool]]
    open: bool


def asked(args: MultiDict[str, str]) -> BoardAsked:
    """What the address asks for; what no card could say is left out."""
    where = {}
    for facet in FACETS:
        codes = frozenset(code for code in args.getlist(facet)[:MOST_CODES] if _may_be(facet, code))
        if codes:
            where[facet] = codes
    sort = args.get("sort", "")
    return BoardAsked(where, sort if sort in SORTS else SORTS[0])


def _may_be(facet: str, code: str) -> bool:
    known = _KNOWN.get(facet)
    return code in known if known is not None else 0 < len(code) <= 64 and code.isascii() and code.isprintable()


def address(wanted: BoardAsked) -> str:
    """The board's address for what is wanted, from its first page."""
    query: dict[str, Any] = {facet: sorted(wanted.where[facet]) for facet in FACETS if facet in wanted.where}
    if wanted.sort != SORTS[0]:
        query["sort"] = wanted.sort
    return url_for("matching.board", **query)


def _word(found: Board, facet: str, code: str) -> str:
    if facet != PRODUCT:
        return _WORDED[facet](code)
    named = {product.code: localized(product.name_zh, product.name_en) for product in found.products}
    return named.get(code, code)


def filters(found: Board, now: BoardAsked) -> list[Filter]:
    """Every facet with the codes that would leave something, or are chosen."""
    shown = []
    for facet in FACETS:
        on = now.where.get(facet, frozenset())
        counts = {**dict.fromkeys(on, 0), **found.sifted.facets[facet]}
        order = _IN_ORDER.get(facet)
        codes = [code for code in order if code in counts] if order else sorted(counts, key=lambda c: (-counts[c], c))
        choices = [(_word(found, facet, c), address(now.toggled(facet, c)), counts[c], c in on) for c in codes]
        if choices:
            shown.append(Filter(str(_TITLES[facet]), choices, bool(on) or facet in (PRODUCT, "region", "amount")))
    return shown


def chosen(found: Board, now: BoardAsked) -> list[tuple[str, str]]:
    """What is filtered now, each with the address without it."""
    return [
        (f"{_TITLES[facet]}: {_word(found, facet, code)}", address(now.toggled(facet, code)))
        for facet in FACETS
        for code in sorted(now.where.get(facet, ()))
    ]


def wider(found: Board, now: BoardAsked) -> list[tuple[str, str]]:
    """How to find more: each facet whose choice alone keeps needs away, with how many there would be."""
    ways = sorted(found.sifted.wider.items(), key=lambda each: (-each[1], FACETS.index(each[0])))
    return [
        (_("不限%(what)s：%(count)s 条", what=_TITLES[facet], count=count), address(now.without(facet)))
        for facet, count in ways
    ]


def sorts(now: BoardAsked) -> list[tuple[str, str, bool]]:
    """Every order with its address, and whether it is the one."""
    return [(str(words), address(BoardAsked(now.where, code)), code == now.sort) for code, words in _SORTS.items()]


def without_filters(now: BoardAsked) -> str:
    """The whole board in the order that is chosen."""
    return address(BoardAsked({}, now.sort))
