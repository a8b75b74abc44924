"""Columns of exact numbers: a whole numerator over a whole, positive denominator, known or not, row by row.

Numbers are int64 while a bound on their size proves that nothing can overflow, and Python's own integers (slow, and
just as exact) when it does not.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finmart.conditions.types import Compare

#: Below this every sum of two is still an int64.
LARGEST = 1 << 62

Numbers = NDArray[Any]
Mask = NDArray[np.bool_]

_COMPARE = {
    Compare.GE: np.greater_equal,
    Compare.GT: np.greater,
    Compare.LE: np.less_equal,
    Compare.LT: np.less,
    Compare.EQ: np.equal,
    Compare.NE: np.not_equal,
}


@dataclass(frozen=True)
class Exact:
    """``over / under`` where ``known``; a constant has arrays of one row. What is not known holds any number."""

    over: Numbers
    under: Numbers
    known: Mask
    #: No numerator and no denominator is larger than this, in size; None: nobody has looked.
    limits: tuple[int, int] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether every denominator is one."""
        return self.under.size == 1 and int(self.under[0]) == 1


def rows(each: Exact, start: int, end: int) -> Exact:
    """The rows from ``start`` to before ``end``; what is alike in all rows stays so."""
    over, under, known = (part if part.size == 1 else part[start:end] for part in (each.over, each.under, each.known))
    return Exact(over, under, known, each.limits)


ONE = np.ones(1, dtype=np.int64)
KNOWN = np.ones(1, dtype=np.bool_)
UNKNOWN = np.zeros(1, dtype=np.bool_)


def whole(values: Numbers, known: Mask) -> Exact:
    """Whole numbers; narrow ones are widened only when they are reckoned with."""
    return Exact(values, ONE, known)


def constant(value: Fraction) -> Exact:
    """The same number in every row."""
    under = ONE if value.denominator == 1 else numbers([value.denominator])
    return Exact(numbers([value.numerator]), under, KNOWN)


def unknown() -> Exact:
    """Known in no row."""
    return Exact(np.zeros(1, dtype=np.int64), ONE, UNKNOWN)


def numbers(values: list[int]) -> Numbers:
    """The numbers as int64, or as Python's integers when one is too large."""
    fits = all(abs(value) < LARGEST for value in values)
    return np.array(values, dtype=np.int64 if fits else object)


def bound(values: Numbers) -> int:
    """The largest size in a column."""
    return max(abs(int(values.max())), abs(int(values.min()))) if values.size else 0


def limited(each: Exact) -> Exact:
    """The same, with its limits."""
    return replace(each, limits=(bound(each.over), bound(each.under)))


def _wide(values: Numbers) -> Numbers:
    return values.astype(object) if values.dtype != object else values


def _sized(values: Numbers) -> Numbers:
    return values if values.dtype == object else values.astype(np.int64, copy=False)


def product(left: Numbers, right: Numbers) -> Numbers:
    """``left × right`` without overflow."""
    if left is ONE:
        return right
    if right is ONE:
        return left
    if bound(left) * bound(right) >= LARGEST:
        return _wide(left) * _wide(right)
    return _sized(left) * _sized(right)


def total(left: Numbers, right: Numbers) -> Numbers:
    """``left + right`` without overflow."""
    if bound(left) + bound(right) >= LARGEST:
        return _wide(left) + _wide(right)
    return _sized(left) + _sized(right)


def plus(left: Exact, right: Exact) -> Exact:
    """The sum."""
    over = total(product(left.over, right.under), product(right.over, left.under))
    return Exact(over, product(left.under, right.under), left.known & right.known)


def negative(each: Exact) -> Exact:
    """The number below zero."""
    return Exact(-_sized(each.over), each.under, each.known)


def times(left: Exact, right: Exact) -> Exact:
    """The product."""
    return Exact(product(left.over, right.over), product(left.under, right.under), left.known & right.known)


def divide(left: Exact, right: Exact) -> Exact:
    """The quotient; unknown where the divisor is zero."""
    sign = np.sign(right.over)
    under = product(product(left.under, right.over), sign)
    known = left.known & right.known & np.asarray(right.over != 0, dtype=np.bool_)
    under = np.where(under == 0, 1, under)
    return Exact(product(product(left.over, right.under), sign), under, known)


def compare(operator: Compare, left: Exact, right: Exact) -> Mask:
    """Whether ``left`` stands so to ``right``; means nothing where either is unknown."""
    found = _COMPARE[operator](product(left.over, right.under), product(right.over, left.under))
    return np.asarray(found, dtype=np.bool_)


def choose(where: Mask, left: Exact, right: Exact) -> Exact:
    """``left`` where it is said so, else ``right``."""
    under = left.under if left.is_whole and right.is_whole else np.where(where, left.under, right.under)
    return Exact(np.where(where, left.over, right.over), under, np.where(where, left.known, right.known))


def least(left: Exact, right: Exact) -> Exact:
    """The smaller of the two; unknown when either is."""
    return _both(choose(compare(Compare.LE, left, right), left, right), left, right)


def most(left: Exact, right: Exact) -> Exact:
    """The larger of the two; unknown when either is."""
    return _both(choose(compare(Compare.GE, left, right), left, right), left, right)


def _both(found: Exact, left: Exact, right: Exact) -> Exact:
    return Exact(found.over, found.under, left.known & right.known)
