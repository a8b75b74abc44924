"""Which unit an expression's value has: the small algebra that keeps 分, ppm and counts apart."""

from finmart.conditions.types import Arithmetic, Calculation, Expression, Fact, Literal, Window, WindowOf
from finmart.reference.facts import unit_of

MONEY = "money"
RATIO = "ratio"
#: A bare number such as the 3 of "3 × sales"; it takes the unit of what it stands beside.
BARE = ""

_WINDOW_UNITS = {
    WindowOf.GROWTH: RATIO,
    WindowOf.COUNT: "count",
    WindowOf.LONGEST_GAP: "months",
    WindowOf.COVERS: "months",
}


def unit(expression: Expression) -> str:
    """``money`` (分), ``ratio`` (ppm), ``count``, ``years``, ``months``, ``days``, ``date`` …, or ``BARE``."""
    match expression:
        case Literal(_, given):
            return given or BARE
        case Fact(key):
            return unit_of(key)
        case Window(_, _, of):
            return _WINDOW_UNITS.get(of, MONEY)
        case Calculation(Arithmetic.TIMES, (left, right)):
            return _times(unit(left), unit(right))
        case Calculation(Arithmetic.DIVIDE, (left, right)):
            return _divide(unit(left), unit(right))
        case Calculation(_, operands):
            return next((known for known in map(unit, operands) if known), BARE)


def _times(left: str, right: str) -> str:
    """A share of something, or so many times it, is of that thing's unit."""
    if left in {BARE, RATIO} or (left == "count" and right):
        return right or left
    return left


def _divide(left: str, right: str) -> str:
    """Two of a kind give a ratio; anything else stays what it was."""
    return RATIO if left == right and left else left
