"""A leaf of a condition as a test of one column, so that leaves that say the same are the same."""

from dataclasses import dataclass

from finmart.conditions.evaluate import compute
from finmart.conditions.types import (
    Arithmetic,
    Calculation,
    Compare,
    Comparison,
    Expression,
    Flag,
    Leaf,
    MemberOf,
    Membership,
    OnList,
)
from finmart.conditions.walk import keys_of, keys_of_expression
from finmart.matching.engine.plan.types import Kind, Number

_MIRRORED = {
    Compare.GE: Compare.LE,
    Compare.GT: Compare.LT,
    Compare.LE: Compare.GE,
    Compare.LT: Compare.GT,
    Compare.EQ: Compare.EQ,
    Compare.NE: Compare.NE,
}
#: operator → the positive one that it is or is the opposite of.
_POSITIVE = {
    Compare.GE: (Compare.GE, False),
    Compare.LT: (Compare.GE, True),
    Compare.LE: (Compare.LE, False),
    Compare.GT: (Compare.LE, True),
    Compare.EQ: (Compare.EQ, False),
    Compare.NE: (Compare.EQ, True),
}
_MEMBER = {
    MemberOf.IN: (MemberOf.HAS_ANY, False),
    MemberOf.NOT_IN: (MemberOf.HAS_ANY, True),
    MemberOf.HAS_ANY: (MemberOf.HAS_ANY, False),
    MemberOf.HAS_NONE: (MemberOf.HAS_ANY, True),
    MemberOf.HAS_ALL: (MemberOf.HAS_ALL, False),
    MemberOf.INDUSTRY_IN: (MemberOf.INDUSTRY_IN, False),
    MemberOf.REGION_IN: (MemberOf.REGION_IN, False),
}


@dataclass(frozen=True)
class Asked:
    """What a leaf asks: a test of the column (``kind``, ``source``), and whether the leaf is that test's opposite.

    ``operator`` and ``bound`` are those of ``types.Test``; ``leaf`` says the same in the language.
    """

    kind: Kind
    source: Expression | str | OnList
    keys: tuple[str, ...]
    operator: Compare | None
    bound: Number | Membership
    opposite: bool
    leaf: Leaf


@dataclass(frozen=True)
class Settled:
    """A comparison of constants: True, False, or None where a constant cannot be worked out (a division by zero)."""

    met: bool | None


def exact(number: Number) -> Number:
    """The same number, as an int where it is one."""
    return number.numerator if number.denominator == 1 else number


def _constant(expression: Expression) -> bool:
    return not keys_of_expression(expression)


def _value(expression: Expression) -> Number | None:
    found = compute(expression, {}).exact
    return None if found is None else exact(found)


_HOLDS = {Compare.GE: lambda a, b: a >= b, Compare.LE: lambda a, b: a <= b, Compare.EQ: lambda a, b: a == b}


def _settled(operator: Compare, left: Number | None, right: Number | None) -> Settled:
    if left is None or right is None:
        return Settled(None)
    positive, opposite = _POSITIVE[operator]
    return Settled(_HOLDS[positive](left, right) is not opposite)


def _against(operator: Compare, column: Expression, bound: Number | None, right: Expression) -> Asked | Settled:
    if bound is None:
        return Settled(None)
    positive, opposite = _POSITIVE[operator]
    leaf = Comparison(positive, column, right)
    return Asked(Kind.NUMBER, column, keys_of_expression(column), positive, bound, opposite, leaf)


def _comparison(leaf: Comparison) -> Asked | Settled:
    left, right, operator = leaf.left, leaf.right, leaf.operator
    if _constant(left) and _constant(right):
        return _settled(operator, _value(left), _value(right))
    if _constant(right):
        return _against(operator, left, _value(right), right)
    if _constant(left):
        return _against(_MIRRORED[operator], right, _value(left), left)
    positive, opposite = _POSITIVE[operator]
    difference = Calculation(Arithmetic.MINUS, (left, right))
    return Asked(Kind.NUMBER, difference, keys_of(leaf), positive, 0, opposite, Comparison(positive, left, right))


def _membership(leaf: Membership) -> Asked:
    operator, opposite = _MEMBER[leaf.operator]
    same = Membership(operator, leaf.key, tuple(sorted(set(leaf.codes))))
    return Asked(Kind.CODES, leaf.key, (leaf.key,), None, same, opposite, same)


def asked_by(leaf: Leaf) -> Asked | Settled:
    """What ``leaf`` asks, in the one form of all leaves that say the same or the opposite."""
    match leaf:
        case Comparison():
            return _comparison(leaf)
        case Membership():
            return _membership(leaf)
        case Flag(key, expected):
            return Asked(Kind.FLAG, key, (key,), Compare.EQ, 1, not expected, Flag(key, True))
        case OnList():
            return Asked(Kind.ENTRY, leaf, keys_of(leaf), Compare.EQ, 1, False, leaf)
