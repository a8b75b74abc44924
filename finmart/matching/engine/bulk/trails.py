"""The kernel that sums a tile's monthly series (the extra ``fast``). Importing this module needs numba.

What it finds lies near: in memory that serves every tile, so that it never leaves the caches.
"""

from typing import Any

import numpy as np
from numba import njit
from numba.np.numpy_support import carray

from finmart.matching.engine.bulk import vectors

#: Rows gone through at once: their sums stay in the first cache while month after month passes.
ROWS = 512
#: Bytes that a row of one asked end takes: its sum, and one each for the four others.
BYTES = 12
SUM, COUNT, GAP, KNOWN, GROWN = 0, 8, 9, 10, 11


def _pass(month: Any, total: Any, count: Any, running: Any, longest: Any, above: Any) -> None:
    """One month more of all rows."""
    for row in range(len(month)):
        total[row] += month[row]
        above[row] = month[row] > 0
    for row in range(len(month)):
        count[row] += above[row]
        # A month above zero ends the gap: one less than 1 has no bit, one less than 0 has all.
        running[row] = (running[row] + np.int8(1)) & (above[row] - np.int8(1))
        longest[row] = max(longest[row], running[row])


def _told(lengths: Any, end: Any, total: Any, half: Any, known: Any, grown: Any) -> None:
    """Which rows reach back to ``end``, and of which the earlier half of it is above zero besides."""
    for row in range(len(lengths)):
        known[row] = lengths[row] >= end
    for row in range(len(lengths)):
        grown[row] = known[row] & (total[row] > half[row])


one_more: Any = njit(_pass)
told: Any = njit(_told)


def _trail(months: Any, lengths: Any, ends: Any, near: Any, tile: Any, first: Any) -> None:
    """What ``ends[i, 0]`` months say of each row of the tile, beside the half of them, which is ``ends[ends[i, 1]]``.

    ``near``: for every end sums, then counts, longest gaps, who is known, and whose growth is, for ``tile`` rows each.
    """
    size, rows = len(ends), min(tile, len(lengths) - first)
    sums = carray(vectors.pointer(near), (size, tile), np.int64)
    rest = carray(vectors.pointer(near + 8 * size * tile), (4, size, tile), np.int8)
    total, above = np.zeros(ROWS, dtype=np.int64), np.zeros(ROWS, dtype=np.int8)
    count, running = np.zeros(ROWS, dtype=np.int8), np.zeros(ROWS, dtype=np.int8)
    longest = np.zeros(ROWS, dtype=np.int8)
    for start in range(0, rows, ROWS):
        end = min(rows, start + ROWS)
        here = end - start
        total[:], count[:], running[:], longest[:] = 0, 0, 0, 0
        month = 0
        for i in range(size):
            while month < ends[i, 0]:
                one_more(months[month, first + start : first + end], total, count, running, longest, above)
                month += 1
            sums[i, start:end], rest[0, i, start:end], rest[1, i, start:end] = (
                total[:here],
                count[:here],
                longest[:here],
            )
            half = sums[ends[i, 1], start:end]
            known, grown = rest[2, i, start:end], rest[3, i, start:end]
            told(lengths[first + start : first + end], ends[i, 0], total[:here], half, known, grown)


trail: Any = njit(_trail)
