"""Figures over trailing months for all rows at once: the column-wise reading of ``conditions.windows``.

Windows of one series overlap. A ``Trail`` goes through the months once, latest first, and hands out what it has found
on the way: any sum and count is the difference of two, and the longest gap of a longer window goes on from a shorter's.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finmart.conditions.types import Window, WindowOf
from finmart.matching.engine.bulk import exact
from finmart.matching.engine.bulk.exact import ONE, Exact
from finmart.matching.engine.bulk.table import Monthly
from finmart.reference.facts import PPM


@dataclass
class Trail:
    """One series. ``sums[m]`` and ``counts[m]`` are over the latest m months."""

    series: Monthly
    sums: list[NDArray[np.int64]] = field(default_factory=list)
    counts: list[NDArray[np.int16]] = field(default_factory=list)
    gaps: dict[int, list[NDArray[np.int16]]] = field(default_factory=dict)

    @cached_property
    def above(self) -> NDArray[np.bool_]:
        """Where a month is above zero."""
        return np.asarray(self.series.months > 0)

    @property
    def nbytes(self) -> int:
        """How large what has been found is."""
        gaps = sum(each.nbytes for found in self.gaps.values() for each in found)
        return gaps + sum(each.nbytes for each in self.sums) + sum(each.nbytes for each in self.counts)

    def sum(self, start: int, end: int) -> NDArray[np.int64]:
        """The sum of the months from ``start`` to before ``end``."""
        if not self.sums:
            self.sums.append(np.zeros(len(self.series.lengths), dtype=np.int64))
        for month in self.series.months[len(self.sums) - 1 : end]:
            self.sums.append(self.sums[-1] + month)
        return self.sums[end] - self.sums[start] if start else self.sums[end]

    def count(self, start: int, end: int) -> NDArray[np.int16]:
        """How many of the months are above zero."""
        if not self.counts:
            self.counts.append(np.zeros(len(self.series.lengths), dtype=np.int16))
        for month in self.above[len(self.counts) - 1 : end]:
            self.counts.append(self.counts[-1] + month)
        return self.counts[end] - self.counts[start] if start else self.counts[end]

    def longest_gap(self, start: int, end: int) -> NDArray[np.int16]:
        """Most consecutive months that are not above zero."""
        zero = np.zeros(len(self.series.lengths), dtype=np.int16)
        # The last entry is the gap that still runs.
        found = self.gaps.setdefault(start, [zero, zero])
        running = found.pop()
        for month in self.above[start + len(found) - 1 : end]:
            running = (running + np.int16(1)) * ~month
            found.append(np.maximum(found[-1], running))
        found.append(running)
        return found[end - start]

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
