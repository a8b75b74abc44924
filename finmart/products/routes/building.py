"""What the builder's page shows beside the tree: the words of every choice, the fields of the open part, its faults."""

from typing import Any

from flask_babel import gettext as _

from finmart.conditions.errors import BadCondition
from finmart.conditions.leaves import LISTS, operators_of, unit_asked
from finmart.conditions.pieces import ABOUT_FACTS, FACT_KINDS, HOLDING, SIMPLE
from finmart.conditions.shapes import CALCULATIONS, COMPARISONS
from finmart.conditions.types import WindowOf
from finmart.platform.kernel.messages import Message
from finmart.platform.web.errors import say
from finmart.platform.web.language import current_language, localized
from finmart.products.forms.builder import Builder, Node
from finmart.products.search.facts import found_facts
from finmart.reference.definitions import plain
from finmart.reference.facts import FactDefinition, facts

#: Kinds of facts that a number can be compared with.
NUMBERS = frozenset({"money", "count", "years", "months", "days", "ratio"})


def operator_words() -> dict[str, str]:
    """What a leaf may ask, in words."""
    return {
        "ge": _("不低于（≥）"),
        "gt": _("高于（>）"),
        "le": _("不高于（≤）"),
        "lt": _("低于（<）"),
        "eq": _("等于（=）"),
        "ne": _("不等于（≠）"),
        "in": _("是其中之一"),
        "not_in": _("不是其中任何一个"),
        "has_any": _("至少有其中一项"),
        "has_all": _("其中每一项都有"),
        "has_none": _("其中一项都没有"),
        "industry_in": _("属于这些行业"),
        "region_in": _("在这些地区"),
        "is": _("是或否"),
        "on_list": _("仍在有效期内"),
    }


def group_words() -> dict[str, str]:
    """What groups ask of their parts, in words."""
    return {
        "all": _("以下全部满足"),
        "any": _("以下满足任意一项"),
        "at_least": _("以下至少满足几项"),
        "not": _("以下都不满足"),
        "unless": _("除非满足第一项，否则须满足第二项"),
    }


def window_words() -> dict[str, str]:
    """What a window works out, in words."""
    return {
        "sum": _("合计"),
        "mean": _("月均"),
        "max": _("最高的一个月"),
        "min": _("最低的一个月"),
        "count": _("有发生额的月数"),
        "growth": _("比此前同样长的时间增长"),
        "longest_gap": _("最长连续中断几个月"),
        "covers": _("记录覆盖几个月"),
    }


def unit_words() -> dict[str, str]:
    """The measures in which values are typed."""
    return {
        "money": _("万元"),
        "ratio": "%",
        "years": _("年"),
        "months": _("个月"),
        "days": _("天"),
    }


def number_units() -> dict[str, str]:
    """The units in which a number of a formula is typed."""
    return {"": _("没有单位（倍数）"), **unit_words(), "count": _("个、人、次等计数")}


def time_units() -> dict[str, str]:
    """In what lengths of time are counted."""
    return {"years": _("年"), "months": _("月"), "days": _("天")}


def piece_words() -> dict[str, str]:
    """The kinds of values, as people call them."""
    return {
        "fact": _("一项数据"),
        "number": _("一个数"),
        "window": _("一段时间的合计、月均等"),
        "day": _("一个日期"),
        "since": _("从某天到现在过了多久"),
        "until": _("到某天还剩多久"),
        "share": _("某数的百分之几"),
        "plus": _("几个数之和（+）"),
        "minus": _("两数之差（−）"),
        "times": _("两数之积（×）"),
        "divide": _("两数之商（÷）"),
        "min": _("几个数中较小的"),
        "max": _("几个数中较大的"),
        "case": _("分情况取不同的值"),
        "to": _("把时间换算成年、月或天"),
    }


def place_word(node: Node, number: int) -> str:
    """What the part ``number`` of a comparison, a calculation, a value by case or an exception is to it."""
    which = str(number // 2 + 1)
    if node.kind == "unless":
        said = _("否则须满足") if number else _("满足这一项就可以")
    elif node.kind in COMPARISONS:
        said = _("右边") if number else _("左边")
    elif node.kind == "case" and node.has_else and number == len(node.parts) - 1:
        said = _("其他情况的值")
    elif node.kind == "case":
        said = _("第 %(which)s 种情况的值", which=which) if number % 2 else _("第 %(which)s 种情况", which=which)
    else:
        said = _beside().get(node.kind, "") if number else ""
    return str(said)


def _beside() -> dict[str, str]:
    return {
        "minus": _("减去"),
        "times": _("乘以"),
        "divide": _("除以"),
        "plus": _("加上"),
        "min": _("和"),
        "max": _("和"),
    }


def build_context(builder: Builder, refused: str = "") -> dict[str, Any]:
    """What the builder's template needs; ``refused`` is why the whole could not be saved."""
    definition, words = builder.definition, piece_words()
    return {
        "builder": builder,
        "definition": definition,
        "refused": refused or _worded(builder.fault),
        "trouble": _worded(builder.trouble),
        "found": _found(builder),
        "meaning": meaning,
        "operators": _operators(builder),
        "comparable": _comparable(definition) if definition else [],
        "unit": _unit(builder),
        "groups": group_words(),
        "windows": window_words(),
        "lists": LISTS,
        "comparisons": COMPARISONS,
        "comparison_words": {name: operator_words()[name] for name in COMPARISONS},
        "calculation_words": {name: words[name] for name in CALCULATIONS},
        "number_units": number_units(),
        "time_units": time_units(),
        "conversions": {code: _("换算成：%(unit)s", unit=words) for code, words in time_units().items()},
        "piece_words": words,
        "piece_kinds": {name: words[name] for name in words if name in (*SIMPLE, *ABOUT_FACTS, *HOLDING)},
        "wrap_words": {name: words[name] for name in HOLDING},
        "place_word": place_word,
    }


def meaning(definition: FactDefinition) -> str:
    """What a fact is, for somebody who chooses it."""
    return localized(plain(definition.definition_zh), plain(definition.definition_en))


def _found(builder: Builder) -> list[FactDefinition]:
    """The facts found that fit the open place."""
    return found_facts(builder.query, FACT_KINDS.get(builder.piece.kind) if builder.piece else None)


def _operators(builder: Builder) -> list[tuple[str, str]]:
    definition, fields = builder.definition, builder.fields
    if definition is None or fields is None:
        return []
    names = dict.fromkeys((*operators_of(definition), fields.operator))
    words = operator_words()
    return [(name, words[name]) for name in names if name in words]


def _worded(fault: BadCondition | None) -> str:
    if fault is None:
        return ""
    known = facts().get(str(fault.params.get("key", "")))
    params = {**fault.params, **({"key": localized(known.label_zh, known.label_en)} if known else {})}
    return say(Message(fault.msgid, params))


def _unit(builder: Builder) -> str:
    found = builder.fields
    if found is None or (found.of and found.of not in set(WindowOf)):
        return ""
    return "%" if found.other else unit_words().get(unit_asked(found), "")


def _comparable(definition: FactDefinition) -> list[tuple[str, str]]:
    """Other facts in the same unit: a number may be compared with a share of one of them."""
    if definition.kind not in NUMBERS and definition.kind != "series":
        return []
    english = current_language() == "en"
    return [
        (known.key, known.label_en if english else known.label_zh)
        for known in facts().values()
        if known.unit == definition.unit and known.kind in NUMBERS and known.key != definition.key
    ]
