"""Facts of many subjects in columns, one a fact; a subject is a row.

A column is kept as what it mostly is: whole numbers, monthly series (one array a month), or a dictionary of whatever
values there are. Every condition may still ask any column anything: what does not have the type that the operator needs
is not known, as in the plain evaluator.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from finmart.conditions.types import Expression, FactValue, Value, is_day
from finmart.matching.engine.bulk.exact import LARGEST, Exact, Mask, Numbers, numbers, rows
from finmart.matching.engine.inputs import ApplicantFacts

Codes: TypeAlias = NDArray[np.signedinteger[Any]]


@dataclass(frozen=True)
class Dictionary:
    """``codes[row]`` is a place in ``values``, −1 where nothing is known."""

    codes: Codes
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Whole:
    """Whole numbers; a row that is not known holds zero."""

    values: Numbers
    known: Mask


@dataclass(frozen=True)
class Monthly:
    """``months[m]`` are all rows' values m months back; ``lengths[row]`` says how far a row reaches, −1: not known.

    Months beyond a row's length hold zero. They are int32 or int64 where all of a row's sums are int64, else Python's
    own integers.
    """

    months: Numbers
    lengths: NDArray[np.signedinteger[Any]]


Column: TypeAlias = Dictionary | Whole | Monthly
#: What a whole number and a series are to conditions that ask for codes, flags or days.
_A_NUMBER: tuple[Value, ...] = (0,)
_SERIES: tuple[Value, ...] = ((), (0,))


@dataclass(frozen=True)
class Table:
    """``size`` subjects; a fact without a column is known of nobody.

    ``figures`` are what somebody has worked out before: they are not worked out again.
    """

    size: int
    columns: Mapping[str, Column]
    figures: Mapping[Expression, Exact] = field(default_factory=dict)

    def part(self, start: int, end: int) -> "Table":
        """The rows from ``start`` to before ``end``; nothing is copied."""
        columns = {key: _part(each, start, end) for key, each in self.columns.items()}
        figures = {figure: rows(each, start, end) for figure, each in self.figures.items()}
        return Table(min(end, self.size) - start, columns, figures)

    def dictionary(self, key: str) -> Dictionary:
        """The column as values: what conditions on codes, flags and dated lists read."""
        column = self.columns.get(key)
        match column:
            case None:
                return Dictionary(np.full(self.size, -1, dtype=np.int8), ())
            case Dictionary():
                return column
            case Whole(_, known):
                return Dictionary(np.where(known, 0, -1).astype(np.int8), _A_NUMBER)
            case Monthly(_, lengths):
                return Dictionary(np.minimum(lengths, 1).astype(np.int8), _SERIES)

    def whole(self, key: str) -> Whole:
        """The column as whole numbers."""
        column = self.columns.get(key)
        if isinstance(column, Whole):
            return column
        if not isinstance(column, Dictionary):
            return Whole(np.zeros(self.size, dtype=np.int64), np.zeros(self.size, dtype=np.bool_))
        return _looked_up(column, [_number(value) for value in column.values])

    def days(self, key: str) -> Whole:
        """The column as ordinals of days."""
        column = self.dictionary(key)
        return _looked_up(column, [value.toordinal() if is_day(value) else None for value in column.values])

    def monthly(self, key: str) -> Monthly:
        """The column as a monthly series."""
        column = self.columns.get(key)
        if isinstance(column, Monthly):
            return column
        found = self.dictionary(key)
        series = _series_column([_series(value) for value in found.values] + [None])
        return Monthly(series.months[:, found.codes], series.lengths[found.codes])


def narrowest(values: Numbers) -> Numbers:
    """The same whole numbers in the narrowest type: a comparison takes as long as its bytes."""
    if values.dtype == object or not values.size:
        return values
    least, most = int(values.min()), int(values.max())
    for each in (np.int8, np.int16, np.int32):
        if np.iinfo(each).min <= least and most <= np.iinfo(each).max:
            return values.astype(each)
    return values


def _part(column: Column, start: int, end: int) -> Column:
    match column:
        case Dictionary(codes, values):
            return Dictionary(codes[start:end], values)
        case Whole(values, known):
            return Whole(values[start:end], known[start:end])
        case Monthly(months, lengths):
            return Monthly(months[:, start:end], lengths[start:end])


def _number(value: Value) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _series(value: Value) -> tuple[int, ...] | None:
    if not isinstance(value, tuple):
        return None
    months = tuple(month for month in value if isinstance(month, int))
    return months if len(months) == len(value) else None


def _looked_up(column: Dictionary, found: Sequence[int | None]) -> Whole:
    known = np.array([value is not None for value in found] + [False])
    values = numbers([value or 0 for value in found] + [0])
    return Whole(values[column.codes], known[column.codes])


def _series_column(rows: Sequence[tuple[int, ...] | None]) -> Monthly:
    longest = max((len(row) for row in rows if row is not None), default=0)
    most = max((abs(month) for row in rows for month in row or ()), default=0)
    # Figures are differences of sums.
    months = np.zeros((longest, len(rows)), dtype=month_type(most) if 2 * longest * most < LARGEST else object)
    narrow: Any = np.int16 if longest <= np.iinfo(np.int16).max else np.int32
    lengths = np.full(len(rows), -1, dtype=narrow)
    for place, row in enumerate(rows):
        if row is not None:
            months[: len(row), place] = row
            lengths[place] = len(row)
    return Monthly(months, lengths)


def month_type(most: int) -> type[np.signedinteger[Any]]:
    """The narrowest type of months for kernels that sum them."""
    return np.int32 if most <= np.iinfo(np.int32).max else np.int64


def table_of(subjects: Sequence[ApplicantFacts]) -> Table:
    """The facts of ``subjects`` in columns, in their order."""
    keys = dict.fromkeys(key for subject in subjects for key in subject.values)
    return Table(len(subjects), {key: column_of([one.values.get(key) for one in subjects]) for key in keys})


def column_of(facts: Sequence[FactValue | None]) -> Column:
    """One fact of all subjects, kept as what all of its values are; numbers beyond int64 stay Python's own."""
    values = [None if fact is None else fact.value for fact in facts]
    known = [value for value in values if value is not None]
    if all(_number(value) is not None for value in known):
        whole = [_number(value) if value is not None else None for value in values]
        found = narrowest(numbers([each or 0 for each in whole]))
        return Whole(found, np.array([each is not None for each in whole]))
    if all(_fits(value) for value in known):
        return _series_column([_series(value) if value is not None else None for value in values])
    return _dictionary(values)


def _fits(value: Value) -> bool:
    months = _series(value)
    return months is not None and all(abs(month) < 1 << 40 for month in months)


def _dictionary(values: Sequence[Value | None]) -> Dictionary:
    # A flag and a number can be equal to Python; they are not to a condition.
    places: dict[tuple[str, Any], int] = {}
    known = [value if _is_read(value) else None for value in values]
    codes = [-1 if value is None else places.setdefault((_type(value), value), len(places)) for value in known]
    return Dictionary(np.array(codes, dtype=np.int32), tuple(value for _type_of, value in places))


def _is_read(value: Value | None) -> bool:
    """Whether any condition could read the value: no value of a fact is a thing that cannot be looked up."""
    try:
        hash(value)
    except TypeError:
        return False
    return value is not None


def _type(value: Value) -> str:
    return str([type(part).__name__ for part in value]) if isinstance(value, tuple) else type(value).__name__
