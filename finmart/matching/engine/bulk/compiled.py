"""The kernels that numba compiles (the extra ``fast``). Importing this module needs numba.

Registers stand tile by tile, flat: ``width`` words each, half of them the bitmap *met*, half *met or unknown*, so that
a tile's registers are one piece of the second cache.
"""

from typing import Any

import numpy as np
from numba import njit

from finmart.matching.engine.bulk import vectors

#: The digest of ``vectors.py``: what numba keeps is compiled anew when that file changes, and only then.
VECTORS = "f4c01a952cb5"
#: Rows in a word.
ROWS = np.uint64(64)
ONE, ZERO = np.uint64(1), np.uint64(0)
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


def _formulas(
    bits: Any,
    width: Any,
    code: Any,
    operands: Any,
    starts: Any,
    answer: Any,
    counts: Any,
    first: Any,
    top: Any,
    filled: Any,
    most: Any,
) -> None:
    """All formulas on one tile whose leaves are in ``bits``; its first row is ``first`` words behind the first of all.

    ``counts`` (formulas, 2) grows by the rows that are met, and met or unknown. ``top`` (rows × most, flat) and
    ``filled`` (rows,): the first formulas that each row meets.
    """
    tile = width // np.uint64(2)
    full = np.zeros(tile, dtype=np.uint64)
    for formula in range(len(starts) - 1):
        run(bits, width, code, operands, starts[formula], starts[formula + 1])
        sure = vectors.count(bits, answer, tile)
        counts[formula, 0] += sure
        counts[formula, 1] += vectors.count(bits, answer + tile, tile)
        if sure:
            named(bits, answer, formula, first, top, filled, full, most)


formulas: Any = njit(_formulas, cache=True, nogil=True)


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
