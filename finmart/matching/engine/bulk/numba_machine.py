"""Runs a program on a chunk's bitmaps with the compiled kernels. Importing this module needs the extra ``fast``."""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.bulk import compiled
from finmart.matching.engine.bulk.bits import Words, words_for
from finmart.matching.engine.bulk.exact import Numbers
from finmart.matching.engine.bulk.program import Program

#: A tile's bitmaps of all leaves may take so many bytes: most of a usual second cache.
TILE_BYTES = 950_000
#: Words of one bitmap in a tile: less and the instructions outweigh the work, more and nothing is gained.
LEAST, MOST = 8, 64


def tile_words(program: Program) -> int:
    """How many words of each bitmap are worked on at once."""
    fitting = TILE_BYTES // (16 * program.registers)
    return max(LEAST, min(MOST, fitting // 16 * 16))


def answer(
    program: Program, met: Words, possible: Words, counts: NDArray[Any], top: NDArray[Any], filled: NDArray[Any]
) -> None:
    """All formulas on all rows of a chunk; see ``everyone.Machine``."""
    tile = tile_words(program)
    bits = np.zeros(program.registers * 2 * tile, dtype=np.uint64)
    operations, offsets = program.code[:, 0].astype(np.uint64), program.code[:, 1:].astype(np.uint64) * (2 * tile)
    compiled.everyone(met, possible, operations, offsets, program.starts, bits, tile, counts, top, filled)


def at_least(values: Numbers, least: int) -> Words:
    """``bits.AtLeast``, compiled."""
    out = np.empty(words_for(len(values)), dtype=np.uint64)
    compiled.at_least(values, least, out)
    return out


def read_bandwidth(size: int, rounds: int = 2000) -> float:
    """Bytes a second at which one core reads ``size`` bytes over and over."""
    words = np.arange(size // 8, dtype=np.uint64)
    compiled.read(words, 10)
    start = time.perf_counter()
    compiled.read(words, rounds)
    return size * rounds / (time.perf_counter() - start)


def bytes_read(program: Program, rows: int) -> int:
    """What the kernel reads for so many rows: every operand of every instruction, and the answers, counted once."""
    operands = sum(len(set(row[2:])) for row in program.code.tolist())
    return (operands + len(program.starts) - 1) * 2 * 8 * -(-rows // 64)
