"""The kernels that numba compiles (the extra ``fast``). Importing this module needs numba."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import config, njit, types
from numba.extending import intrinsic

# Numba leaves it off; without it eight words beside each other stay eight instructions.
config.SLP_VECTORIZE = 1


def _ones(typing_context: Any, word: Any) -> Any:  # noqa: ARG001
    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), code


def _zeros_below(typing_context: Any, word: Any) -> Any:  # noqa: ARG001
    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(types.uint64), code


ones = intrinsic(_ones)
zeros_below = intrinsic(_zeros_below)


def _run(bits: Any, code: Any, first: int, last: int) -> None:
    """Run the instructions on registers ``bits`` (R, W): both bitmaps of a tile of rows, one behind the other."""
    width = bits.shape[1]
    for i in range(first, last):
        operation, target = code[i, 0], bits[code[i, 1]]
        a, b = bits[code[i, 2]], bits[code[i, 3]]
        if operation == 0:
            for w in range(width):
                target[w] = a[w] & b[w]
            continue
        if operation == 3:
            for w in range(width):
                target[w] = a[w] | b[w]
            continue
        if operation == 6:
            for w in range(width):
                target[w] |= a[w] & b[w]
            continue
        c, d = bits[code[i, 4]], bits[code[i, 5]]
        if operation == 1:
            for w in range(width):
                target[w] = (a[w] & b[w]) & (c[w] & d[w])
            continue
        if operation == 4:
            for w in range(width):
                target[w] = (a[w] | b[w]) | (c[w] | d[w])
            continue
        e, f, g, h = bits[code[i, 6]], bits[code[i, 7]], bits[code[i, 8]], bits[code[i, 9]]
        if operation == 2:
            for w in range(width):
                target[w] = ((a[w] & b[w]) & (c[w] & d[w])) & ((e[w] & f[w]) & (g[w] & h[w]))
        else:
            for w in range(width):
                target[w] = ((a[w] | b[w]) | (c[w] | d[w])) | ((e[w] | f[w]) | (g[w] | h[w]))


run = njit(cache=True, nogil=True)(_run)


def _everyone(met: Any, possible: Any, code: Any, starts: Any, bits: Any, counts: Any, top: Any, filled: Any) -> None:
    """All formulas on all rows of a chunk, tile by tile, so that a tile's bitmaps stay in the second cache.

    ``met``, ``possible`` (leaves + 2, words): the chunk's bitmaps, "never" and "always" last. ``bits`` (R, 2 × tile): registers. ``counts``
    (formulas, 2) grows by the rows that are met, and met or unknown. ``top`` (rows, k) and ``filled`` (rows,): the
    first k formulas that each row meets.
    """
    leaves, words = met.shape
    tile, most = bits.shape[1] // 2, top.shape[1]
    answer = bits[leaves]
    full = np.zeros(tile, dtype=np.uint64)
    for begin in range(0, words, tile):
        here = min(tile, words - begin)
        for leaf in range(leaves):
            for w in range(here):
                bits[leaf, w] = met[leaf, begin + w]
                bits[leaf, tile + w] = possible[leaf, begin + w]
        for w in range(tile):
            full[w] = 0
        for formula in range(len(starts) - 1):
            run(bits, code, starts[formula], starts[formula + 1])
            sure, open_ = np.uint64(0), np.uint64(0)
            for w in range(here):
                sure += ones(answer[w])
                open_ += ones(answer[tile + w])
            counts[formula, 0] += sure
            counts[formula, 1] += open_
            if sure == 0:
                continue
            for w in range(here):
                hits = answer[w] & ~full[w]
                while hits:
                    bit = zeros_below(hits)
                    hits &= hits - np.uint64(1)
                    row = (begin + w) * 64 + np.int64(bit)
                    top[row, filled[row]] = formula
                    filled[row] += 1
                    if filled[row] == most:
                        full[w] |= np.uint64(1) << bit


everyone = njit(cache=True, nogil=True)(_everyone)


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
