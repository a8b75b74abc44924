"""Runs a program on a chunk's bitmaps with the compiled kernels. Importing this module needs the extra ``fast``."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.bulk import compiled, numpy_machine, steps
from finmart.matching.engine.bulk.bits import FEW, Maker, Words, words_for
from finmart.matching.engine.bulk.catalogue import Catalogue
from finmart.matching.engine.bulk.exact import Numbers
from finmart.matching.engine.bulk.filling import TYPES, Recipe, recipe
from finmart.matching.engine.bulk.program import Program
from finmart.matching.engine.bulk.registers import ALIGNED, address, aligned

#: Subjects at once: enough that calling the kernels costs little, and few enough that every thread gets its share.
ROWS = 1 << 16
ROWS_A_WORD = 64
#: A tile's bitmaps of all leaves may take so many bytes: most of a usual second cache.
TILE_BYTES = 1 << 20
#: Words of one bitmap in a tile: less and the instructions outweigh the work, more and nothing is gained.
LEAST, MOST = 32, 64


def tile_words(program: Program) -> int:
    """How many words of each bitmap are worked on at once."""
    return MOST if 16 * program.registers * MOST <= TILE_BYTES else LEAST


@dataclass(frozen=True)
class Job:
    """A chunk whose tiles are given out by the words at which they begin: whoever takes the next does it."""

    recipe: Recipe
    steps: NDArray[np.int64]
    top: NDArray[Any]
    filled: NDArray[Any]
    tiles: Iterator[int]


def job(catalogue: Catalogue, maker: Maker, top: NDArray[Any], filled: NDArray[Any]) -> Job:
    """All formulas on all rows of a chunk, as work that several may share."""
    found = recipe(catalogue.encoding, maker)
    tiles = range(0, words_for(len(filled)), tile_words(catalogue.program))
    return Job(found, found.numbers, top.reshape(-1), filled, iter(tiles))


class Worker:
    """See ``everyone.Machine``. The memory of one tile serves every tile of every chunk."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Make the registers of one tile."""
        program, width = catalogue.program, 2 * tile_words(catalogue.program)
        self.width = np.uint64(width)
        self.bits = aligned((program.registers * width,))
        self.scratch = aligned((2 * (FEW + 2) * width,))
        self.scratch[:] = 0
        self.near = aligned((0,))
        self.program = (program.code.view(np.uint64), program.operands.view(np.uint64), program.starts)
        self.answer = np.uint64(program.answer * width)

    def __call__(self, todo: Job, counts: NDArray[Any]) -> None:
        """Do tiles of a chunk until none is left."""
        most = len(todo.top) // max(1, len(todo.filled))
        for word in todo.tiles:
            self.fill(todo, word)
            self.formulas(todo, word, counts, most)

    def fill(self, todo: Job, word: int) -> None:
        """Write the leaves of the tile that begins at ``word``."""
        needed = todo.recipe.near * int(self.width) * ROWS_A_WORD // 2 // 8
        if len(self.near) < needed:
            self.near = aligned((needed,))
        near, rows = address(self.near), len(todo.filled)
        steps.fill(todo.steps, rows, near, self.scratch, self.bits, self.width, np.uint64(word))

    def formulas(self, todo: Job, word: int, counts: NDArray[Any], most: int) -> None:
        """Answer all formulas on it."""
        compiled.formulas(
            self.bits,
            self.width,
            *self.program,
            self.answer,
            counts,
            np.uint64(word),
            todo.top,
            todo.filled,
            np.uint64(most),
        )


def at_least(values: Numbers, least: int) -> Words:
    """``bits.AtLeast``, compiled."""
    if values.dtype not in TYPES:
        return numpy_machine.at_least(values, least)
    out = np.empty(words_for(len(values)), dtype=np.uint64)
    steps.at_least(np.ascontiguousarray(values), least, out)
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
