"""The cells of numbers: where a value lies among a column's cuts, found without making a fraction."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

from finmart.conditions.types import Window, WindowOf
from finmart.conditions.windows import figure_over
from finmart.matching.engine.online.values import Months
from finmart.matching.engine.plan.types import NO_CELL, Number
from finmart.reference.facts import PPM

Cuts: TypeAlias = tuple[Number, ...]


def cell_of(value: Number | None, cuts: Cuts) -> int:
    """The cell that ``value`` lies in (see ``plan.types.Column``)."""
    # Cuts rise strictly, so the two places differ by one exactly where the value is a cut.
    return NO_CELL if value is None else bisect_left(cuts, value) + bisect_right(cuts, value)


def cell_of_quotient(above: int, below: int, cuts: tuple[int, ...]) -> int:
    """The cell of ``above / below`` among whole cuts; ``below`` is positive."""
    whole, rest = divmod(above, below)
    over = bisect_right(cuts, whole)
    return 2 * over if rest else bisect_left(cuts, whole) + over


@dataclass(frozen=True, slots=True)
class Series:
    """The months of one series, the latest first, with the sums and the counts of positive months before each place."""

    months: Months
    sums: Sequence[int]
    positive: Sequence[int]


def series(months: Months) -> Series:
    """What the windows of a series share."""
    return Series(months, [*accumulate(months, initial=0)], [*accumulate((m > 0 for m in months), initial=0)])


Figure: TypeAlias = Callable[[Series], int]


def _sum(window: Window, cuts: Cuts) -> Figure:
    start, end = window.skip, window.skip + window.months

    def cell(known: Series) -> int:
        if len(known.months) < end:
            return NO_CELL
        total = known.sums[end] - known.sums[start]
        return bisect_left(cuts, total) + bisect_right(cuts, total)

    return cell


def _mean(window: Window, cuts: Cuts) -> Figure:
    # A mean compares with a bound as the sum does with so many times it.
    return _sum(window, tuple(cut * window.months for cut in cuts))


def _positive(window: Window, cuts: Cuts) -> Figure:
    start, end = window.skip, window.skip + window.months

    def cell(known: Series) -> int:
        if len(known.months) < end:
            return NO_CELL
        total = known.positive[end] - known.positive[start]
        return bisect_left(cuts, total) + bisect_right(cuts, total)

    return cell


def _count(window: Window, cuts: Cuts) -> Figure:
    every, start, end = window.every, window.skip, window.skip + window.months
    if every is None:
        return _positive(window, cuts)
    if every < 1:
        return _as_written(window, cuts)
    blocks = [(first, first + every) for first in range(start, end - every + 1, every)]

    def cell(known: Series) -> int:
        if len(known.months) < end:
            return NO_CELL
        positive = known.positive
        return cell_of(sum([positive[last] > positive[first] for first, last in blocks]), cuts)

    return cell


def _covers(_window: Window, cuts: Cuts) -> Figure:
    return lambda known: cell_of(len(known.months), cuts)


def _growth(window: Window, cuts: Cuts) -> Figure:
    start, end = window.skip, window.skip + window.months
    before = end + window.months
    whole = tuple(cut for cut in cuts if isinstance(cut, int))
    if len(whole) < len(cuts):
        return _as_written(window, cuts)

    def cell(known: Series) -> int:
        if len(known.months) < before:
            return NO_CELL
        base = known.sums[before] - known.sums[end]
        if base <= 0:
            return NO_CELL
        return cell_of_quotient((known.sums[end] - known.sums[start] - base) * PPM, base, whole)

    return cell


def _longest_gap(window: Window, cuts: Cuts) -> Figure:
    start, end = window.skip, window.skip + window.months

    def cell(known: Series) -> int:
        if len(known.months) < end:
            return NO_CELL
        longest = 0
        if known.positive[end] - known.positive[start] < end - start:
            running = 0
            for value in known.months[start:end]:
                running = 0 if value > 0 else running + 1
                longest = max(longest, running)
        return cell_of(longest, cuts)

    return cell


def _as_written(window: Window, cuts: Cuts) -> Figure:
    return lambda known: cell_of(figure_over(window, known.months), cuts)


_FIGURES = {
    WindowOf.SUM: _sum,
    WindowOf.MEAN: _mean,
    WindowOf.COUNT: _count,
    WindowOf.COVERS: _covers,
    WindowOf.GROWTH: _growth,
    WindowOf.LONGEST_GAP: _longest_gap,
}


def figure(window: Window, cuts: Cuts) -> Figure:
    """The cell of a window's figure: what ``conditions.windows.figure_over`` gives, among ``cuts``."""
    # A window of no months is left to the evaluator, whatever it says of it.
    made = _FIGURES.get(window.of, _as_written) if window.months >= 1 and window.skip >= 0 else _as_written
    return made(window, cuts)
