"""What is done to write all leaves of a tile, step by step (the extra ``fast``). Importing this module needs numba.

What a step reads is named by the address of its first number: a catalogue reads columns of many types, and numba would
compile a kernel anew for every list of them. Whoever makes the steps keeps the columns (``filling.Recipe``).
"""

from typing import Any

import numpy as np
from numba import njit
from numba.np.numpy_support import carray

from finmart.matching.engine.bulk import leaves, trails, vectors

#: The digest of ``leaves``, ``trails`` and ``vectors``: what numba keeps is compiled anew when one of them changes.
PARTS = "097cc2bf5bca"
#: What a step does; its other numbers are named where they are read.
GIVEN, BOUNDS, RATIOS, CODES, STATES, TRAIL = 0, 1, 2, 3, 4, 5
#: Numbers of a step.
NUMBERS = 9


def _words(address: Any, size: Any) -> Any:
    return carray(vectors.pointer(address), (size,), np.uint64)


def _numbers(address: Any, size: Any) -> Any:
    return carray(vectors.pointer(address), (size,), np.int64)


def _marks(address: Any, size: Any) -> Any:
    return carray(vectors.pointer(address), (size,), np.int8)


words: Any = njit(_words, inline="always")
numbers: Any = njit(_numbers, inline="always")
marks: Any = njit(_marks, inline="always")


def _bounds_step(step: Any, rows: Any, figure: Any, known: Any, bits: Any, width: Any, first: Any) -> None:
    """``step``: kind, leaves, places, leasts, flips, figure, known, whether both lie near, bytes of its numbers."""
    size, sure = step[1], marks(known, rows)
    places, leasts, flips = words(step[2], size), numbers(step[3], size), words(step[4], size)
    if step[8] == 1:
        leaves.bounds(marks(figure, rows), sure, places, leasts, flips, bits, width, first)
    elif step[8] == 2:
        shorts = carray(vectors.pointer(figure), (rows,), np.int16)
        leaves.bounds(shorts, sure, places, leasts, flips, bits, width, first)
    elif step[8] == 4:
        halves = carray(vectors.pointer(figure), (rows,), np.int32)
        leaves.bounds(halves, sure, places, leasts, flips, bits, width, first)
    else:
        leaves.bounds(numbers(figure, rows), sure, places, leasts, flips, bits, width, first)


def _ratios_step(step: Any, rows: Any, one: Any, other: Any, known: Any, bits: Any, width: Any, first: Any) -> None:
    """``step``: kind, leaves, places, times, flips, one column, known, whether all lie near, the other column."""
    size, sure = step[1], marks(known, rows)
    times = carray(vectors.pointer(step[3]), (size, 3), np.int64)
    ones, others = numbers(one, rows), numbers(other, rows)
    leaves.ratios(ones, others, sure, words(step[2], size), times, words(step[4], size), bits, width, first)


def _codes_step(step: Any, rows: Any, scratch: Any, bits: Any, width: Any, first: Any) -> None:
    """``step``: kind, leaves, places, operands, starts, codes, values, number of operands."""
    size, column = step[1], marks(step[5], rows)
    places, starts, operands = words(step[2], size), words(step[4], size + 1), words(step[3], step[7])
    leaves.codes(column, np.uint64(step[6]), places, operands, starts, scratch, bits, width, first)


def _states_step(step: Any, rows: Any, bits: Any, width: Any, first: Any) -> None:
    """``step``: kind, leaf, states, values and days they are of, codes, days."""
    table = carray(vectors.pointer(step[2]), (step[3], step[4]), np.uint8)
    column = carray(vectors.pointer(step[5]), (rows,), np.int32)
    days = carray(vectors.pointer(step[6]), (rows,), np.int32)
    leaves.states(column, days, table, np.uint64(step[1]), bits, width, first)


bounds_step: Any = njit(_bounds_step, inline="always")
ratios_step: Any = njit(_ratios_step, inline="always")
codes_step: Any = njit(_codes_step, inline="always")
states_step: Any = njit(_states_step, inline="always")


def _trail_step(step: Any, rows: Any, near: Any, tile: Any, first: Any) -> None:
    """``step``: kind, ends asked, ends, months, numbers from one to the next, lengths, bytes of a number, months."""
    ends = carray(vectors.pointer(step[2]), (step[1], 2), np.int64)
    lengths, after = carray(vectors.pointer(step[5]), (rows,), np.int16), np.uint64(step[4])
    size = step[4] * (step[7] - 1) + rows
    if step[6] == 4:
        halves = carray(vectors.pointer(step[3]), (size,), np.int32)
        trails.trail(halves, after, lengths, ends, near, tile, first)
    else:
        trails.trail(numbers(step[3], size), after, lengths, ends, near, tile, first)


trail_step: Any = njit(_trail_step, inline="always")


def _fill(steps: Any, rows: Any, near: Any, scratch: Any, bits: Any, width: Any, first: Any) -> None:
    """Write the leaves of the tile that begins at word ``first``, in registers ``bits`` of ``width`` words.

    A step's figures lie in columns of all rows, or ``near``, where the tile's rows alone lie.
    """
    tile = np.int64(width) * np.int64(32)
    here = min(tile, rows - np.int64(first * leaves.ROWS))
    for i in range(len(steps)):
        step = steps[i]
        if step[0] == BOUNDS or step[0] == RATIOS:
            base, size, word = (near, here, leaves.ZERO) if step[7] else (np.int64(0), rows, first)
            far = tile if step[7] else np.int64(1)
            figure, known = base + step[5] * far, base + step[6] * far
            if step[0] == BOUNDS:
                bounds_step(step, size, figure, known, bits, width, word)
            else:
                ratios_step(step, size, figure, base + step[8] * far, known, bits, width, word)
        elif step[0] == TRAIL:
            trail_step(step, rows, near, np.uint64(tile), first * leaves.ROWS)
        elif step[0] == CODES:
            codes_step(step, rows, scratch, bits, width, first)
        elif step[0] == STATES:
            states_step(step, rows, bits, width, first)
        else:
            size = step[4]
            leaves.given(words(step[2], size), words(step[3], size), np.uint64(step[1]), bits, width, first)


fill: Any = njit(_fill, cache=True, nogil=True)


def _at_least(values: Any, least: Any, out: Any) -> None:
    """Bitmap of the rows with ``values[row] >= least``."""
    for word in range(np.uint64(len(out))):
        out[word] = leaves.rows_at_least(values, word, least)


at_least: Any = njit(_at_least, cache=True, nogil=True)
