"""Expressions worked out for all rows of a table at once: ``conditions.evaluate`` read column by column."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from finmart.conditions.evaluate import compute, conversion_factor, evaluate_leaf
from finmart.conditions.types import (
    All,
    AnyOf,
    Arithmetic,
    AtLeast,
    Calculation,
    Case,
    Comparison,
    Condition,
    Converted,
    Day,
    Elapsed,
    Expression,
    Fact,
    FactValue,
    Flag,
    Leaf,
    Literal,
    Membership,
    Not,
    OnList,
    State,
    Unless,
    Value,
    Window,
)
from finmart.conditions.units import BARE, DATE, RATIO, alike, unit
from finmart.conditions.walk import AS_OF, keys_of
from finmart.matching.engine.bulk import exact
from finmart.matching.engine.bulk.exact import Exact, Mask
from finmart.matching.engine.bulk.months import Trail, window_values
from finmart.matching.engine.bulk.table import Dictionary, Table
from finmart.reference.facts import PPM, unit_of

_STATES = {State.MET: 2, State.UNKNOWN: 1, State.NOT_MET: 0}
States = NDArray[np.uint8]
#: Of more pairs of a value and a day only those that occur are judged.
MOST_PAIRS = 100_000
#: Answers that are remembered of distinct values, all leaves together; beyond it they are asked for anew.
MOST_ANSWERS = 1 << 23


@dataclass
class Lookups:
    """What the plain evaluator said of distinct values; parts of one table share their values, and so these answers.

    A catalogue goes on from one table to the next, whose values are others: what is remembered is bounded.
    """

    states: dict[tuple[Leaf, int, int], tuple[States, object]] = field(default_factory=dict)
    chosen: dict[tuple[Leaf, int], tuple[NDArray[np.intp], NDArray[np.intp], object]] = field(default_factory=dict)
    answers: int = 0

    def leaf(self, leaf: Leaf, column: Dictionary, days: Dictionary | None = None) -> States:
        """The state for every value (the last: not known), or for every pair of value and day, days running fastest."""
        name = (leaf, id(column.values), id(days.values) if days is not None else 0)
        known = self.states.get(name)
        if known is not None:
            return known[0]
        facts = _each(leaf, column, days)
        found = np.array([_STATES[evaluate_leaf(leaf, each).state] for each in facts], dtype=np.uint8)
        if self.answers + len(found) > MOST_ANSWERS:
            # New ones in place of these, which whoever reads them at this moment keeps whole.
            self.states, self.chosen, self.answers = {}, {}, 0
        self.answers += len(found)
        # The values are kept beside the answers, so that their identity cannot pass to others.
        self.states[name] = found, (column.values, days and days.values)
        return found

    def places(self, leaf: Leaf, column: Dictionary) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The values (the last: not known) with which a leaf is met, and with which it is unknown."""
        states = self.leaf(leaf, column)
        name = (leaf, id(column.values))
        known = self.chosen.get(name)
        if known is None:
            known = self.chosen[name] = np.flatnonzero(states == 2), np.flatnonzero(states == 1), column.values
        return known[:2]


@dataclass
class Reckoner:
    """Works out expressions and leaves on one table; an expression that is asked for twice is worked out once."""

    table: Table
    lookups: Lookups = field(default_factory=Lookups)
    found: dict[Expression, Exact] = field(default_factory=dict)
    trails: dict[str, Trail] = field(default_factory=dict)

    @property
    def nbytes(self) -> int:
        """How large what has been worked out is."""
        figures = sum(each.over.nbytes + each.under.nbytes for each in self.found.values())
        return figures + sum(each.nbytes for each in self.trails.values())

    def forget(self, but: frozenset[Expression]) -> None:
        """Give back what has been worked out, ``but`` this: the next figure then takes memory that is still near."""
        self.found = {figure: self.found[figure] for figure in but & self.found.keys()}

    def _trail(self, series: str) -> Trail:
        if series not in self.trails:
            self.trails[series] = Trail(self.table.monthly(series))
        return self.trails[series]

    def value(self, expression: Expression) -> Exact:
        """The exact value in every row, known or not."""
        found = self.found.get(expression)
        if found is None:
            given = self.table.figures.get(expression)
            found = self.found[expression] = self._value(expression) if given is None else given
        return found

    def _value(self, expression: Expression) -> Exact:
        match expression:
            case Literal(value):
                return exact.constant(Fraction(value))
            case Day(day):
                return exact.constant(Fraction(day.toordinal()))
            case Fact(key):
                column = self.table.days(key) if unit_of(key) == DATE else self.table.whole(key)
                return exact.whole(column.values, column.known)
            case Window():
                return window_values(expression, self._trail(expression.series))
            case Elapsed():
                return self._elapsed(expression)
            case Converted():
                return self._converted(expression)
            case Calculation():
                return self._calculated(expression)
            case Case():
                return self._case(expression)

    def _elapsed(self, elapsed: Elapsed) -> Exact:
        codes, pairs = self._with_day(elapsed.key)
        found = [compute(elapsed, facts).exact for facts in pairs]
        known = np.array([each is not None for each in found])
        values = exact.numbers([0 if each is None else int(each) for each in found])
        return exact.whole(values[codes], known[codes])

    def _with_day(self, key: str) -> tuple[NDArray[np.intp], list[dict[str, FactValue]]]:
        """Every distinct pair of ``key``'s value and the day of the match, and each row's pair."""
        column, days = self.table.dictionary(key), self.table.dictionary(AS_OF)
        width = len(days.values) + 1
        joint = (column.codes.astype(np.int64) + 1) * width + days.codes + 1
        pairs, codes = np.unique(joint, return_inverse=True)
        facts = [_facts({key: _at(column, pair // width), AS_OF: _at(days, pair % width)}) for pair in pairs.tolist()]
        return codes.reshape(-1), facts

    def _converted(self, converted: Converted) -> Exact:
        factor = exact.constant(conversion_factor(converted))
        return exact.times(self.value(converted.operand), factor)

    def _calculated(self, calculation: Calculation) -> Exact:
        values = [self.value(operand) for operand in calculation.operands]
        match calculation.operator:
            case Arithmetic.TIMES:
                return _times(calculation, values[0], values[1])
            case Arithmetic.DIVIDE:
                return _divide(calculation, values[0], values[1])
            case Arithmetic.MINUS:
                return exact.plus(values[0], exact.negative(values[1]))
            case _:
                return reduce(_JOINED[calculation.operator], values)

    def _case(self, case: Case) -> Exact:
        """The first branch that is met; an undecided one before it leaves the row unknown."""
        found = exact.unknown()
        undecided = np.ones(self.table.size, dtype=np.bool_)
        for asked, value in case.branches:
            states = self.states(asked)
            found = exact.choose(undecided & (states == _STATES[State.MET]), self.value(value), found)
            undecided &= states == _STATES[State.NOT_MET]
        if case.otherwise is None:
            return found
        return exact.choose(undecided, self.value(case.otherwise), found)

    def states(self, condition: Condition) -> States:
        """0 not met, 1 unknown, 2 met, row by row."""
        match condition:
            case All(parts):
                return self._group(len(parts), parts)
            case AnyOf(parts):
                return self._group(1, parts)
            case AtLeast(count, parts):
                return self._group(count, parts)
            case Unless(exception, part):
                return self._group(1, (exception, part))
            case Not(part):
                return 2 - self.states(part)
            case _:
                met, possible = self.leaf(condition)
                return met.astype(np.uint8) + possible.astype(np.uint8)

    def _group(self, count: int, parts: tuple[Condition, ...]) -> States:
        met = np.zeros(self.table.size, dtype=np.int64)
        possible = met.copy()
        for part in parts:
            states = self.states(part)
            met += states == 2
            possible += states >= 1
        return (met >= count).astype(np.uint8) + (possible >= count).astype(np.uint8)

    def leaf(self, leaf: Leaf) -> tuple[Mask, Mask]:
        """Where a leaf is met, and where it is met or unknown."""
        match leaf:
            case Comparison(operator, left, right):
                one, other = self.value(left), self.value(right)
                known = np.broadcast_to(one.known & other.known, (self.table.size,))
                met = exact.compare(operator, one, other) & known
                return met, met | ~known
            case _:
                states = self.looked_up(leaf)
                return states == 2, states >= 1

    def looked_up(self, leaf: Membership | Flag | OnList) -> States:
        """The plain evaluator's answer for each distinct value, spread over the rows."""
        column = self.table.dictionary(leaf.key)
        if not isinstance(leaf, OnList):
            return self.lookups.leaf(leaf, column)[column.codes]
        days = self.table.dictionary(AS_OF)
        width = len(days.values) + 1
        if width * len(column.values) > MOST_PAIRS:
            codes, pairs = self._with_day(leaf.key)
            return np.array([_STATES[evaluate_leaf(leaf, each).state] for each in pairs], dtype=np.uint8)[codes]
        states: States = self.lookups.leaf(leaf, column, days)[_place(column) * width + _place(days)]
        return states


def _place(column: Dictionary) -> NDArray[np.intp]:
    """Each row's place among the values, what is not known last."""
    codes = column.codes.astype(np.intp)
    return np.where(codes < 0, len(column.values), codes)


def _each(leaf: Leaf, column: Dictionary, days: Dictionary | None) -> list[dict[str, FactValue]]:
    key = keys_of(leaf)[0]
    known = [_facts({key: value}) for value in (*column.values, None)]
    if days is None:
        return known
    each_day = [_facts({AS_OF: day}) for day in (*days.values, None)]
    return [{**one, **day} for one in known for day in each_day]


def _at(column: Dictionary, place: int) -> Value | None:
    return column.values[place - 1] if place else None


def _facts(values: Mapping[str, Value | None]) -> dict[str, FactValue]:
    return {key: FactValue(value, None, "", "") for key, value in values.items() if value is not None}


_JOINED: Mapping[Arithmetic, Callable[[Exact, Exact], Exact]] = {
    Arithmetic.PLUS: exact.plus,
    Arithmetic.MIN: exact.least,
    Arithmetic.MAX: exact.most,
}


def _times(calculation: Calculation, left: Exact, right: Exact) -> Exact:
    units = set(map(unit, calculation.operands))
    product = exact.times(left, right)
    return exact.times(product, exact.constant(Fraction(1, PPM))) if RATIO in units and BARE not in units else product


def _divide(calculation: Calculation, left: Exact, right: Exact) -> Exact:
    over, under = map(unit, calculation.operands)
    quotient = exact.divide(left, right)
    if under == RATIO or (over != BARE and alike(over, under)):
        return exact.times(quotient, exact.constant(Fraction(PPM)))
    return quotient
