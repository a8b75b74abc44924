"""Each leaf as two packed bitmaps over the rows of a table: met, and met or unknown. Row r is bit ``r % 64`` of word
``r // 64``; bits beyond the last row are zero."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from finmart.conditions.types import Compare, Comparison, Expression, Leaf
from finmart.conditions.walk import keys_of
from finmart.matching.engine.bulk import exact
from finmart.matching.engine.bulk.exact import Exact, Mask, Numbers
from finmart.matching.engine.bulk.formula import Stated
from finmart.matching.engine.bulk.reckon import Reckoner
from finmart.matching.engine.bulk.table import Codes

Words: TypeAlias = NDArray[np.uint64]
#: (whole numbers, least): where they are at least so large.
AtLeast: TypeAlias = Callable[[Numbers, int], Words]
#: Columns with at most so many values keep a bitmap for each; a leaf is the "or" of some of them.
FEW = 64


def words_for(rows: int) -> int:
    """How many words hold so many rows."""
    return -(-rows // 64)


def pack(mask: Mask) -> Words:
    """The mask as words."""
    size = words_for(len(mask)) * 8
    packed = np.packbits(mask, bitorder="little")
    if len(packed) < size:
        packed = np.concatenate([packed, np.zeros(size - len(packed), dtype=np.uint8)])
    return packed.view(np.uint64)


def unpack(words: Words, rows: int) -> Mask:
    """The mask of the first ``rows``."""
    return np.unpackbits(words.view(np.uint8), count=rows, bitorder="little").view(np.bool_)


def count(words: Words) -> int:
    """How many bits are set."""
    return int(np.bitwise_count(words).sum(dtype=np.int64))


@dataclass(frozen=True)
class Bits:
    """Where something is met, and where it is met or unknown."""

    met: Words
    possible: Words

    def denied(self, everyone: Words) -> "Bits":
        """The opposite: met where it was impossible, possible where it was not met."""
        return Bits(everyone & ~self.possible, everyone & ~self.met)


@dataclass
class Maker:
    """Makes bitmaps of leaves on one table. What two leaves share (a known mask, a value's rows) is made once."""

    reckoner: Reckoner
    known: dict[tuple[Expression, Expression], Words] = field(default_factory=dict)
    open: dict[tuple[Expression, Expression], Words] = field(default_factory=dict)
    bounds: dict[tuple[Expression, int], Words] = field(default_factory=dict)
    rows_of: dict[str, Words] = field(default_factory=dict)
    few: int = FEW
    at_least: AtLeast = lambda values, least: pack(values >= least)

    @cached_property
    def everyone(self) -> Words:
        """A bitmap with every row."""
        return pack(np.ones(self.reckoner.table.size, dtype=np.bool_))

    @property
    def nbytes(self) -> int:
        """How large the bitmaps are that it keeps for the next leaf."""
        single = len(self.known) + len(self.open) + len(self.bounds)
        return single * self.everyone.nbytes + sum(each.nbytes for each in self.rows_of.values())

    def bits(self, stated: Stated) -> Bits:
        """The bitmaps of a leaf, as it stands or denied."""
        found = self._leaf(stated.leaf)
        return found.denied(self.everyone) if stated.denied else found

    def _leaf(self, leaf: Leaf) -> Bits:
        if isinstance(leaf, Comparison):
            return self._comparison(leaf)
        column = self.reckoner.table.dictionary(leaf.key)
        lookup = self.reckoner.lookups
        if len(keys_of(leaf)) > 1 or len(column.values) > self.few:
            states = self.reckoner.looked_up(leaf)
            return Bits(pack(states == 2), pack(states >= 1))
        rows = self._rows_of(leaf.key, column.codes, len(column.values))
        met, open_ = lookup.places(leaf, column)
        bits = _any(rows, met)
        return Bits(bits, bits | _any(rows, open_))

    def _rows_of(self, key: str, codes: Codes, values: int) -> Words:
        if key not in self.rows_of:
            # The last row of bitmaps is what is not known.
            self.rows_of[key] = np.stack([pack(codes == place) for place in [*range(values), -1]])
        return self.rows_of[key]

    def _comparison(self, leaf: Comparison) -> Bits:
        left, right = self.reckoner.value(leaf.left), self.reckoner.value(leaf.right)
        size = self.reckoner.table.size
        is_bound = right.known is exact.KNOWN
        known, open_ = self._known(leaf, left, right)
        if is_bound and left.under.size == 1 and left.over.dtype != object and left.over.size == size:
            bits = self._bounded(leaf, left, right) & known
        else:
            bits = pack(np.broadcast_to(exact.compare(leaf.operator, left, right), (size,))) & known
        return Bits(bits, bits | open_)

    def _bounded(self, leaf: Comparison, left: Exact, right: Exact) -> Words:
        """A figure against a plain number: every comparison is made of "at least" on whole numbers."""
        bound = Fraction(int(right.over[0]) * int(left.under[0]), int(right.under[0]))
        least, above = ceil(bound), floor(bound) + 1
        match leaf.operator:
            case Compare.GE:
                return self._at_least(leaf.left, left, least)
            case Compare.LT:
                return ~self._at_least(leaf.left, left, least)
            case Compare.GT:
                return self._at_least(leaf.left, left, above)
            case Compare.LE:
                return ~self._at_least(leaf.left, left, above)
            case _:
                equal = self._at_least(leaf.left, left, least) & ~self._at_least(leaf.left, left, above)
                return equal if leaf.operator is Compare.EQ else ~equal

    def _at_least(self, figure: Expression, values: Exact, least: int) -> Words:
        name = (figure, least)
        if name not in self.bounds:
            limit = np.iinfo(values.over.dtype)
            if least > limit.max or least <= limit.min:
                self.bounds[name] = pack(np.full(self.reckoner.table.size, least <= limit.min))
            else:
                self.bounds[name] = self.at_least(values.over, least)
        return self.bounds[name]

    def _known(self, leaf: Comparison, left: Exact, right: Exact) -> tuple[Words, Words]:
        """Where both sides are known, and where not; all bounds of one figure share it."""
        sides = (leaf.left, leaf.left if right.known is exact.KNOWN else leaf.right)
        if sides not in self.known:
            self.known[sides] = pack(np.broadcast_to(left.known & right.known, (self.reckoner.table.size,)))
            self.open[sides] = self.everyone & ~self.known[sides]
        return self.known[sides], self.open[sides]


def _any(rows: Words, places: NDArray[np.intp]) -> Words:
    found: Words = rows[places[0]] if len(places) == 1 else np.bitwise_or.reduce(rows[places], axis=0)
    return found
