"""The kernels that numba compiles (the extra ``fast``). Importing this module needs numba.

Registers stand tile by tile, flat: ``width`` words each, half of them the bitmap *met*, half *met or unknown*, so that
a tile's registers are one piece of the second cache.
"""

from typing import Any

import numpy as np
from numba import njit

from finmart.matching.engine.bulk import vectors

#: The digest of ``vectors.py``: what numba keeps is compiled anew when this file changes, and only then.
VECTORS = "8fb6a277c245"
#: Rows in a word.
ROWS = np.uint64(64)
ONE, ZERO, ALL = np.uint64(1), np.uint64(0), np.uint64(0xFFFF_FFFF_FFFF_FFFF)
#: Words of one cache line: what is written is written a line at a time.
LINE = np.uint64(8)
LANES = np.uint64(vectors.LANES)


def _run(bits: Any, width: Any, code: Any, operands: Any, first: Any, last: Any) -> None:
    """Run instructions on ``bits``, a tile's registers of ``width`` words."""
    for i in range(first, last):
        operation, target, start, end = code[i, 0], code[i, 1], code[i, 2], code[i, 3]
        if operation == 0:
            vectors.fold_and(bits, operands, start, end, bits, target, width)
        elif operation == 1:
            vectors.fold_or(bits, operands, start, end, bits, target, width)
        else:
            vectors.both_or(bits, operands, start, target, width)


def _note(formula: Any, hits: Any, first: Any, top: Any, filled: Any, most: Any) -> Any:
    """Write ``formula`` down for each row among ``hits``; returns the bits of those who have enough now."""
    full = ZERO
    while hits:
        bit = vectors.lowest(hits)
        hits &= hits - ONE
        row = first + bit
        before = np.uint64(filled[row])
        top[row * most + before] = formula
        filled[row] = before + ONE
        full |= np.uint64(before + ONE == most) << bit
    return full


run: Any = njit(_run, cache=True)
note: Any = njit(_note, inline="always")


def _named(bits: Any, answer: Any, formula: Any, first: Any, top: Any, filled: Any, full: Any, most: Any) -> None:
    """Note ``formula`` for every row of a tile that meets it and has not enough; ``full`` are those who have."""
    for start in range(ZERO, np.uint64(len(full)), LANES):
        some = vectors.wanted(bits, answer, full, start)
        while some:
            word = start + vectors.lowest(some)
            some &= some - ONE
            hits = bits[answer + word] & ~full[word]
            full[word] |= note(formula, hits, (first + word) * ROWS, top, filled, most)


named: Any = njit(_named, cache=True)


def _everyone(
    words: Any,
    width: Any,
    code: Any,
    operands: Any,
    starts: Any,
    answer: Any,
    counts: Any,
    top: Any,
    filled: Any,
    most: Any,
) -> None:
    """All formulas on all rows, tile by tile.

    ``words`` (tiles, registers × width). ``counts`` (formulas, 2) grows by the rows that are met, and met or unknown.
    ``top`` (rows × most, flat) and ``filled`` (rows,): the first formulas that each row meets.
    """
    tile = width // np.uint64(2)
    for place in range(words.shape[0]):
        bits, full = words[place], np.zeros(tile, dtype=np.uint64)
        first = np.uint64(place) * tile
        for formula in range(len(starts) - 1):
            run(bits, width, code, operands, starts[formula], starts[formula + 1])
            sure = vectors.count(bits, answer, tile)
            counts[formula, 0] += sure
            counts[formula, 1] += vectors.count(bits, answer + tile, tile)
            if sure:
                named(bits, answer, formula, first, top, filled, full, most)


everyone: Any = njit(_everyone, cache=True, nogil=True)


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


know: Any = njit(_know, cache=True)


def _bounds(values: Any, known: Any, places: Any, leasts: Any, flips: Any, words: Any, width: Any) -> None:
    """Both bitmaps of all leaves that compare one figure with plain numbers.

    Leaf i, in register ``places[i]``, is met where ``value >= leasts[i]``, or where not, if ``flips[i]`` is all ones.
    """
    tile, rows = width // np.uint64(2), np.uint64(len(values))
    sure, maybe = np.zeros(LINE, dtype=np.uint64), np.zeros(LINE, dtype=np.uint64)
    for place in range(words.shape[0]):
        bits = words[place]
        for line in range(ZERO, tile, LINE):
            first = np.uint64(place) * tile + line
            know(known, first, rows, sure, maybe)
            for i in range(len(places)):
                at = places[i] * width + line
                for w in range(LINE):
                    found = (rows_at_least(values, first + w, leasts[i]) ^ flips[i]) & sure[w]
                    bits[at + w] = found
                    bits[at + tile + w] = found | maybe[w]


def _ratios(first: Any, second: Any, known: Any, places: Any, times: Any, flips: Any, words: Any, width: Any) -> None:
    """Both bitmaps of all leaves that compare two columns: leaf i is met where ``a × first − b × second >= c``.

    ``times[i]`` are a, b and c; with ``flips[i]`` all ones a leaf is met where it is not so.
    """
    tile, rows = width // np.uint64(2), np.uint64(len(first))
    difference = np.zeros(LINE * ROWS, dtype=np.int64)
    sure, maybe = np.zeros(LINE, dtype=np.uint64), np.zeros(LINE, dtype=np.uint64)
    for place in range(words.shape[0]):
        bits = words[place]
        for line in range(ZERO, tile, LINE):
            word = np.uint64(place) * tile + line
            know(known, word, rows, sure, maybe)
            here = min(LINE * ROWS, rows - min(rows, word * ROWS))
            one, other = first[word * ROWS : word * ROWS + here], second[word * ROWS : word * ROWS + here]
            for i in range(len(places)):
                a, b, at = times[i, 0], times[i, 1], places[i] * width + line
                for row in range(len(one)):
                    difference[row] = a * one[row] - b * other[row]
                for w in range(LINE):
                    found = (vectors.at_least(difference, w * ROWS, times[i, 2]) ^ flips[i]) & sure[w]
                    bits[at + w] = found
                    bits[at + tile + w] = found | maybe[w]


def _states(codes: Any, days: Any, states: Any, place: Any, words: Any, width: Any) -> None:
    """Both bitmaps of one leaf; ``states``: its state with each code on each day (the last of both: not known)."""
    tile, rows = width // np.uint64(2), np.uint64(len(codes))
    values, dates = np.int64(states.shape[0] - 1), np.int64(states.shape[1] - 1)
    for number in range(words.shape[0]):
        bits, at = words[number], place * width
        for w in range(tile):
            row = min(rows, (np.uint64(number) * tile + w) * ROWS)
            met, possible = ZERO, ZERO
            for each in range(row, min(rows, row + ROWS)):
                code, day = np.int64(codes[each]), np.int64(days[each])
                state = states[code if code >= 0 else values, day if day >= 0 else dates]
                met |= np.uint64(state >> np.uint8(1)) << (each - row)
                possible |= np.uint64(state > 0) << (each - row)
            bits[at + w], bits[at + tile + w] = met, possible


def _codes(
    codes: Any, values: Any, places: Any, operands: Any, starts: Any, scratch: Any, words: Any, width: Any
) -> None:
    """Both bitmaps of all leaves on one column of codes.

    ``scratch`` holds two registers for each of ``values`` codes, −1 (not known) the last: its rows in both bitmaps, and
    only in the second; two empty ones behind them. Leaf i is the "or" of ``operands[starts[i]:starts[i + 1]]`` of them.
    """
    tile = width // np.uint64(2)
    for place in range(words.shape[0]):
        first = np.uint64(place) * tile
        for code in range(values + np.uint64(1)):
            at, asked = np.uint64(2) * code * width, np.int64(code) if code < values else np.int64(-1)
            for w in range(tile):
                found = rows_equal(codes, first + w, asked)
                scratch[at + w] = found
                scratch[at + tile + w] = found
                scratch[at + width + tile + w] = found
        for i in range(len(places)):
            vectors.fold_or(scratch, operands, starts[i], starts[i + 1], words[place], places[i], width)


bounds: Any = njit(_bounds, cache=True, nogil=True)
ratios: Any = njit(_ratios, cache=True, nogil=True)
states: Any = njit(_states, cache=True, nogil=True)
codes: Any = njit(_codes, cache=True, nogil=True)


def _at_least(values: Any, least: Any, out: Any) -> None:
    """Bitmap of the rows with ``values[row] >= least``."""
    for word in range(np.uint64(len(out))):
        out[word] = rows_at_least(values, word, least)


at_least: Any = njit(_at_least, cache=True, nogil=True)


def _read(words: Any, rounds: int) -> Any:
    """Read ``words`` so many times; the result keeps a compiler from leaving it out."""
    found = np.uint64(0)
    for turn in range(rounds):
        each = np.uint64(0)
        for w in range(len(words)):
            each |= words[w]
        found += each
        words[turn % len(words)] ^= found
    return found


read: Any = njit(cache=True, nogil=True)(_read)
