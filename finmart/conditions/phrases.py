"""Expressions in words: facts, windows and arithmetic, with brackets only where they are needed."""

from finmart.conditions.types import Arithmetic, Calculation, Expression, Fact, Literal, Window, WindowOf
from finmart.conditions.units import BARE, unit
from finmart.conditions.wording import ZH, fact_label, number

_WINDOW = {
    "zh": {
        WindowOf.SUM: "{span}{series}合计",
        WindowOf.COUNT: "{span}有{series}的月数",
        WindowOf.MEAN: "{span}{series}月均",
        WindowOf.MAX: "{span}{series}最高的一个月",
        WindowOf.MIN: "{span}{series}最低的一个月",
        WindowOf.GROWTH: "{span}{series}较再前{months}个月的增幅",
        WindowOf.LONGEST_GAP: "{span}没有{series}的最长连续月数",
        WindowOf.COVERS: "{series}记录已有的月数",
    },
    "en": {
        WindowOf.SUM: "total {series} {span}",
        WindowOf.COUNT: "months with {series} {span}",
        WindowOf.MEAN: "monthly average of {series} {span}",
        WindowOf.MAX: "highest month of {series} {span}",
        WindowOf.MIN: "lowest month of {series} {span}",
        WindowOf.GROWTH: "growth of {series} {span} over the {months} months before",
        WindowOf.LONGEST_GAP: "longest run of months without {series} {span}",
        WindowOf.COVERS: "months of {series} on record",
    },
}
#: What a count is called when it counts blocks of months instead of months.
_BLOCKS = {
    "zh": "{span}每{every}个月为一段、有{series}的段数",
    "en": "blocks of {every} months with {series} {span}",
}
_DROP = {
    "zh": "{span}{series}较再前{months}个月的降幅",
    "en": "drop of {series} {span} against the {months} months before",
}

_SIGN = {Arithmetic.TIMES: " × ", Arithmetic.PLUS: " + ", Arithmetic.MINUS: " − ", Arithmetic.DIVIDE: " ÷ "}
_SUMS = frozenset({Arithmetic.PLUS, Arithmetic.MINUS})
_PRODUCTS = frozenset({Arithmetic.TIMES, Arithmetic.DIVIDE})
_CHOSEN = {
    "zh": {Arithmetic.MIN: "（{}）中的较小者", Arithmetic.MAX: "（{}）中的较大者"},
    "en": {Arithmetic.MIN: "the smaller of ({})", Arithmetic.MAX: "the larger of ({})"},
}


def _span(window: Window, language: str) -> str:
    if language == ZH:
        return f"最近{window.skip}个月之前的{window.months}个月" if window.skip else f"近{window.months}个月"
    if window.skip:
        return f"in the {window.months} months before the last {window.skip}"
    return f"in the last {window.months} months"


def _filled(template: str, window: Window, language: str) -> str:
    return template.format(
        span=_span(window, language),
        series=fact_label(window.series, language),
        months=window.months,
        every=window.every,
    )


def window_words(window: Window, language: str) -> str:
    """A window's figure in words."""
    template = _BLOCKS[language] if window.every else _WINDOW[language][window.of]
    return _filled(template, window, language)


def drop_words(window: Window, language: str) -> str:
    """A window's growth, seen as a drop."""
    return _filled(_DROP[language], window, language)


def regular_words(window: Window, language: str) -> str:
    """That every month, or every block of months, of the window has something."""
    span, label = _span(window, language), fact_label(window.series, language)
    every = window.every or 1
    if language == ZH:
        return f"{span}每月都有{label}" if every == 1 else f"{span}每{every}个月至少有一个月有{label}"
    if every == 1:
        return f"{label} in every one of the {span.removeprefix('in the ')}"
    return f"{label} in at least one of every {every} months {span}"


def some_months_words(window: Window, bound: int, language: str) -> str:
    """That at least ``bound`` months of the window have something."""
    span, label = _span(window, language), fact_label(window.series, language)
    if language == ZH:
        return f"{span}至少有{bound}个月有{label}"
    return f"{label} in at least {bound} of the {span.removeprefix('in the ')}"


def _needs_brackets(inner: Expression, outer: Arithmetic, *, is_right: bool) -> bool:
    if not isinstance(inner, Calculation) or inner.operator not in _SIGN:
        return False
    if outer in _PRODUCTS:
        return inner.operator in _SUMS or is_right
    return outer is Arithmetic.MINUS and is_right and inner.operator in _SUMS


def _calculation(calculation: Calculation, language: str, like: str) -> str:
    operator = calculation.operator
    # A bare number in a product is a multiplier and carries no unit; elsewhere it is of its neighbours' unit.
    inner = BARE if operator in _PRODUCTS else (unit(calculation) or like)
    words = []
    for place, operand in enumerate(calculation.operands):
        text = words_of(operand, language, inner)
        if _needs_brackets(operand, operator, is_right=place > 0):
            text = f"（{text}）" if language == ZH else f"({text})"
        words.append(text)
    if operator in _SIGN:
        return _SIGN[operator].join(words)
    return _CHOSEN[language][operator].format(("，" if language == ZH else "; ").join(words))


def words_of(expression: Expression, language: str = ZH, like: str = BARE) -> str:
    """An expression in words. ``like`` is the unit that a literal without one takes from its other side."""
    match expression:
        case Fact(key):
            return fact_label(key, language)
        case Literal(value, given):
            # A literal of count is said in the counter of what it stands beside: 300 人, 65 周岁.
            return number(value, like if given in {None, "count"} and like else given or BARE, language)
        case Window():
            return window_words(expression, language)
        case Calculation():
            return _calculation(expression, language, like)
