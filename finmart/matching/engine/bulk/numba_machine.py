"""Runs a program on a chunk's bitmaps with the compiled kernels. Importing this module needs the extra ``fast``."""

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.bulk import compiled, numpy_machine
from finmart.matching.engine.bulk.bits import Maker, Words, words_for
from finmart.matching.engine.bulk.catalogue import Catalogue
from finmart.matching.engine.bulk.encoding import FEW
from finmart.matching.engine.bulk.exact import Numbers
from finmart.matching.engine.bulk.filling import TYPES, Recipe, recipe
from finmart.matching.engine.bulk.program import Program
from finmart.matching.engine.bulk.registers import ALIGNED, aligned

#: Subjects at once: enough that calling the kernels costs little, and few enough that every thread gets its share.
ROWS = 1 << 16
#: A tile's bitmaps of all leaves may take so many bytes: most of a usual second cache.
TILE_BYTES = 1 << 20
#: Words of one bitmap in a tile: less and the instructions outweigh the work, more and nothing is gained.
LEAST, MOST = 32, 64


def tile_words(program: Program) -> int:
    """How many words of each bitmap are worked on at once."""
    return MOST if 16 * program.registers * MOST <= TILE_BYTES else LEAST


@dataclass(frozen=True)
class Job:
    """A chunk whose tiles are given out: ``counter`` holds the number of the next."""

    steps: NDArray[np.int64]
    recipe: Recipe
    top: NDArray[Any]
    filled: NDArray[Any]
    counter: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(1, dtype=np.uint64))


def job(catalogue: Catalogue, maker: Maker, top: NDArray[Any], filled: NDArray[Any]) -> Job:
    """All formulas on all rows of a chunk, as work that several may share."""
    found = recipe(catalogue.encoding, maker)
    return Job(found.numbers, found, top, filled)


class Worker:
    """See ``everyone.Machine``. The memory of one tile serves every tile of every chunk."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Make the registers of one tile."""
        self.program = catalogue.program
        self.width = 2 * tile_words(self.program)
        self.bits = aligned((self.program.registers * self.width,))
        self.scratch = aligned((2 * (FEW + 2) * self.width,))
        self.scratch[:] = 0
        self.near = aligned((0,))

    def near_for(self, todo: Job) -> NDArray[np.uint64]:
        """Memory for what the kernels find of a tile's rows and read again."""
        words = todo.recipe.near * self.width * 32 // 8
        if len(self.near) < words:
            self.near = aligned((words,))
        return self.near

    def __call__(self, todo: Job, counts: NDArray[Any]) -> None:
        """Do tiles of a chunk until none is left."""
        program = self.program
        compiled.everyone(
            todo.counter,
            todo.steps,
            self.near_for(todo),
            self.scratch,
            self.bits,
            np.uint64(self.width),
            program.code.view(np.uint64),
            program.operands.view(np.uint64),
            program.starts,
            np.uint64(program.answer * self.width),
            counts,
            todo.top.reshape(-1),
            todo.filled,
            np.uint64(todo.top.shape[1]),
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
