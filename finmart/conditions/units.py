"""Which unit an expression's value has: the small algebra that keeps 分, ppm, counts and lengths of time apart."""

from finmart.conditions.types import (
    Arithmetic,
    Calculation,
    Case,
    Converted,
    Day,
    Elapsed,
    Expression,
    Fact,
    Literal,
    Window,
    WindowOf,
)
from finmart.reference.facts import unit_of

MONEY = "money"
RATIO = "ratio"
COUNT = "count"
#: A calendar day: it is compared with days and never reckoned with; lengths of time come from ``since`` and ``until``.
DATE = "date"
#: A bare number such as the 3 of "3 × sales"; it takes the unit of what it stands beside.
BARE = ""
#: What no calculation may yield: yuan times yuan, months plus yuan.
NONSENSE = "nonsense"

#: Lengths of time, which do not mix with each other.
TIMES = frozenset({"years", "months", "days"})
AGE = "age"
_PLAIN = frozenset({MONEY, RATIO, DATE, BARE, NONSENSE}) | TIMES

_WINDOW_UNITS = {
    WindowOf.GROWTH: RATIO,
    WindowOf.COUNT: COUNT,
    WindowOf.LONGEST_GAP: "months",
    WindowOf.COVERS: "months",
}


def is_time(found: str) -> bool:
    """Whether a value of this unit is an age or a length of time, which ``to`` can say in another unit."""
    return found in TIMES or found == AGE


def alike(left: str, right: str) -> bool:
    """Whether numbers of the two units may be compared, added or divided into a ratio; people and times are counts."""
    return _kind(left) == _kind(right)


def _kind(unit: str) -> str:
    return unit if unit in _PLAIN else COUNT


def unit(expression: Expression) -> str:
    """``money`` (分), ``ratio`` (ppm), ``years`` …, a kind of count, ``BARE`` or ``NONSENSE``."""
    match expression:
        case Literal(_, given):
            return given or BARE
        case Day():
            return DATE
        case Fact(key):
            return unit_of(key)
        case Elapsed(_, _, given) | Converted(given):
            return given.value
        case Window(series, _, of):
            return _WINDOW_UNITS.get(of) or unit_of(series)
        case Calculation(Arithmetic.TIMES, (left, right)):
            return _times(unit(left), unit(right))
        case Calculation(Arithmetic.DIVIDE, (left, right)):
            return _divide(unit(left), unit(right))
        case Calculation(_, operands):
            found = _together([unit(operand) for operand in operands])
            return NONSENSE if found == DATE else found
        case Case(branches, otherwise):
            values = [value for _, value in branches] + ([otherwise] if otherwise else [])
            return _together([unit(value) for value in values])


def _together(units: list[str]) -> str:
    known = [each for each in units if each != BARE]
    if not known:
        return BARE
    return known[0] if all(alike(known[0], each) for each in known) else NONSENSE


def _times(left: str, right: str) -> str:
    """A share of something, or so many times it, is of that thing's unit; so much a month times months is money."""
    kinds = {_kind(left), _kind(right)}
    if kinds & {NONSENSE, DATE} or (left == right == MONEY) or (kinds <= TIMES):
        return NONSENSE
    for strongest in (MONEY, *sorted(TIMES), COUNT, RATIO):
        if strongest in kinds:
            return left if _kind(left) == strongest else right
    return BARE


def _divide(left: str, right: str) -> str:
    """Two of a kind give a ratio; money by a count or a length of time is so much each; the rest stays what it was."""
    if {left, right} & {NONSENSE, DATE}:
        return NONSENSE
    if right in {BARE, RATIO}:
        return left
    if alike(left, right):
        return RATIO
    return MONEY if left == MONEY else NONSENSE
