"""Conditions as sentences, in Chinese and English; codes and units become words, raw keys never show."""

from finmart.conditions.phrases import (
    day_words,
    drop_words,
    elapsed_words,
    regular_words,
    some_months_words,
    time_word,
    window_words,
)
from finmart.conditions.types import (
    All,
    AnyOf,
    Arithmetic,
    AtLeast,
    Calculation,
    Case,
    Compare,
    Comparison,
    Condition,
    Converted,
    Day,
    Elapsed,
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
from finmart.conditions.units import BARE, unit
from finmart.conditions.wording import ZH, code_label, fact_label, flag_label, number, series

_SIGN = {Arithmetic.TIMES: " × ", Arithmetic.PLUS: " + ", Arithmetic.MINUS: " − ", Arithmetic.DIVIDE: " ÷ "}
_SUMS = frozenset({Arithmetic.PLUS, Arithmetic.MINUS})
_PRODUCTS = frozenset({Arithmetic.TIMES, Arithmetic.DIVIDE})
_CHOSEN = {
    "zh": {Arithmetic.MIN: "（{}）中的较小者", Arithmetic.MAX: "（{}）中的较大者"},
    "en": {Arithmetic.MIN: "the smaller of ({})", Arithmetic.MAX: "the larger of ({})"},
}

_COMPARE = {
    "zh": {
        Compare.GE: "≥",
        Compare.GT: ">",
        Compare.LE: "≤",
        Compare.LT: "<",
        Compare.EQ: "=",
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
_OPPOSITE = {
    Compare.GE: Compare.LT,
    Compare.GT: Compare.LE,
    Compare.LE: Compare.GT,
    Compare.LT: Compare.GE,
    Compare.EQ: Compare.NE,
    Compare.NE: Compare.EQ,
}
#: The same bound seen from the other side of zero: growth of at least −40 % is a drop of at most 40 %.
_MIRRORED = {
    Compare.GE: Compare.LE,
    Compare.GT: Compare.LT,
    Compare.LE: Compare.GE,
    Compare.LT: Compare.GT,
    Compare.EQ: Compare.EQ,
    Compare.NE: Compare.NE,
}

#: operator → how it is said, how its opposite is said; each with a slot for the fact and one for the codes.
_MEMBER = {
    "zh": {
        MemberOf.IN: ("{fact}为{codes}", "{fact}不是{codes}"),
        MemberOf.NOT_IN: ("{fact}不是{codes}", "{fact}为{codes}"),
        MemberOf.HAS_ANY: ("{fact}含{codes}", "{fact}不含{codes}"),
        MemberOf.HAS_ALL: ("{fact}同时含{codes}", "{fact}不同时含{codes}"),
        MemberOf.HAS_NONE: ("{fact}不含{codes}", "{fact}含{codes}"),
        MemberOf.INDUSTRY_IN: ("{fact}属于{codes}", "{fact}不属于{codes}"),
        MemberOf.REGION_IN: ("{fact}在{codes}", "{fact}不在{codes}"),
    },
    "en": {
        MemberOf.IN: ("{fact} is {codes}", "{fact} is not {codes}"),
        MemberOf.NOT_IN: ("{fact} is not {codes}", "{fact} is {codes}"),
        MemberOf.HAS_ANY: ("{fact} include {codes}", "{fact} do not include {codes}"),
        MemberOf.HAS_ALL: ("{fact} include {codes}", "{fact} do not include both {codes}"),
        MemberOf.HAS_NONE: ("{fact} do not include {codes}", "{fact} include {codes}"),
        MemberOf.INDUSTRY_IN: ("{fact} is within {codes}", "{fact} is not within {codes}"),
        MemberOf.REGION_IN: ("{fact} is in {codes}", "{fact} is not in {codes}"),
    },
}


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


def _case(case: Case, language: str, like: str) -> str:
    like = unit(case) or like
    chinese = language == ZH
    said = []
    for asked, value in case.branches:
        asks, words = _bracketed(asked, language), words_of(value, language, like)
        said.append(f"{asks}时为{words}" if chinese else f"{words} when {asks}")
    if case.otherwise is not None:
        words = words_of(case.otherwise, language, like)
        said.append(f"其他情况为{words}" if chinese else f"{words} otherwise")
    return f"〔{'；'.join(said)}〕" if chinese else f"[{'; '.join(said)}]"


def words_of(expression: Expression, language: str = ZH, like: str = BARE) -> str:
    """An expression in words. ``like`` is the unit that a literal without one takes from its other side."""
    match expression:
        case Fact(key):
            return fact_label(key, language)
        case Literal(value, given):
            # A literal of count is said in the counter of what it stands beside: 300 人, 65 周岁.
            return number(value, like if given in {None, "count"} and like else given or BARE, language)
        case Day(day):
            return day_words(day, language)
        case Window():
            return window_words(expression, language)
        case Elapsed():
            return elapsed_words(expression, language)
        case Converted(wanted, operand):
            said = words_of(operand, language, like)
            counted = time_word(wanted, language)
            return f"（{said}，按{counted}计）" if language == ZH else f"({said}, in {counted})"
        case Calculation():
            return _calculation(expression, language, like)
        case Case():
            return _case(expression, language, like)


def _every_time(window: Window, operator: Compare, bound: int) -> bool:
    """Whether a count must reach all there is to count."""
    blocks = window.months // (window.every or 1)
    return window.of is WindowOf.COUNT and operator in {Compare.GE, Compare.EQ} and bound == blocks


def _of_window(window: Window, operator: Compare, bound: int, language: str) -> str | None:
    """How people say a bound on a window; None when it is said like any other comparison."""
    if _every_time(window, operator, bound):
        return regular_words(window, language)
    if window.of is WindowOf.COUNT and operator is Compare.GE and window.every is None and bound > 0:
        return some_months_words(window, bound, language)
    if window.of is WindowOf.GROWTH and bound < 0:
        sign = _COMPARE[language][_MIRRORED[operator]]
        return f"{drop_words(window, language)} {sign} {number(-bound, 'ratio', language)}"
    return None


def _comparison(condition: Comparison, language: str) -> str:
    match condition:
        case Comparison(operator, Window() as window, Literal(bound)):
            said = _of_window(window, operator, bound, language)
            if said is not None:
                return said
    like = unit(condition.left) or unit(condition.right)
    left = words_of(condition.left, language, like)
    right = words_of(condition.right, language, like)
    return f"{left} {_COMPARE[language][condition.operator]} {right}"


def _membership(condition: Membership, language: str, *, denied: bool) -> str:
    labels = [code_label(condition.key, code, language) for code in condition.codes]
    joined = series(labels, language, last="and" if condition.operator is MemberOf.HAS_ALL else "or")
    template = _MEMBER[language][condition.operator][denied]
    return template.format(fact=fact_label(condition.key, language), codes=joined)


def _on_list(condition: OnList, language: str, *, denied: bool) -> str:
    label = fact_label(condition.key, language)
    left = ((condition.remaining_months, "months"), (condition.remaining_days, "days"))
    rest = [number(value, counted, language) for value, counted in left if value]
    if language == ZH:
        said = f"{label}在有效期内" + (f"且至少还有{'、'.join(rest)}" if rest else "")
        return f"并非“{said}”" if denied else said
    return f"{label} is {'not ' if denied else ''}valid" + (f" for at least {' and '.join(rest)} more" if rest else "")


def _denied(part: Condition, language: str) -> str:
    """The opposite of a condition, said directly where there is a direct way."""
    match part:
        case Comparison(operator, left, right):
            return _comparison(Comparison(_OPPOSITE[operator], left, right), language)
        case Membership():
            return _membership(part, language, denied=True)
        case Flag(key, expected):
            return flag_label(key, not expected, language)
        case OnList():
            return _on_list(part, language, denied=True)
        case _:
            said = sentence(part, language)
            return f"并非“{said}”" if language == ZH else f'not "{said}"'


def _range(low: Condition, high: Condition, language: str) -> str | None:
    """``age ≥ 20`` and ``age ≤ 65`` are said as one range, because that is how people say it."""
    match low, high:
        case (
            Comparison(Compare.GE, left, Literal(least)),
            Comparison(Compare.LE | Compare.LT as upper, same, Literal(most)),
        ) if left == same and least < most:
            like, is_open = unit(left), upper is Compare.LT
            words = words_of(left, language, like)
            # 22 至 60 周岁: the counter is said once; money and percent are said with both ends.
            lowest = number(least, like if like in {"money", "ratio"} else "", language)
            highest = number(most, like, language)
            if language == ZH:
                return f"{words}为{lowest}至{highest}" + (f"（不含{highest}）" if is_open else "")
            return f"{words} from {lowest} to {'below ' if is_open else ''}{highest}"
    return None


def _said(parts: tuple[Condition, ...], language: str) -> list[str]:
    """Each part as a text; two neighbouring bounds on one thing become one range."""
    texts, place = [], 0
    while place < len(parts):
        pair = _range(parts[place], parts[place + 1], language) if place + 1 < len(parts) else None
        texts.append(pair or _bracketed(parts[place], language, alone=len(parts) == 1))
        place += 2 if pair else 1
    return texts


def _bracketed(part: Condition, language: str, *, alone: bool = False) -> str:
    text = sentence(part, language)
    plain = not isinstance(part, All | AnyOf | AtLeast | Unless)
    if alone or plain or (isinstance(part, All) and len(_said(part.parts, language)) == 1):
        return text
    return f"（{text}）" if language == ZH else f"({text})"


def _group(condition: All | AnyOf | AtLeast | Unless | Not, language: str) -> str:
    chinese = language == ZH
    match condition:
        case All(parts):
            return ("，且" if chinese else ", and ").join(_said(parts, language))
        case AnyOf(parts):
            alone = len(parts) == 1
            return ("，或" if chinese else ", or ").join(_bracketed(p, language, alone=alone) for p in parts)
        case AtLeast(count, parts):
            joined = ("；" if chinese else "; ").join(_bracketed(part, language) for part in parts)
            return f"以下{len(parts)}项中至少{count}项：{joined}" if chinese else f"at least {count} of: {joined}"
        case Unless(exception, part):
            spared = _bracketed(exception, language)
            kept = _bracketed(part, language)
            return f"{kept}；{spared}的除外" if chinese else f"{kept}, unless {spared}"
        case Not(part):
            return _denied(part, language)


def expression_words(expression: Expression, language: str = ZH) -> str:
    """An expression (a limit's formula) in words, in ``zh`` or ``en``."""
    return words_of(expression, language)


def sentence(condition: Condition, language: str = ZH) -> str:
    """The condition as one sentence without a full stop, in ``zh`` or ``en``."""
    match condition:
        case Comparison():
            return _comparison(condition, language)
        case Membership():
            return _membership(condition, language, denied=False)
        case Flag(key, expected):
            return flag_label(key, expected, language)
        case OnList():
            return _on_list(condition, language, denied=False)
        case _:
            return _group(condition, language)
