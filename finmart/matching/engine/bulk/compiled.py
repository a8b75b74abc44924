"""The kernels that numba compiles (the extra ``fast``). Importing this module needs numba."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import config, njit, types
from numba.extending import intrinsic

# Numba leaves it off; without it eight words beside each other stay eight instructions.
settings: Any = config
settings.SLP_VECTORIZE = 1


def _ones(typing_context: Any, word: Any) -> Any:  # noqa: ARG001
    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), code


def _zeros_below(typing_context: Any, word: Any) -> Any:  # noqa: ARG001
    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(types.uint64), code


ones: Any = intrinsic(_ones)
zeros_below: Any = intrinsic(_zeros_below)


def _pairs(bits: Any, width: Any, operation: Any, target: Any, a: Any, b: Any) -> None:
    """The instructions with two operands: "and", "or", and "or both"."""
    if operation == 0:
        for w in range(width):
            bits[target + w] = bits[a + w] & bits[b + w]
    elif operation == 3:
        for w in range(width):
            bits[target + w] = bits[a + w] | bits[b + w]
    else:
        for w in range(width):
            bits[target + w] |= bits[a + w] & bits[b + w]


def _fours(bits: Any, width: Any, all_of: Any, target: Any, a: Any, b: Any, c: Any, d: Any) -> None:
    """Four operands in one pass, so that what is found so far is written once."""
    if all_of:
        for w in range(width):
            bits[target + w] = (bits[a + w] & bits[b + w]) & (bits[c + w] & bits[d + w])
    else:
        for w in range(width):
            bits[target + w] = (bits[a + w] | bits[b + w]) | (bits[c + w] | bits[d + w])


def _eights(bits: Any, width: Any, all_of: Any, at: Any) -> None:
    """Eight operands in one pass; ``at`` are the offsets of the target and of the operands."""
    target, a, b, c, d, e, f, g, h = at[0], at[1], at[2], at[3], at[4], at[5], at[6], at[7], at[8]
    if all_of:
        for w in range(width):
            first = (bits[a + w] & bits[b + w]) & (bits[c + w] & bits[d + w])
            bits[target + w] = first & ((bits[e + w] & bits[f + w]) & (bits[g + w] & bits[h + w]))
    else:
        for w in range(width):
            first = (bits[a + w] | bits[b + w]) | (bits[c + w] | bits[d + w])
            bits[target + w] = first | ((bits[e + w] | bits[f + w]) | (bits[g + w] | bits[h + w]))


pairs = njit(_pairs, inline="always")
fours = njit(_fours, inline="always")
eights = njit(_eights, inline="always")


def _run(bits: Any, width: Any, operations: Any, offsets: Any, first: Any, last: Any) -> None:
    """Run instructions on ``bits``: registers of ``width`` words, both bitmaps of a tile one behind the other.

    One flat array with unsigned offsets, because a view a register and Python's negative indexes cost more than the
    work itself.
    """
    for i in range(first, last):
        operation, at = operations[i], offsets[i]
        if operation == 0 or operation == 3 or operation == 6:
            pairs(bits, width, operation, at[0], at[1], at[2])
        elif operation == 1 or operation == 4:
            fours(bits, width, operation == 1, at[0], at[1], at[2], at[3], at[4])
        else:
            eights(bits, width, operation == 2, at)


run = njit(_run, cache=True)


def _load(bits: Any, tile: Any, met: Any, possible: Any, begin: Any, here: Any) -> None:
    """Copy a tile of all leaves' bitmaps into the registers; beyond the chunk's end nothing is set."""
    for leaf in range(met.shape[0]):
        at = leaf * 2 * tile
        for w in range(here):
            bits[at + w] = met[leaf, begin + w]
            bits[at + tile + w] = possible[leaf, begin + w]
        for w in range(here, tile):
            bits[at + w] = 0
            bits[at + tile + w] = 0


def _note(formula: Any, word: Any, hits: Any, first: Any, top: Any, filled: Any) -> Any:
    """Write ``formula`` down for each row among ``hits``; returns the bits of those who have enough now."""
    full = np.uint64(0)
    while hits:
        bit = zeros_below(hits)
        hits &= hits - np.uint64(1)
        row = first + word * 64 + np.int64(bit)
        top[row, filled[row]] = formula
        filled[row] += 1
        if filled[row] == top.shape[1]:
            full |= np.uint64(1) << bit
    return full


def _count(bits: Any, start: Any, words: Any) -> Any:
    """How many bits are set in so many words from ``start``; unsigned, so that it becomes one instruction a vector."""
    found = np.uint64(0)
    for w in range(words):
        found += ones(bits[start + w])
    return found


def _at_least(values: Any, least: Any, out: Any) -> None:
    """Bitmap of the rows with ``values[row] >= least``."""
    for w in range(len(values) // 64):
        word = np.uint64(0)
        for bit in range(64):
            word |= np.uint64(values[w * 64 + bit] >= least) << np.uint64(bit)
        out[w] = word
    rest = len(values) // 64 * 64
    if rest < len(values):
        word = np.uint64(0)
        for row in range(rest, len(values)):
            word |= np.uint64(values[row] >= least) << np.uint64(row - rest)
        out[rest // 64] = word


load = njit(_load, cache=True)
note = njit(_note, cache=True)
count = njit(_count, inline="always")
at_least = njit(_at_least, cache=True, nogil=True)


def _everyone(
    met: Any,
    possible: Any,
    operations: Any,
    offsets: Any,
    starts: Any,
    bits: Any,
    tile: Any,
    counts: Any,
    top: Any,
    filled: Any,
) -> None:
    """All formulas on all rows of a chunk, tile by tile, so that a tile's bitmaps stay in the second cache.

    ``met``, ``possible`` (leaves + 2, words): the chunk's bitmaps, "never" and "always" last. ``bits``: registers of
    2 × ``tile`` words. ``counts`` (formulas, 2) grows by the rows that are met, and met or unknown. ``top`` (rows, k)
    and ``filled`` (rows,): the first k formulas that each row meets.
    """
    words, width = met.shape[1], np.uint64(2 * tile)
    answer = met.shape[0] * 2 * tile
    full = np.zeros(tile, dtype=np.uint64)
    for begin in range(0, words, tile):
        here = min(tile, words - begin)
        load(bits, tile, met, possible, begin, here)
        full[:] = 0
        for formula in range(len(starts) - 1):
            run(bits, width, operations, offsets, starts[formula], starts[formula + 1])
            sure = count(bits, np.uint64(answer), np.uint64(tile))
            maybe = count(bits, np.uint64(answer + tile), np.uint64(tile))
            counts[formula, 0] += sure
            counts[formula, 1] += maybe
            if sure == 0:
                continue
            for w in range(here):
                hits = bits[answer + w] & ~full[w]
                if hits:
                    full[w] |= note(formula, w, hits, begin * 64, top, filled)


everyone = njit(_everyone, cache=True, nogil=True)


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


read = njit(cache=True, nogil=True)(_read)
