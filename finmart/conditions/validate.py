"""Checking a condition against the fact dictionary: unknown facts, wrong units, impossible and contradicting parts."""

from collections.abc import Iterator

from finmart.conditions.bounds import MOST_MONEY, contradiction, impossible
from finmart.conditions.errors import BadCondition
from finmart.conditions.types import (
    Arithmetic,
    Calculation,
    Case,
    Comparison,
    Condition,
    Converted,
    Elapsed,
    Expression,
    Fact,
    Flag,
    Literal,
    MemberOf,
    Membership,
    OnList,
    Window,
    WindowOf,
)
from finmart.conditions.units import BARE, DATE, MONEY, NONSENSE, alike, is_time, unit
from finmart.conditions.walk import keys_of, keys_of_expression, parts_of
from finmart.reference import industries, regions
from finmart.reference.facts import FactDefinition, facts
from finmart.reference.refusals import N_

NUMBERS = frozenset({"money", "ratio", "count", "years", "months", "days"})
DAYS = frozenset({"date"})
KINDS = {
    MemberOf.IN: frozenset({"code", "codes"}),
    MemberOf.NOT_IN: frozenset({"code", "codes"}),
    MemberOf.HAS_ANY: frozenset({"codes"}),
    MemberOf.HAS_ALL: frozenset({"codes"}),
    MemberOf.HAS_NONE: frozenset({"codes"}),
    MemberOf.INDUSTRY_IN: frozenset({"industry"}),
    MemberOf.REGION_IN: frozenset({"region"}),
}


def _wrong_kind(key: str, allowed: frozenset[str], path: str) -> Iterator[BadCondition]:
    known = facts().get(key)
    if known is None:
        yield BadCondition(path, "unknown_fact", N_("数据项字典里没有“{key}”。"), key=key[:60])
    elif known.kind not in allowed:
        yield BadCondition(path, "wrong_kind", N_("“{fact}”不能这样使用。"), fact=known.label_zh, key=key)


#: No series on record reaches back further; a longer window would be unknown for everybody.
MOST_MONTHS = 120


def _window(window: Window, path: str) -> Iterator[BadCondition]:
    yield from _wrong_kind(window.series, frozenset({"series"}), path)
    if window.months + window.skip > MOST_MONTHS:
        yield BadCondition(path, "window_too_long", N_("区间最多回看{most}个月，请核对月数。"), most=MOST_MONTHS)
    if window.every is not None and (window.of is not WindowOf.COUNT or window.every > window.months):
        yield BadCondition(path, "bad_every", N_("“每几个月”只用于计月数，且不能长于整个区间。"))


def _expression(expression: Expression, path: str) -> Iterator[BadCondition]:
    match expression:
        case Fact(key):
            yield from _wrong_kind(key, NUMBERS | DAYS, f"{path}/fact")
        case Window():
            yield from _window(expression, f"{path}/window")
        case Elapsed(direction, key):
            yield from _wrong_kind(key, DAYS, f"{path}/{direction.value}/fact")
        case Converted(_, operand):
            yield from _converted(operand, path)
        case Case():
            yield from _case(expression, path)
        case Calculation(operator, operands):
            inner = [
                found
                for place, operand in enumerate(operands)
                for found in _expression(operand, f"{path}/{operator.value}/{place}")
            ]
            yield from inner
            if not inner:
                yield from _calculation(expression, path)
        case _:
            return


def _converted(operand: Expression, path: str) -> Iterator[BadCondition]:
    inner = list(_expression(operand, f"{path}/to/1"))
    yield from inner
    if not inner and not is_time(unit(operand)):
        yield BadCondition(path, "wrong_unit", N_("只有年龄和时间长度可以换算单位。"))


def _case(case: Case, path: str) -> Iterator[BadCondition]:
    found: list[BadCondition] = []
    for place, (asked, value) in enumerate(case.branches):
        found.extend(problems(asked, f"{path}/case/{place}/0"))
        found.extend(_expression(value, f"{path}/case/{place}/1"))
    found.extend(_expression(case.otherwise, f"{path}/else") if case.otherwise else ())
    yield from found
    if not found and unit(case) == NONSENSE:
        yield BadCondition(path, "wrong_unit", N_("各种情况下的数值单位不同。"))


def _calculation(calculation: Calculation, path: str) -> Iterator[BadCondition]:
    if unit(calculation) == NONSENSE:
        yield BadCondition(path, "wrong_unit", N_("这几个数的单位不能这样运算。"))
    match calculation:
        case Calculation(Arithmetic.DIVIDE, (_, Literal(0))):
            yield BadCondition(path, "division_by_zero", N_("不能除以零。"))


def _comparison(condition: Comparison, path: str) -> Iterator[BadCondition]:
    sides = (condition.left, condition.right)
    inner = [
        found
        for place, side in enumerate(sides)
        for found in _expression(side, f"{path}/{condition.operator.value}/{place}")
    ]
    yield from inner
    if inner:
        return
    if not keys_of(condition):
        yield BadCondition(path, "no_fact", N_("比较的两边都是固定的数，没有用到任何数据项。"))
    elif (DATE in map(unit, sides) or BARE not in map(unit, sides)) and not alike(*map(unit, sides)):
        yield BadCondition(path, "wrong_unit", N_("比较的两边单位不同。"))
    else:
        yield from impossible(condition, path)


def _is_known(definition: FactDefinition, code: str) -> bool:
    if definition.kind == "region":
        return regions.find(code) is not None
    if definition.kind == "industry":
        return industries.find(code) is not None
    return not definition.choices or definition.choice(code) is not None


def _membership(condition: Membership, path: str) -> Iterator[BadCondition]:
    here = f"{path}/{condition.operator.value}"
    wrong = list(_wrong_kind(condition.key, KINDS[condition.operator], here + "/0"))
    yield from wrong
    if wrong:
        return
    known = facts()[condition.key]
    for place, code in enumerate(condition.codes):
        if not _is_known(known, code):
            yield BadCondition(
                f"{here}/1/{place}",
                "unknown_code",
                N_("“{fact}”没有代码“{given}”。"),
                fact=known.label_zh,
                key=known.key,
                given=code[:20],
            )


def _leaf(condition: Condition, path: str) -> Iterator[BadCondition]:
    match condition:
        case Comparison():
            yield from _comparison(condition, path)
        case Membership():
            yield from _membership(condition, path)
        case Flag(key):
            yield from _wrong_kind(key, frozenset({"flag"}), f"{path}/is/0")
        case OnList(key):
            yield from _wrong_kind(key, frozenset({"date"}), f"{path}/on_list/fact")
        case _:
            yield from contradiction(condition, path)


def problems(condition: Condition, path: str = "") -> tuple[BadCondition, ...]:
    """Everything wrong with a well-formed condition, in the order in which it stands; empty when it may be used."""
    found = list(_leaf(condition, path))
    for step, part in parts_of(condition):
        found.extend(problems(part, path + step))
    return tuple(found)


def value_problems(expression: Expression) -> tuple[BadCondition, ...]:
    """Everything wrong inside a value, whatever it is compared with."""
    return tuple(_expression(expression, ""))


def expression_problems(expression: Expression) -> tuple[BadCondition, ...]:
    """Everything wrong with a limit's formula: its facts, its units, and a value that is not money."""
    found = list(_expression(expression, ""))
    if not found and unit(expression) != MONEY and (keys_of_expression(expression) or unit(expression) != BARE):
        found.append(BadCondition("", "wrong_unit", N_("额度公式算出来的应当是金额。")))
    if isinstance(expression, Literal) and not 0 < expression.value <= MOST_MONEY:
        found.append(BadCondition("", "impossible", N_("没有这么多或这么少的额度，请核对数值和单位。")))
    return tuple(found)
