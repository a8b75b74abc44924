"""The least and the most an expression can give while facts are missing: exact interval arithmetic.

A missing fact lies between the stated bounds of its kind (``reference/data/fact_bounds.csv``). The true value always
lies inside; an expression that mentions a missing fact twice may get a wider interval than necessary, never a narrower.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from finmart.conditions.evaluate import apply_operator, compute, conversion_factor, evaluate
from finmart.conditions.types import (
    Arithmetic,
    Calculation,
    Case,
    Converted,
    Expression,
    Fact,
    Facts,
    State,
    Window,
    WindowOf,
)
from finmart.reference.facts import bounds_of

#: An exact number, or infinity of either sign.
Extended = Fraction | float
_ONE = Fraction(1)


@dataclass(frozen=True)
class Interval:
    """``low`` ≤ value ≤ ``high``; an infinite end is unbounded."""

    low: Extended = -math.inf
    high: Extended = math.inf

    @property
    def ends(self) -> tuple[Extended, Extended]:
        """Both ends."""
        return self.low, self.high


ANYTHING = Interval()


def _hull(parts: Iterable[Interval]) -> Interval:
    found = list(parts)
    return Interval(min(part.low for part in found), max(part.high for part in found))


def _between(low: int | None, high: int | None) -> Interval:
    return Interval(-math.inf if low is None else Fraction(low), math.inf if high is None else Fraction(high))


def _sum(left: Extended, right: Extended) -> Extended:
    # A fraction beside an infinity is never converted to a float: it may be too large for one.
    return next((end for end in (left, right) if isinstance(end, float)), None) or Fraction(left) + Fraction(right)


def _product(left: Extended, right: Extended, factor: Fraction) -> Extended:
    if left == 0 or right == 0:
        return Fraction(0)
    if isinstance(left, float) or isinstance(right, float):
        return math.inf if (left > 0) == (right > 0) else -math.inf
    return left * right * factor


def _inverse(end: Extended) -> Extended:
    return Fraction(0) if isinstance(end, float) else 1 / end


def _factor(calculation: Calculation) -> Fraction:
    """What the units of the operands multiply the bare result by (a share of something divides by a million)."""
    return apply_operator(calculation, [_ONE, _ONE]) or _ONE


def _times(left: Interval, right: Interval, factor: Fraction) -> Interval:
    products = [_product(a, b, factor) for a in left.ends for b in right.ends]
    return Interval(min(products), max(products))


def _calculated(calculation: Calculation, parts: list[Interval]) -> Interval:
    match calculation.operator:
        case Arithmetic.PLUS:
            low, high = parts[0].ends
            for part in parts[1:]:
                low, high = _sum(low, part.low), _sum(high, part.high)
            return Interval(low, high)
        case Arithmetic.MINUS:
            left, right = parts
            return Interval(_sum(left.low, -right.high), _sum(left.high, -right.low))
        case Arithmetic.TIMES:
            return _times(parts[0], parts[1], _factor(calculation))
        case Arithmetic.DIVIDE:
            if parts[1].low <= 0 <= parts[1].high:
                # Nobody could say what the share of nothing is, so nothing can be said of the whole.
                return ANYTHING
            low, high = _inverse(parts[1].high), _inverse(parts[1].low)
            return _times(parts[0], Interval(low, high), _factor(calculation))
        case Arithmetic.MIN:
            return Interval(min(part.low for part in parts), min(part.high for part in parts))
        case Arithmetic.MAX:
            return Interval(max(part.low for part in parts), max(part.high for part in parts))


def _window(window: Window) -> Interval:
    match window.of:
        case WindowOf.COUNT:
            return _between(0, window.months // (window.every or 1))
        case WindowOf.LONGEST_GAP:
            return _between(0, window.months)
        case WindowOf.COVERS:
            return _between(0, None)
        case _:
            return ANYTHING


def _case(case: Case, facts: Facts) -> Interval:
    """Every branch that may be the one: those unknown, up to the first that is met."""
    possible = []
    for asked, value in case.branches:
        state = evaluate(asked, facts).state
        if state is not State.NOT_MET:
            possible.append(bounds(value, facts))
        if state is State.MET:
            return _hull(possible)
    return _hull([*possible, ANYTHING if case.otherwise is None else bounds(case.otherwise, facts)])


def bounds(expression: Expression, facts: Facts) -> Interval:
    """Between which ends the expression's value lies for every value its missing facts may have."""
    match expression:
        case Calculation():
            return _calculated(expression, [bounds(operand, facts) for operand in expression.operands])
        case Case():
            return _case(expression, facts)
        case Converted(_, operand):
            factor = conversion_factor(expression)
            return _times(bounds(operand, facts), Interval(factor, factor), _ONE)
    exact = compute(expression, facts).exact
    if exact is not None:
        return Interval(exact, exact)
    match expression:
        case Fact(key):
            return _between(*bounds_of(key))
        case Window():
            return _window(expression)
        case _:
            return ANYTHING
