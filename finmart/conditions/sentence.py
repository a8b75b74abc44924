"""Conditions as sentences, in Chinese and English; codes and units become words, raw keys never show."""

from finmart.conditions.types import (
    All,
    AnyOf,
    Arithmetic,
    AtLeast,
    Calculation,
    Compare,
    Comparison,
    Condition,
    Expression,
    Fact,
    Flag,
    Literal,
    MemberOf,
    Membership,
    Not,
    OnList,
    Unless,
    Window,
    WindowOf,
)
from finmart.conditions.units import unit
from finmart.conditions.wording import code_label, fact_label, number

_COMPARE = {
    "zh": {
        Compare.GE: "≥",
        Compare.GT: ">",
        Compare.LE: "≤",
        Compare.LT: "<",
        Compare.EQ: "＝",
        Compare.NE: "≠",
    },
    "en": {
        Compare.GE: "at least",
        Compare.GT: "more than",
        Compare.LE: "at most",
        Compare.LT: "less than",
        Compare.EQ: "exactly",
        Compare.NE: "other than",
    },
}

_MEMBER = {
    "zh": {
        MemberOf.IN: "{fact}为{codes}",
        MemberOf.NOT_IN: "{fact}不是{codes}",
        MemberOf.HAS_ANY: "{fact}含{codes}",
        MemberOf.HAS_ALL: "{fact}同时含{codes}",
        MemberOf.HAS_NONE: "{fact}不含{codes}",
        MemberOf.INDUSTRY_IN: "{fact}属于{codes}",
        MemberOf.REGION_IN: "{fact}在{codes}",
    },
    "en": {
        MemberOf.IN: "{fact}: {codes}",
        MemberOf.NOT_IN: "{fact}: not {codes}",
        MemberOf.HAS_ANY: "{fact}: {codes}",
        MemberOf.HAS_ALL: "{fact}: all of {codes}",
        MemberOf.HAS_NONE: "{fact}: none of {codes}",
        MemberOf.INDUSTRY_IN: "{fact} within {codes}",
        MemberOf.REGION_IN: "{fact} in {codes}",
    },
}

_WINDOW = {
    "zh": {
        WindowOf.SUM: "{span}{series}合计",
        WindowOf.COUNT: "{span}有{series}的月数",
        WindowOf.MEAN: "{span}{series}月均",
        WindowOf.MAX: "{span}{series}最高月",
        WindowOf.MIN: "{span}{series}最低月",
        WindowOf.GROWTH: "{span}{series}较再前{months}个月的增幅",
        WindowOf.LONGEST_GAP: "{span}{series}最长连续为零的月数",
        WindowOf.COVERS: "{series}记录的跨度",
    },
    "en": {
        WindowOf.SUM: "total {series} {span}",
        WindowOf.COUNT: "months with {series} {span}",
        WindowOf.MEAN: "monthly average of {series} {span}",
        WindowOf.MAX: "best month of {series} {span}",
        WindowOf.MIN: "lowest month of {series} {span}",
        WindowOf.GROWTH: "growth of {series} {span} over the {months} months before that",
        WindowOf.LONGEST_GAP: "longest run of months without {series} {span}",
        WindowOf.COVERS: "length of the {series} record",
    },
}

#: What a count is called when it counts blocks of months instead of months.
_BLOCKS = {"zh": "{span}有{series}的段数", "en": "blocks with {series} {span}"}

_CALCULATION = {
    "zh": {Arithmetic.MIN: "{}中较小者", Arithmetic.MAX: "{}中较大者"},
    "en": {Arithmetic.MIN: "the smaller of {}", Arithmetic.MAX: "the larger of {}"},
}
_SIGN = {Arithmetic.TIMES: " × ", Arithmetic.PLUS: " + ", Arithmetic.MINUS: " − ", Arithmetic.DIVIDE: " ÷ "}


def _span(window: Window, language: str) -> str:
    if language == "zh":
        skipped = f"（不含最近{window.skip}个月）" if window.skip else ""
        blocks = f"（每{window.every}个月为一段）" if window.every else ""
        return f"近{window.months}个月{skipped}{blocks}"
    skipped = f", leaving out the latest {window.skip}" if window.skip else ""
    blocks = f", in blocks of {window.every}" if window.every else ""
    return f"in the last {window.months} months{skipped}{blocks}"


def _operand(expression: Expression, language: str, like: str) -> str:
    text = expression_words(expression, language, like)
    nested = isinstance(expression, Calculation) and expression.operator in _SIGN
    return (f"（{text}）" if language == "zh" else f"({text})") if nested else text


def _calculation(calculation: Calculation, language: str, like: str) -> str:
    # A bare number in a product is a multiplier and carries no unit; elsewhere it is of its neighbours' unit.
    multiplies = calculation.operator in {Arithmetic.TIMES, Arithmetic.DIVIDE}
    inner = "" if multiplies else (unit(calculation) or like)
    words = [_operand(operand, language, inner) for operand in calculation.operands]
    if calculation.operator in _SIGN:
        return _SIGN[calculation.operator].join(words)
    return _CALCULATION[language][calculation.operator].format(("、" if language == "zh" else ", ").join(words))


def expression_words(expression: Expression, language: str = "zh", like: str = "") -> str:
    """An expression in words. ``like`` is the unit that a literal without one takes from its other side."""
    match expression:
        case Fact(key):
            return fact_label(key, language)
        case Literal(value, given):
            return number(value, given or like, language)
        case Window(series, _, of):
            words = _BLOCKS[language] if expression.every else _WINDOW[language][of]
            span = _span(expression, language)
            return words.format(span=span, series=fact_label(series, language), months=expression.months)
        case Calculation():
            return _calculation(expression, language, like)


def _comparison(condition: Comparison, language: str) -> str:
    like = unit(condition.left) or unit(condition.right)
    left = expression_words(condition.left, language, like)
    right = expression_words(condition.right, language, like)
    return f"{left} {_COMPARE[language][condition.operator]} {right}"


def _membership(condition: Membership, language: str) -> str:
    labels = [code_label(condition.key, code, language) for code in condition.codes]
    joined = "、".join(labels) if language == "zh" else " or ".join(labels)
    return _MEMBER[language][condition.operator].format(fact=fact_label(condition.key, language), codes=joined)


def _flag(condition: Flag, language: str) -> str:
    """A flag's label names the thing itself (“欠税”), so that having it and not having it read well."""
    label = fact_label(condition.key, language)
    if language == "zh":
        return ("有" if condition.expected else "无") + label
    return label if condition.expected else f"no {label}"


def _on_list(condition: OnList, language: str) -> str:
    label = fact_label(condition.key, language)
    months = condition.remaining_months
    if language == "zh":
        return f"{label}在有效期内" + (f"且至少还有{months}个月" if months else "")
    return f"{label} is valid" + (f" for at least {months} more months" if months else "")


def _range(parts: tuple[Condition, ...], language: str) -> str | None:
    """``age ≥ 20 and age ≤ 65`` is said as one range, because that is how people say it."""
    match parts:
        case (
            Comparison(Compare.GE, left, Literal(low)),
            Comparison(Compare.LE | Compare.LT as upper, same, Literal(high)),
        ) if left == same:
            like = unit(left)
            words = expression_words(left, language, like)
            lowest, highest = number(low, "", language), number(high, like, language)
            open_end = upper is Compare.LT
            if language == "zh":
                return f"{words}为 {lowest}–{highest}" + ("（不含上限）" if open_end else "")
            return f"{words} from {lowest} to {'below ' if open_end else ''}{highest}"
    return None


def _joined(parts: tuple[Condition, ...], language: str, word: str) -> str:
    texts = []
    for part in parts:
        text = sentence(part, language)
        grouped = isinstance(part, All | AnyOf | AtLeast | Unless) and len(parts) > 1
        texts.append((f"（{text}）" if language == "zh" else f"({text})") if grouped else text)
    return word.join(texts)


def _group(condition: All | AnyOf | AtLeast | Unless | Not, language: str) -> str:
    chinese = language == "zh"
    match condition:
        case All(parts):
            return _range(parts, language) or _joined(parts, language, "，且" if chinese else ", and ")
        case AnyOf(parts):
            return _joined(parts, language, "，或" if chinese else ", or ")
        case AtLeast(count, parts):
            joined = _joined(parts, language, "；" if chinese else "; ")
            return f"以下至少{count}项：{joined}" if chinese else f"at least {count} of: {joined}"
        case Unless(exception, part):
            if chinese:
                return f"{sentence(part, language)}（{sentence(exception, language)}的除外）"
            return f"{sentence(part, language)} (unless {sentence(exception, language)})"
        case Not(part):
            return f"并非“{sentence(part, language)}”" if chinese else f'not "{sentence(part, language)}"'


def sentence(condition: Condition, language: str = "zh") -> str:
    """The condition as one sentence without a full stop, in ``zh`` or ``en``."""
    match condition:
        case Comparison():
            return _comparison(condition, language)
        case Membership():
            return _membership(condition, language)
        case Flag():
            return _flag(condition, language)
        case OnList():
            return _on_list(condition, language)
        case _:
            return _group(condition, language)
