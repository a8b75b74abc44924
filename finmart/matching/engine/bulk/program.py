"""Formulas as instructions on registers, so that a machine without recursion can run them.

Registers: one a leaf, then "never" (no row) and "always" (every row), then the answer, then intermediate ones. An
instruction is ``(operation, target, first, last)``: its operands are ``operands[first:last]``, as many as there are, so
that what is found so far is written once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.bulk.formula import Formula, Literal

#: target = the "and" (the "or") of all operands.
AND, OR = 0, 1
#: target = target or (first and second): one more has been met.
OR_AND = 2

Instruction = tuple[int, int, Sequence[int]]


@dataclass(frozen=True)
class Program:
    """Instructions of all formulas: int64 (n, 4); formula f has rows ``starts[f]`` to ``starts[f + 1]``.

    ``leaves`` registers come first, "never" and "always" behind them; ``registers`` counts all of them.
    """

    leaves: int
    registers: int
    code: NDArray[np.int64]
    operands: NDArray[np.int64]
    starts: NDArray[np.int64]

    @property
    def answer(self) -> int:
        """The register of a formula's answer."""
        return self.leaves + 2


@dataclass
class _Writer:
    """Writes one formula; ``free`` is the next register that nothing uses, ``most`` the highest ever used."""

    leaves: int
    free: int
    most: int

    def write(self, formula: Formula, target: int, rows: list[Instruction]) -> None:
        """Append the instructions that leave the answer in ``target``."""
        if isinstance(formula, Literal):
            rows.append((AND, target, [formula.place]))
            return
        if not formula.parts:
            rows.append((AND, target, [self.leaves + (formula.count <= 0)]))
            return
        before = self.free
        places = [self._part(part, rows) for part in formula.parts]
        if formula.count in (1, len(places)):
            rows.append((AND if formula.count > 1 else OR, target, places))
        else:
            rows += self._at_least(formula.count, target, places)
        self.free = before

    def _part(self, part: Formula, rows: list[Instruction]) -> int:
        """The register of a part, after the instructions that fill it."""
        if isinstance(part, Literal):
            return part.place
        place = self._take()
        self.write(part, place, rows)
        return place

    def _take(self) -> int:
        self.free += 1
        self.most = max(self.most, self.free)
        return self.free - 1

    def _at_least(self, count: int, target: int, places: Sequence[int]) -> Iterator[Instruction]:
        """``met[j]`` says that j + 1 have been met so far."""
        met = [*(self._take() for _ in range(count - 1)), target]
        for register in met:
            yield AND, register, [self.leaves]
        for place in places:
            for j in range(count - 1, 0, -1):
                yield OR_AND, met[j], [met[j - 1], place]
            yield OR, met[0], [met[0], place]


def program(formulas: Sequence[Formula], leaves: int) -> Program:
    """The program of ``formulas`` over so many leaves."""
    writer = _Writer(leaves, leaves + 3, leaves + 3)
    rows: list[Instruction] = []
    starts = [0]
    for formula in formulas:
        writer.write(formula, leaves + 2, rows)
        starts.append(len(rows))
    operands = [place for _operation, _target, places in rows for place in places]
    ends = np.cumsum([0, *(len(places) for _operation, _target, places in rows)], dtype=np.int64)
    code = np.empty((len(rows), 4), dtype=np.int64)
    code[:, :2] = np.array([row[:2] for row in rows], dtype=np.int64).reshape(-1, 2)
    code[:, 2], code[:, 3] = ends[:-1], ends[1:]
    return Program(leaves, writer.most, code, np.array(operands, dtype=np.int64), np.array(starts, dtype=np.int64))
