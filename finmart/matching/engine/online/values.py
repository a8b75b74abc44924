"""Expressions as functions: the value that ``conditions.evaluate.compute`` gives, as an int wherever it is one.

Only the value, not what is missing: words are made for what is shown, by the plain evaluator.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from finmart.conditions.evaluate import compute, evaluate
from finmart.conditions.types import (
    Arithmetic,
    Calculation,
    Case,
    Expression,
    Fact,
    FactValue,
    Literal,
    State,
    Window,
    WindowOf,
    is_day,
)
from finmart.conditions.units import BARE, DATE, RATIO, alike, unit
from finmart.conditions.windows import figure_over, series_of
from finmart.matching.engine.plan.types import Number
from finmart.reference.facts import PPM, unit_of

Months: TypeAlias = tuple[int, ...]


class Known:
    """One applicant's facts, with each series checked once."""

    __slots__ = ("_series", "facts")

    def __init__(self, facts: Mapping[str, FactValue]) -> None:
        self.facts = facts
        self._series: dict[str, Months | None] = {}

    def series(self, key: str) -> Months | None:
        """The months of a series; None when it is not known."""
        if key not in self._series:
            self._series[key] = series_of(key, self.facts)
        return self._series[key]


Value: TypeAlias = Callable[[Known], Number | None]


def divided(above: Number, below: Number) -> Number:
    """The exact quotient; ``below`` is not zero."""
    if isinstance(above, int) and isinstance(below, int) and not above % below:
        return above // below
    return Fraction(above) / below


def _fact(key: str) -> Value:
    if unit_of(key) == DATE:

        def day(known: Known) -> Number | None:
            found = known.facts.get(key)
            return found.value.toordinal() if found is not None and is_day(found.value) else None

        return day

    def number(known: Known) -> Number | None:
        found = known.facts.get(key)
        if found is None or isinstance(found.value, bool) or not isinstance(found.value, int):
            return None
        return found.value

    return number


_OVER_MONTHS: Mapping[WindowOf, Callable[[Months], Number]] = {
    WindowOf.SUM: sum,
    WindowOf.MAX: max,
    WindowOf.MIN: min,
    WindowOf.MEAN: lambda months: divided(sum(months), len(months)),
}


def _window(window: Window) -> Value:
    key, start, end = window.series, window.skip, window.skip + window.months
    over = _OVER_MONTHS.get(window.of)
    if over is None or window.months < 1:

        def figure(known: Known) -> Number | None:
            series = known.series(key)
            return None if series is None else figure_over(window, series)

        return figure

    def plain(known: Known) -> Number | None:
        series = known.series(key)
        return None if series is None or len(series) < end else over(series[start:end])

    return plain


def _times(calculation: Calculation) -> Callable[[list[Number]], Number | None]:
    units = sorted(map(unit, calculation.operands))
    if RATIO in units and BARE not in units:
        return lambda values: divided(values[0] * values[1], PPM)
    return lambda values: values[0] * values[1]


def _divide(calculation: Calculation) -> Callable[[list[Number]], Number | None]:
    left, right = map(unit, calculation.operands)
    factor = PPM if right == RATIO or (left != BARE and alike(left, right)) else 1
    return lambda values: divided(values[0] * factor, values[1]) if values[1] else None


_SIMPLE: Mapping[Arithmetic, Callable[[list[Number]], Number | None]] = {
    Arithmetic.PLUS: sum,
    Arithmetic.MINUS: lambda values: values[0] - values[1],
    Arithmetic.MIN: min,
    Arithmetic.MAX: max,
}


def _calculation(calculation: Calculation) -> Value:
    operands = tuple(map(value_of, calculation.operands))
    if calculation.operator is Arithmetic.TIMES:
        apply = _times(calculation)
    elif calculation.operator is Arithmetic.DIVIDE:
        apply = _divide(calculation)
    else:
        apply = _SIMPLE[calculation.operator]

    def worked_out(known: Known) -> Number | None:
        values = []
        for operand in operands:
            value = operand(known)
            if value is None:
                return None
            values.append(value)
        return apply(values)

    return worked_out


def _case(case: Case) -> Value:
    branches = [(asked, value_of(value)) for asked, value in case.branches]
    otherwise = value_of(case.otherwise) if case.otherwise else None

    def chosen(known: Known) -> Number | None:
        for asked, value in branches:
            state = evaluate(asked, known.facts).state
            if state is not State.NOT_MET:
                return value(known) if state is State.MET else None
        return otherwise(known) if otherwise else None

    return chosen


@lru_cache(maxsize=1 << 14)
def value_of(expression: Expression) -> Value:
    """The function that works ``expression`` out of an applicant's facts; None where that cannot be known."""
    match expression:
        case Literal(value):
            return lambda _known: value
        case Fact(key):
            return _fact(key)
        case Window():
            return _window(expression)
        case Calculation():
            return _calculation(expression)
        case Case():
            return _case(expression)
        case _:
            return lambda known: compute(expression, known.facts).exact
