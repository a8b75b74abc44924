"""The kernels that write the leaves of one tile (the extra ``fast``). Importing this module needs numba.

A tile's registers ``bits`` are ``width`` words each; it begins at word ``first`` of what is read.
"""

from typing import Any

import numpy as np
from numba import njit

from finmart.matching.engine.bulk import vectors

#: Rows in a word.
ROWS = np.uint64(64)
ONE, ZERO, ALL = np.uint64(1), np.uint64(0), np.uint64(0xFFFF_FFFF_FFFF_FFFF)
#: Words of one cache line: what is written is written a line at a time.
LINE = np.uint64(8)


def _rows_at_least(values: Any, word: Any, least: Any) -> Any:
    """Word ``word`` of the bitmap of the rows with ``value >= least``."""
    row, rows = word * ROWS, np.uint64(len(values))
    if row + ROWS <= rows:
        return vectors.at_least(values, row, least)
    found = ZERO
    for each in range(row, max(row, rows)):
        found |= np.uint64(values[each] >= least) << (each - row)
    return found


def _rows_equal(values: Any, word: Any, other: Any) -> Any:
    """Word ``word`` of the bitmap of the rows with ``value == other``."""
    row, rows = word * ROWS, np.uint64(len(values))
    if row + ROWS <= rows:
        return vectors.equal(values, row, other)
    found = ZERO
    for each in range(row, max(row, rows)):
        found |= np.uint64(values[each] == other) << (each - row)
    return found


def _rows_there(rows: Any, word: Any) -> Any:
    """Word ``word`` of the bitmap of all rows."""
    row = word * ROWS
    if row + ROWS <= rows:
        return ALL
    return (ONE << (rows - row)) - ONE if row < rows else ZERO


rows_at_least: Any = njit(_rows_at_least, inline="always")
rows_equal: Any = njit(_rows_equal, inline="always")
rows_there: Any = njit(_rows_there, inline="always")


def _know(known: Any, first: Any, rows: Any, sure: Any, maybe: Any) -> None:
    """A line of words from ``first``: the rows that are known, and the others."""
    for w in range(LINE):
        there = rows_there(rows, first + w)
        sure[w] = ~rows_equal(known, first + w, np.int64(0)) & there
        maybe[w] = there & ~sure[w]


know: Any = njit(_know)


def _given(met: Any, possible: Any, place: Any, bits: Any, width: Any, first: Any) -> None:
    """Both bitmaps of a leaf as they were made elsewhere; zero behind their last word."""
    tile, words = width // np.uint64(2), np.uint64(len(met))
    for w in range(tile):
        is_there = first + w < words
        bits[place * width + w] = met[first + w] if is_there else ZERO
        bits[place * width + tile + w] = possible[first + w] if is_there else ZERO


def _bounds(values: Any, known: Any, places: Any, leasts: Any, flips: Any, bits: Any, width: Any, first: Any) -> None:
    """Both bitmaps of all leaves that compare one figure with plain numbers.

    Leaf i, in register ``places[i]``, is met where ``value >= leasts[i]``, or where not, if ``flips[i]`` is all ones.
    """
    tile, rows = width // np.uint64(2), np.uint64(len(values))
    sure, maybe = np.empty(LINE, dtype=np.uint64), np.empty(LINE, dtype=np.uint64)
    for line in range(ZERO, tile, LINE):
        know(known, first + line, rows, sure, maybe)
        for i in range(len(places)):
            at = places[i] * width + line
            for w in range(LINE):
                found = (rows_at_least(values, first + line + w, leasts[i]) ^ flips[i]) & sure[w]
                bits[at + w] = found
                bits[at + tile + w] = found | maybe[w]


def _ratios(
    one: Any, other: Any, known: Any, places: Any, times: Any, flips: Any, bits: Any, width: Any, first: Any
) -> None:
    """Both bitmaps of all leaves that compare two columns: leaf i is met where ``a × one − b × other >= c``.

    ``times[i]`` are a, b and c; with ``flips[i]`` all ones a leaf is met where it is not so.
    """
    tile, rows = width // np.uint64(2), np.uint64(len(one))
    difference = np.zeros(LINE * ROWS, dtype=np.int64)
    sure, maybe = np.empty(LINE, dtype=np.uint64), np.empty(LINE, dtype=np.uint64)
    for line in range(ZERO, tile, LINE):
        know(known, first + line, rows, sure, maybe)
        start = min(rows, (first + line) * ROWS)
        end = min(rows, start + LINE * ROWS)
        ones, others = one[start:end], other[start:end]
        for i in range(len(places)):
            a, b, at = times[i, 0], times[i, 1], places[i] * width + line
            for row in range(len(ones)):
                difference[row] = a * ones[row] - b * others[row]
            for w in range(LINE):
                found = (vectors.at_least(difference, w * ROWS, times[i, 2]) ^ flips[i]) & sure[w]
                bits[at + w] = found
                bits[at + tile + w] = found | maybe[w]


def _codes(
    codes: Any, values: Any, places: Any, operands: Any, starts: Any, scratch: Any, bits: Any, width: Any, first: Any
) -> None:
    """Both bitmaps of all leaves on one column of codes.

    ``scratch`` gets two registers for each of ``values`` codes, −1 (not known) the last: its rows in both bitmaps, and
    only in the second; an empty one behind them. Leaf i is the "or" of ``operands[starts[i]:starts[i + 1]]`` of them.
    """
    tile = width // np.uint64(2)
    for code in range(values + np.uint64(1)):
        at, asked = np.uint64(2) * code * width, np.int64(code) if code < values else np.int64(-1)
        for w in range(tile):
            found = rows_equal(codes, first + w, asked)
            scratch[at + w] = found
            scratch[at + tile + w] = found
            # Its first half is never written, and was zero when the scratch was made.
            scratch[at + width + tile + w] = found
    empty = np.uint64(2) * (values + np.uint64(1)) * width
    scratch[empty : empty + width] = ZERO
    for i in range(len(places)):
        vectors.fold_or(scratch, operands, starts[i], starts[i + 1], bits, places[i], width)


def _states(codes: Any, days: Any, states: Any, place: Any, bits: Any, width: Any, first: Any) -> None:
    """Both bitmaps of one leaf; ``states``: its state with each code on each day (the last of both: not known)."""
    tile, rows = width // np.uint64(2), np.uint64(len(codes))
    values, dates, at = np.int64(states.shape[0] - 1), np.int64(states.shape[1] - 1), place * width
    for w in range(tile):
        row = min(rows, (first + w) * ROWS)
        met, possible = ZERO, ZERO
        for each in range(row, min(rows, row + ROWS)):
            code, day = np.int64(codes[each]), np.int64(days[each])
            state = states[code if code >= 0 else values, min(day, dates) if day >= 0 else dates]
            met |= np.uint64(state >> np.uint8(1)) << (each - row)
            possible |= np.uint64(state > 0) << (each - row)
        bits[at + w], bits[at + tile + w] = met, possible


given: Any = njit(_given)
bounds: Any = njit(_bounds)
ratios: Any = njit(_ratios)
codes: Any = njit(_codes)
states: Any = njit(_states)
