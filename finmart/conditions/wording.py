"""Facts, codes and numbers in words: the small vocabulary that sentences are made of."""

from collections.abc import Sequence
from decimal import Decimal

from finmart.reference import industries, regions
from finmart.reference.facts import facts

ZH = "zh"

_FEN_PER_WAN = 1_000_000
_FEN_PER_YI = 10_000 * _FEN_PER_WAN
_PPM_PER_PERCENT = 10_000
_MINUS = "−"

#: unit → Chinese counter. Ages are 周岁 and need no word in English, where the label says "age".
_UNITS_ZH = {
    "years": "年",
    "months": "个月",
    "days": "天",
    "age": "周岁",
    "times": "次",
    "people": "人",
    "institutions": "家",
    "loans": "笔",
    "transactions": "笔",
    "cases": "件",
    "items": "项",
    "households": "户",
    "vehicles": "辆",
    "mu": "亩",
    "heads": "头",
    "birds": "只",
    "kg": "公斤",
    "square_metres": "平方米",
    "points": "分",
    "grades": "档",
    "levels": "级",
    "tiers": "层",
    "months_counted": "个月",
    "stores": "家",
    "rooms": "间",
    "beds": "张",
    "machines": "台",
    "colonies": "群",
    "waybills": "单",
    "person_times": "人次",
    "tonnes": "吨",
    "kilowatts": "千瓦",
    "kwh": "千瓦时",
    "us_dollars": "美元",
    "stars": "星",
}
#: unit → English singular; the plural adds an s.
_UNITS_EN = {
    "years": "year",
    "months": "month",
    "days": "day",
    "times": "time",
    "institutions": "institution",
    "loans": "loan",
    "transactions": "transaction",
    "cases": "case",
    "items": "item",
    "points": "point",
    "mu": "mu",
    "kg": "kg",
    "square_metres": "square metre",
    "months_counted": "month",
    "stores": "shop",
    "rooms": "room",
    "beds": "bed",
    "tonnes": "tonne",
    "kilowatts": "kW",
    "kwh": "kWh",
    "us_dollars": "US dollar",
    "stars": "star",
}
_NO_PLURAL = frozenset({"mu", "kg", "kilowatts", "kwh"})


def plain(value: Decimal) -> str:
    """A number without needless zeros and without an exponent, grouped by thousands, with a true minus."""
    text = f"{abs(value):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return _MINUS + text if value < 0 else text


def money(fen: int, language: str) -> str:
    """分 in words, exact: 元, 万元 or 亿元 in Chinese; CNY with thousands grouped or in million in English."""
    if language == ZH:
        if abs(fen) >= _FEN_PER_YI and fen % _FEN_PER_WAN == 0:
            return plain(Decimal(fen) / _FEN_PER_YI) + "亿元"
        if abs(fen) >= _FEN_PER_WAN // 10:
            return plain(Decimal(fen) / _FEN_PER_WAN) + "万元"
        return plain(Decimal(fen) / 100) + "元"
    yuan = Decimal(fen) / 100
    if abs(yuan) >= 1_000_000:
        return f"CNY {plain(yuan / 1_000_000)} million"
    return f"CNY {plain(yuan)}"


def number(value: int, unit: str, language: str) -> str:
    """A number with its unit, in words."""
    if unit == "money":
        return money(value, language)
    if unit == "ratio":
        return plain(Decimal(value) / _PPM_PER_PERCENT) + "%"
    counted = plain(Decimal(value))
    if language == ZH:
        return counted + _UNITS_ZH.get(unit, "")
    word = _UNITS_EN.get(unit)
    return counted if word is None else f"{counted} {word}{'' if value == 1 or unit in _NO_PLURAL else 's'}"


def fact_label(key: str, language: str) -> str:
    """What a fact is called. A key outside the dictionary is called an unknown fact rather than shown raw."""
    known = facts().get(key)
    if known is None:
        return "未知数据项" if language == ZH else "unknown datum"
    return known.label_zh if language == ZH else known.label_en


def code_label(key: str, code: str, language: str) -> str:
    """What a code of that fact is called; a code without a label stands as it is."""
    known = facts().get(key)
    if known is not None and known.kind == "region":
        return regions.label(code, language)
    if known is not None and known.kind == "industry":
        return industries.label(code, language)
    choice = known.choice(code) if known else None
    if choice is None:
        return code
    return choice.label_zh if language == ZH else choice.label_en


def flag_label(key: str, expected: bool, language: str) -> str:
    """A flag's label names the thing itself (“欠税”), so that having it and not having it read well."""
    label = fact_label(key, language)
    if language == ZH:
        return ("有" if expected else "无") + label
    return label if expected else f"no {label}"


def series(texts: Sequence[str], language: str, *, last: str) -> str:
    """A list in words: 甲、乙或丙 / A, B or C; ``last`` is ``or`` or ``and``."""
    if language == ZH:
        joint = {"or": "或", "and": "和"}[last]
        return joint.join(["、".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else texts[0]
    return f" {last} ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else texts[0]
