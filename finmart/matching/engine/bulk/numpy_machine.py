"""Runs a program on a chunk's bitmaps with NumPy alone."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.bulk.bits import Words, pack
from finmart.matching.engine.bulk.exact import Numbers
from finmart.matching.engine.bulk.program import AND8, OR_AND, Program

_SIZE = (2, 4, 8)


def run(program: Program, formula: int, registers: Words) -> Words:
    """Answer one formula; ``registers`` (R, 2, words) begins with the bitmaps of the leaves. Returns (2, words)."""
    first, last = program.starts[formula], program.starts[formula + 1]
    for operation, target, *operands in program.code[first:last].tolist():
        out = registers[target]
        if operation == OR_AND:
            out |= registers[operands[0]] & registers[operands[1]]
            continue
        join = np.bitwise_and if operation <= AND8 else np.bitwise_or
        size = _SIZE[operation if operation <= AND8 else operation - AND8 - 1]
        join(registers[operands[0]], registers[operands[1]], out=out)
        # The last operand is repeated where there are fewer.
        for place in dict.fromkeys(operands[2:size]):
            join(out, registers[place], out=out)
    answer: Words = registers[program.answer]
    return answer


def answer(
    program: Program, met: Words, possible: Words, counts: NDArray[Any], top: NDArray[Any], filled: NDArray[Any]
) -> None:
    """All formulas on all rows of a chunk; see ``everyone.Machine``."""
    registers = np.empty((program.registers, 2, met.shape[1]), dtype=np.uint64)
    registers[: len(met), 0], registers[: len(met), 1] = met, possible
    places = np.empty((2, met.shape[1]), dtype=np.uint8)
    wanting = np.full(met.shape[1], np.iinfo(np.uint64).max, dtype=np.uint64)
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
