"""Runs a program on a chunk's bitmaps with NumPy alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.bulk.bits import Maker, Words, pack
from finmart.matching.engine.bulk.catalogue import Catalogue
from finmart.matching.engine.bulk.encoding import Encoding
from finmart.matching.engine.bulk.exact import Numbers
from finmart.matching.engine.bulk.program import AND, OR_AND, Program

#: Subjects at once: their bitmaps stay in the last cache, and an operation on them outweighs calling it.
ROWS = 1 << 16


@dataclass(frozen=True)
class Job:
    """A chunk, which is one piece of work; whoever takes ``turn`` does it."""

    maker: Maker
    top: NDArray[Any]
    filled: NDArray[Any]
    turn: Iterator[None] = field(default_factory=lambda: iter([None]))


def job(_catalogue: Catalogue, maker: Maker, top: NDArray[Any], filled: NDArray[Any]) -> Job:
    """All formulas on all rows of a chunk."""
    return Job(maker, top, filled)


class Worker:
    """See ``everyone.Machine``. The memory of one chunk's registers serves the next."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Make no registers yet: how many words they have, the first chunk says."""
        self.encoding, self.program = catalogue.encoding, catalogue.program
        self.registers = np.empty((self.program.registers, 2, 0), dtype=np.uint64)

    def __call__(self, todo: Job, counts: NDArray[Any]) -> None:
        """Do a chunk, unless somebody has."""
        for _ in todo.turn:
            words, leaves = len(todo.maker.everyone), self.program.leaves
            if words > self.registers.shape[2]:
                self.registers = np.empty((self.program.registers, 2, words), dtype=np.uint64)
            registers = self.registers[..., :words]
            _fill(self.encoding, todo.maker, registers)
            registers[leaves], registers[leaves + 1] = 0, todo.maker.everyone
            answer(self.program, registers, counts, todo.top, todo.filled)


def _fill(encoding: Encoding, maker: Maker, registers: Words) -> None:
    """Both bitmaps of all leaves."""
    for places in encoding.groups:
        for place in places:
            bits = maker.bits(encoding.leaves[place])
            registers[place, 0], registers[place, 1] = bits.met, bits.possible
        maker.reckoner.forget(encoding.shared)


def run(program: Program, formula: int, registers: Words) -> Words:
    """Answer one formula; ``registers`` (R, 2, words) begins with the bitmaps of the leaves. Returns (2, words)."""
    first, last = program.starts[formula], program.starts[formula + 1]
    for operation, target, start, end in program.code[first:last].tolist():
        out, operands = registers[target], program.operands[start:end].tolist()
        if operation == OR_AND:
            out |= registers[operands[0]] & registers[operands[1]]
            continue
        join = np.bitwise_and if operation == AND else np.bitwise_or
        # One operand alone is joined with itself.
        join(registers[operands[0]], registers[operands[1 % len(operands)]], out=out)
        for place in operands[2:]:
            join(out, registers[place], out=out)
    answer: Words = registers[program.answer]
    return answer


def answer(program: Program, registers: Words, counts: NDArray[Any], top: NDArray[Any], filled: NDArray[Any]) -> None:
    """All formulas on all rows of a chunk, whose bitmaps are in ``registers`` (R, 2, words)."""
    words = registers.shape[2]
    places = np.empty((2, words), dtype=np.uint8)
    wanting = np.full(words, np.iinfo(np.uint64).max, dtype=np.uint64)
    for formula in range(len(program.starts) - 1):
        found = run(program, formula, registers)
        sure, maybe = np.bitwise_count(found, out=places).sum(axis=1, dtype=np.int64).tolist()
        counts[formula, 0] += sure
        counts[formula, 1] += maybe
        if sure:
            _note(formula, found[0] & wanting, top, filled, wanting)


def _note(formula: int, hits: Words, top: NDArray[Any], filled: NDArray[Any], wanting: Words) -> None:
    """Write the formula down for every row in ``hits``; who has enough wants no more."""
    words = np.flatnonzero(hits)
    mask = np.unpackbits(hits[words].view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
    word, bit = np.nonzero(mask)
    rows = words[word] * 64 + bit
    top[rows, filled[rows]] = formula
    filled[rows] += 1
    full = rows[filled[rows] == top.shape[1]]
    np.bitwise_and.at(wanting, full // 64, ~(np.uint64(1) << (full % 64).astype(np.uint64)))


def at_least(values: Numbers, least: int) -> Words:
    """``bits.AtLeast``."""
    return pack(values >= least)
