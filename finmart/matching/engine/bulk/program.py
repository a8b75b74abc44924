"""Formulas as instructions on registers, so that a machine without recursion can run them.

Registers: one a leaf, then "never" (no row) and "always" (every row), then the answer, then intermediate ones. An
instruction is ``(operation, target, eight operands)``; an operation of fewer operands repeats one,
which changes no "and" and no "or".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.bulk.formula import Formula, Literal

#: target = the "and" (the "or") of two, four or eight operands.
AND2, AND4, AND8, OR2, OR4, OR8 = range(6)
#: target = target or (first and second): one more has been met.
OR_AND = 6
_SIZES = (2, 4, 8)
_OPERANDS = 8

Instruction = tuple[int, int, tuple[int, ...]]


@dataclass(frozen=True)
class Program:
    """Instructions of all formulas: int32 (n, 10); formula f has rows ``starts[f]`` to ``starts[f + 1]``.

    ``leaves`` registers come first, "never" and "always" behind them; ``registers`` counts all of them.
    """

    leaves: int
    registers: int
    code: NDArray[np.int32]
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
            rows.append(_padded(AND2, target, [formula.place]))
            return
        if not formula.parts:
            rows.append(_padded(AND2, target, [self.leaves + (formula.count <= 0)]))
            return
        before = self.free
        places = [self._part(part, rows) for part in formula.parts]
        if formula.count in (1, len(places)):
            rows += _joined(AND2 if formula.count > 1 else OR2, target, places)
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
            yield _padded(AND2, register, [self.leaves])
        for place in places:
            for j in range(count - 1, 0, -1):
                yield _padded(OR_AND, met[j], [met[j - 1], place])
            yield _padded(OR2, met[0], [met[0], place])


def _padded(operation: int, target: int, operands: Sequence[int]) -> Instruction:
    return operation, target, (*operands, *[operands[-1]] * (_OPERANDS - len(operands)))


def _joined(smallest: int, target: int, places: Sequence[int]) -> Iterator[Instruction]:
    left = list(places)
    while left:
        now, left = left[:_OPERANDS], left[_OPERANDS:]
        step = next(step for step, size in enumerate(_SIZES) if len(now) <= size)
        yield _padded(smallest + step, target, now)
        if left:
            left.insert(0, target)


def program(formulas: Sequence[Formula], leaves: int) -> Program:
    """The program of ``formulas`` over so many leaves."""
    writer = _Writer(leaves, leaves + 3, leaves + 3)
    rows: list[Instruction] = []
    starts = [0]
    for formula in formulas:
        writer.write(formula, leaves + 2, rows)
        starts.append(len(rows))
    table = [(operation, target, *operands) for operation, target, operands in rows]
    code = np.array(table, dtype=np.int32).reshape(-1, 2 + _OPERANDS)
    return Program(leaves, writer.most, code, np.array(starts, dtype=np.int64))
