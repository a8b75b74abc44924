"""Figures over trailing months for all rows at once: the column-wise reading of ``conditions.windows``.

Windows of one series overlap. A ``Trail`` keeps every sum and count that it was asked for: any other is their
difference, or goes on from the longest one that is shorter; so does the longest gap.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finmart.conditions.types import Window, WindowOf
from finmart.matching.engine.bulk import exact
from finmart.matching.engine.bulk.exact import ONE, Exact, Numbers
from finmart.matching.engine.bulk.table import Monthly
from finmart.reference.facts import PPM

#: A count of months: as narrow as the longest series lets it be, because a pass is as long as its bytes.
Small = NDArray[np.signedinteger[Any]]
Look = Callable[[int], None]


@dataclass
class Trail:
    """One series. ``sums[m]`` and ``counts[m]`` are over the latest m months.

    ``gaps[start, end]``: the longest gap between the two, and the one that still runs at ``end``.
    """

    series: Monthly
    sums: dict[int, Numbers] = field(default_factory=dict)
    counts: dict[int, Small] = field(default_factory=dict)
    gaps: dict[tuple[int, int], tuple[Small, Small]] = field(default_factory=dict)
    looked: int = 0

    @property
    def above(self) -> NDArray[np.bool_]:
        """Where a month is above zero."""
        self._look(len(self._above))
        return self._above

    @cached_property
    def _above(self) -> NDArray[np.bool_]:
        """``above``, filled in month by month."""
        return np.empty(self.series.months.shape, dtype=np.bool_)

    def _look(self, end: int) -> None:
        """Fill in ``above`` up to ``end``."""
        for place in range(self.looked, end):
            np.greater(self.series.months[place], 0, out=self._above[place])
        self.looked = max(self.looked, end)

    @cached_property
    def _ones(self) -> Small:
        """``above`` as numbers that counts are made of."""
        found = self.above.view(np.int8)
        return found if len(found) <= np.iinfo(np.int8).max else found.astype(np.int16)

    @property
    def nbytes(self) -> int:
        """How large what has been found is."""
        kept = [*self.sums.values(), *self.counts.values(), *(each for both in self.gaps.values() for each in both)]
        return sum(each.nbytes for each in kept) + (self._above.nbytes if self.looked else 0)

    def _zero(self, dtype: Any) -> NDArray[Any]:
        # Months may be narrower than their sums.
        return np.zeros(len(self.series.lengths), dtype=np.int64 if dtype == np.int32 else dtype)

    def sum(self, start: int, end: int) -> Numbers:
        """The sum of the months from ``start`` to before ``end``."""
        return self._between(self.sums, self.series.months, start, end, self._look)

    def count(self, start: int, end: int) -> Small:
        """How many of the months are above zero."""
        return self._between(self.counts, self._ones, start, end)

    def _between(
        self, found: dict[int, NDArray[Any]], months: NDArray[Any], start: int, end: int, look: Look | None = None
    ) -> NDArray[Any]:
        up_to = self._up_to(found, months, end, look)
        return up_to - self._up_to(found, months, start, look) if start else up_to

    def _up_to(self, found: dict[int, NDArray[Any]], months: NDArray[Any], end: int, look: Look | None) -> NDArray[Any]:
        if end not in found:
            before = max((place for place in found if place < end), default=0)
            total = found[before].copy() if before else self._zero(months.dtype)
            for place in range(before, end):
                total += months[place]
                if look is not None:
                    # While the month is near: fetching it a second time takes longer than both together.
                    look(place + 1)
            found[end] = total
        return found[end]

    def longest_gap(self, start: int, end: int) -> Small:
        """Most consecutive months that are not above zero."""
        if (start, end) not in self.gaps:
            before = max((until for begin, until in self.gaps if begin == start and until < end), default=start)
            known = self.gaps.get((start, before))
            zero = self._zero(self._ones.dtype)
            longest, running = (zero, zero.copy()) if known is None else (known[0].copy(), known[1].copy())
            for month in self._ones[before:end]:
                running += 1
                # One less than 0 or 1 has all bits or none: a month above zero ends the gap.
                running &= month - 1
                np.maximum(longest, running, out=longest)
            self.gaps[start, end] = longest, running
        return self.gaps[start, end][0]

    def blocks(self, start: int, end: int, every: int) -> NDArray[np.int16]:
        """How many whole blocks of ``every`` months hold one above zero."""
        found = np.zeros(len(self.series.lengths), dtype=np.int16)
        for first in range(start, end - every + 1, every):
            found += self.above[first : first + every].any(axis=0)
        return found


def _growth(trail: Trail, window: Window, known: exact.Mask) -> Exact:
    end = window.skip + window.months
    latest, base = trail.sum(window.skip, end), trail.sum(end, end + window.months)
    above = base > 0
    return Exact(exact.product(latest - base, np.array([PPM])), np.where(above, base, 1), known & above)


def _figure(trail: Trail, window: Window, known: exact.Mask) -> Exact:
    start, end = window.skip, window.skip + window.months
    found: NDArray[Any]
    match window.of:
        case WindowOf.SUM:
            found = trail.sum(start, end)
        case WindowOf.MEAN:
            return Exact(trail.sum(start, end), np.array([window.months]), known)
        case WindowOf.MAX:
            found = trail.series.months[start:end].max(axis=0)
        case WindowOf.MIN:
            found = trail.series.months[start:end].min(axis=0)
        case WindowOf.LONGEST_GAP:
            found = trail.longest_gap(start, end)
        case _:
            found = trail.blocks(start, end, window.every) if window.every else trail.count(start, end)
    return Exact(found, ONE, known)


def window_values(window: Window, trail: Trail) -> Exact:
    """The window's figure in every row; unknown where the series does not reach back far enough."""
    lengths = trail.series.lengths
    if window.of is WindowOf.COVERS:
        return exact.whole(np.maximum(lengths, 0), lengths >= 0)
    end = window.skip + window.months
    reach = end + window.months if window.of is WindowOf.GROWTH else end
    if len(trail.series.months) < reach:
        return exact.unknown()
    if window.of is WindowOf.GROWTH:
        return _growth(trail, window, lengths >= reach)
    return _figure(trail, window, lengths >= reach)
