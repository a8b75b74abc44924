"""Formulas as instructions on registers, so that a machine without recursion can run them.

Registers: one a leaf, then "never" (no row) and "always" (every row), then the answer, then intermediate ones. An instruction is
``(operation, target, eight operands)``; an operation of fewer operands repeats one, which changes no "and" and no "or".
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

    ``leaves`` registers come first, "never" and "always" behind them; ``registers`` counts all of them. ``reads`` counts the operands that are leaves:
    what has to come from beyond the nearest cache.
    """

    leaves: int
    registers: int
    code: NDArray[np.int32]
    starts: NDArray[np.int64]
    reads: int

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

    def write(self, formula: Formula, target: int) -> Iterator[Instruction]:
        """Instructions that leave the answer in ``target``."""
        if isinstance(formula, Literal):
            yield _padded(AND2, target, [formula.place])
            return
        if not formula.parts:
            yield _padded(AND2, target, [self.leaves + (formula.count <= 0)])
            return
        before, places = self.free, []
        for part in formula.parts:
            place = yield from self._part(part)
            places.append(place)
        if formula.count in (1, len(places)):
            yield from _joined(AND2 if formula.count > 1 else OR2, target, places)
        else:
            yield from self._at_least(formula.count, target, places)
        self.free = before

    def _part(self, part: Formula) -> Iterator[Instruction]:  # returns the register
        if isinstance(part, Literal):
            return part.place
        place = self._take()
        yield from self.write(part, place)
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
    rows: list[list[int]] = []
    starts = [0]
    reads = 0
    for formula in formulas:
        for operation, target, operands in writer.write(formula, leaves + 2):
            rows.append([operation, target, *operands])
            reads += len({place for place in operands if place < leaves})
        starts.append(len(rows))
    code = np.array(rows, dtype=np.int32).reshape(-1, 2 + _OPERANDS)
    return Program(leaves, writer.most, code, np.array(starts, dtype=np.int64), reads)
