"""Runs a program on a chunk's bitmaps with the compiled kernels. Importing this module needs the extra ``fast``."""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.bulk import compiled, numpy_machine
from finmart.matching.engine.bulk.bits import Words, words_for
from finmart.matching.engine.bulk.exact import Numbers
from finmart.matching.engine.bulk.filling import TYPES, fill
from finmart.matching.engine.bulk.program import Program
from finmart.matching.engine.bulk.registers import ALIGNED, Registers, aligned, width_of

__all__ = ["answer", "at_least", "bytes_read", "fill", "read_bandwidth", "tile_words"]

#: A tile's bitmaps of all leaves may take so many bytes: most of a usual second cache.
TILE_BYTES = 1 << 20
#: Words of one bitmap in a tile: less and the instructions outweigh the work, more and nothing is gained.
LEAST, MOST = 32, 64


def tile_words(program: Program, _words: int = 0) -> int:
    """How many words of each bitmap are worked on at once."""
    return MOST if 16 * program.registers * MOST <= TILE_BYTES else LEAST


def answer(
    program: Program, registers: Registers, counts: NDArray[Any], top: NDArray[Any], filled: NDArray[Any]
) -> None:
    """All formulas on all rows of a chunk; see ``everyone.Machine``."""
    width = width_of(registers)
    compiled.everyone(
        registers.reshape(len(registers), -1),
        np.uint64(width),
        program.code.view(np.uint64),
        program.operands.view(np.uint64),
        program.starts,
        np.uint64(program.answer * width),
        counts,
        top.reshape(-1),
        filled,
        np.uint64(top.shape[1]),
    )


def at_least(values: Numbers, least: int) -> Words:
    """``bits.AtLeast``, compiled."""
    if values.dtype not in TYPES:
        return numpy_machine.at_least(values, least)
    out = np.empty(words_for(len(values)), dtype=np.uint64)
    compiled.at_least(np.ascontiguousarray(values), least, out)
    return out


def read_bandwidth(size: int, rounds: int = 2000) -> float:
    """Bytes a second at which one core reads ``size`` bytes over and over."""
    words = aligned((size // ALIGNED * ALIGNED // 8,))
    words[:] = np.arange(len(words), dtype=np.uint64)
    compiled.read(words, 10)
    start = time.perf_counter()
    compiled.read(words, rounds)
    return size * rounds / (time.perf_counter() - start)


def bytes_read(program: Program, rows: int) -> int:
    """What the kernel reads for so many rows: every operand of every instruction, and the answers, counted once."""
    return (len(program.operands) + len(program.starts) - 1) * 2 * 8 * words_for(rows)
