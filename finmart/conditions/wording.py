"""Facts, codes and numbers in words: the small vocabulary that sentences are made of."""

from decimal import Decimal

from finmart.reference import industries, regions
from finmart.reference.facts import facts

_FEN_PER_WAN = 1_000_000
_FEN_PER_YI = 10_000 * _FEN_PER_WAN
_PPM_PER_PERCENT = 10_000

_UNITS = {
    "zh": {"count": "", "years": "年", "months": "个月", "days": "天", "age": "周岁", "times": "次", "people": "人"},
    "en": {
        "count": "",
        "years": " years",
        "months": " months",
        "days": " days",
        "age": " years of age",
        "times": " times",
        "people": " people",
    },
}


def plain(value: Decimal) -> str:
    """A number without needless zeros and without an exponent, grouped by thousands."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(fen: int, language: str) -> str:
    """分 in words: 万元 and 亿元 in Chinese, CNY with thousand or million in English; exact."""
    if language == "zh":
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
    if unit in {"money", "series"}:
        return money(value, language)
    if unit == "ratio":
        return plain(Decimal(value) / _PPM_PER_PERCENT) + "%"
    return plain(Decimal(value)) + _UNITS[language].get(unit, "")


def fact_label(key: str, language: str) -> str:
    """What a fact is called. A key outside the dictionary is called an unknown fact rather than shown raw."""
    known = facts().get(key)
    if known is None:
        return "未知数据项" if language == "zh" else "unknown datum"
    return known.label_zh if language == "zh" else known.label_en


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
    return choice.label_zh if language == "zh" else choice.label_en
