"""Checking a condition against the fact dictionary: unknown facts, wrong units, impossible and contradicting parts."""

from collections.abc import Iterator
from fractions import Fraction

from finmart.conditions.errors import BadCondition
from finmart.conditions.types import (
    All,
    AnyOf,
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
)
from finmart.conditions.units import BARE, unit
from finmart.reference import industries, regions
from finmart.reference.facts import facts

_NUMBERS = frozenset({"money", "ratio", "count", "years", "months", "days"})
_KINDS = {
    MemberOf.IN: frozenset({"code", "codes"}),
    MemberOf.NOT_IN: frozenset({"code", "codes"}),
    MemberOf.HAS_ANY: frozenset({"codes"}),
    MemberOf.HAS_ALL: frozenset({"codes"}),
    MemberOf.HAS_NONE: frozenset({"codes"}),
    MemberOf.INDUSTRY_IN: frozenset({"industry"}),
    MemberOf.REGION_IN: frozenset({"region"}),
}


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The conditions right inside a group; none inside a leaf."""
    match condition:
        case All(parts) | AnyOf(parts) | AtLeast(_, parts):
            return parts
        case Unless(exception, part):
            return (exception, part)
        case Not(part):
            return (part,)
        case _:
            return ()


def keys_of_condition(condition: Condition) -> frozenset[str]:
    """Every fact a condition speaks of."""
    match condition:
        case Comparison(_, left, right):
            return _keys(left) | _keys(right)
        case Membership(_, key) | Flag(key) | OnList(key):
            return frozenset({key})
        case _:
            return frozenset().union(*(keys_of_condition(part) for part in parts_of(condition)))


def _keys(expression: Expression) -> frozenset[str]:
    match expression:
        case Fact(key) | Window(key):
            return frozenset({key})
        case Calculation(_, operands):
            return frozenset().union(*(_keys(operand) for operand in operands))
        case _:
            return frozenset()


def _unknown(key: str, path: str) -> BadCondition | None:
    return None if key in facts() else BadCondition(path, "unknown_fact", f"no fact is called {key!r}", key=key)


def _wrong_kind(key: str, allowed: frozenset[str], path: str) -> BadCondition | None:
    known = facts().get(key)
    if known is None:
        return _unknown(key, path)
    if known.kind in allowed:
        return None
    return BadCondition(path, "wrong_kind", f"{known.label_en} cannot be used like this", key=key, kind=known.kind)


def _expression(expression: Expression, path: str) -> Iterator[BadCondition]:
    found: BadCondition | None = None
    match expression:
        case Fact(key):
            found = _wrong_kind(key, _NUMBERS | {"date"}, path)
        case Window(key):
            found = _wrong_kind(key, frozenset({"series"}), path)
        case Calculation(_, operands):
            for number, operand in enumerate(operands):
                yield from _expression(operand, f"{path}/{expression.operator.value}/{number}")
        case _:
            pass
    if found is not None:
        yield found


def _comparison(condition: Comparison, path: str) -> Iterator[BadCondition]:
    yield from _expression(condition.left, f"{path}/{condition.operator.value}/0")
    yield from _expression(condition.right, f"{path}/{condition.operator.value}/1")
    left, right = unit(condition.left), unit(condition.right)
    if left != right and BARE not in {left, right}:
        yield BadCondition(path, "wrong_unit", f"{left} cannot be compared with {right}", left=left, right=right)


def _codes(condition: Membership, path: str) -> Iterator[BadCondition]:
    known = facts()[condition.key]
    for code in condition.codes:
        unknown = (
            (known.kind == "region" and regions.find(code) is None)
            or (known.kind == "industry" and industries.find(code) is None)
            or (bool(known.choices) and known.choice(code) is None)
        )
        if unknown:
            yield BadCondition(path, "unknown_code", f"{known.label_en} has no code {code!r}", given=code)


def _leaf(condition: Condition, path: str) -> Iterator[BadCondition]:
    match condition:
        case Comparison():
            yield from _comparison(condition, path)
        case Membership(operator, key):
            wrong = _wrong_kind(key, _KINDS[operator], path)
            if wrong is not None:
                yield wrong
            else:
                yield from _codes(condition, path)
        case Flag(key):
            wrong = _wrong_kind(key, frozenset({"flag"}), path)
            if wrong is not None:
                yield wrong
        case OnList(key):
            wrong = _wrong_kind(key, frozenset({"date"}), path)
            if wrong is not None:
                yield wrong
        case _:
            return


def _bounds(parts: tuple[Condition, ...]) -> Iterator[tuple[Expression, Compare, int]]:
    for part in parts:
        if isinstance(part, Comparison) and isinstance(part.right, Literal):
            yield part.left, part.operator, part.right.value


def _contradiction(condition: Condition, path: str) -> BadCondition | None:
    """Bounds on one expression inside one ``all`` that no value can satisfy."""
    if not isinstance(condition, All):
        return None
    lows: dict[Expression, tuple[Fraction, bool]] = {}
    highs: dict[Expression, tuple[Fraction, bool]] = {}
    for left, operator, value in _bounds(condition.parts):
        bound = (Fraction(value), operator in {Compare.GT, Compare.LT})
        if operator in {Compare.GE, Compare.GT, Compare.EQ}:
            lows[left] = max(lows.get(left, bound), bound)
        if operator in {Compare.LE, Compare.LT, Compare.EQ}:
            highs[left] = min(highs.get(left, bound), (bound[0], bound[1]), key=lambda each: (each[0], not each[1]))
    for left in lows.keys() & highs.keys():
        (low, low_open), (high, high_open) = lows[left], highs[left]
        if low > high or (low == high and (low_open or high_open)):
            return BadCondition(path, "contradiction", "no value can satisfy both bounds", low=str(low), high=str(high))
    return None


def problems(condition: Condition, path: str = "") -> tuple[BadCondition, ...]:
    """Everything wrong with a well-formed condition, in the order in which it stands; empty when it may be used."""
    found = list(_leaf(condition, path))
    contradiction = _contradiction(condition, path)
    if contradiction is not None:
        found.append(contradiction)
    for number, part in enumerate(parts_of(condition)):
        found.extend(problems(part, f"{path}/{number}"))
    return tuple(found)


def expression_problems(expression: Expression) -> tuple[BadCondition, ...]:
    """Everything wrong with a limit's formula: its facts, and a unit other than money."""
    found = list(_expression(expression, ""))
    if not found and unit(expression) not in {"money", BARE}:
        found.append(BadCondition("", "wrong_unit", "a limit must be an amount of money"))
    return tuple(found)
