"""The kernel that sums a tile's monthly series (the extra ``fast``). Importing this module needs numba.

What it finds lies near: in memory that serves every tile, so that it never leaves the caches.
"""

from typing import Any

import numpy as np
from numba import njit
from numba.np.numpy_support import carray

from finmart.matching.engine.bulk import vectors

#: Rows gone through at once: their sums stay in the first cache while month after month passes.
ROWS = np.uint64(512)
ZERO, ONE, TWO, FOUR, EIGHT = (np.uint64(each) for each in (0, 1, 2, 4, 8))


def _sum(months: Any, at: Any, rows: Any, total: Any, above: Any) -> None:
    """One month more, which begins at ``at``: the sums of ``rows`` rows, and whether the month is above zero."""
    for row in range(rows):
        value = months[at + row]
        total[row] += value
        above[row] = value > 0


def _run(rows: Any, above: Any, count: Any, running: Any, longest: Any) -> None:
    """Months above zero so far, months since the last of them, and the most of these."""
    for row in range(rows):
        count[row] += above[row]
        # A month above zero ends the gap: one less than 1 has no bit, one less than 0 has all.
        running[row] = (running[row] + np.int8(1)) & (above[row] - np.int8(1))
        longest[row] = max(longest[row], running[row])


def _know(lengths: Any, first: Any, rows: Any, end: Any, told: Any, at: Any) -> None:
    """Which rows reach ``end`` months back."""
    for row in range(rows):
        told[at + row] = lengths[first + row] >= end


def _grow(rows: Any, sums: Any, half: Any, whole: Any, known: Any, told: Any, at: Any) -> None:
    """Which of them have an earlier half above zero: all months' sums are above those of the latest half."""
    for row in range(rows):
        told[at + row] = told[known + row] & (sums[whole + row] > sums[half + row])


def _keep(rows: Any, found: Any, told: Any, at: Any) -> None:
    """Write down what has been found."""
    for row in range(rows):
        told[at + row] = found[row]


add: Any = njit(_sum)
run: Any = njit(_run)
know: Any = njit(_know)
grow: Any = njit(_grow)
keep: Any = njit(_keep)


def _trail(months: Any, after: Any, lengths: Any, ends: Any, near: Any, tile: Any, first: Any) -> None:
    """What ``ends[i, 0]`` months say of each row of the tile, beside the half of them, which is ``ends[ends[i, 1]]``.

    A month begins ``after`` numbers behind the one before. ``near``: for every end sums, then counts, longest gaps, who
    is known, and whose growth is, for ``tile`` rows each.
    """
    size = np.uint64(len(ends))
    sums = carray(vectors.pointer(near), (size * tile,), np.int64)
    told = carray(vectors.pointer(near + np.int64(EIGHT * size * tile)), (FOUR * size * tile,), np.int8)
    total, above = np.empty(ROWS, dtype=np.int64), np.empty(ROWS, dtype=np.int8)
    count, running, longest = np.empty(ROWS, np.int8), np.empty(ROWS, np.int8), np.empty(ROWS, np.int8)
    for start in range(ZERO, min(tile, np.uint64(len(lengths)) - first), ROWS):
        rows, month, here = min(ROWS, np.uint64(len(lengths)) - first - start), ZERO, first + start
        total[:], count[:], running[:], longest[:] = 0, 0, 0, 0
        for i in range(size):
            while month < np.uint64(ends[i, 0]):
                add(months, month * after + here, rows, total, above)
                run(rows, above, count, running, longest)
                month += ONE
            at = i * tile + start
            keep(rows, total, sums, at)
            keep(rows, count, told, at)
            keep(rows, longest, told, size * tile + at)
            known, half = TWO * size * tile + at, np.uint64(ends[i, 1]) * tile + start
            know(lengths, here, rows, ends[i, 0], told, known)
            grow(rows, sums, half, at, known, told, size * tile + known)


trail: Any = njit(_trail)
