"""Each leaf as two packed bitmaps over the rows of a table: met, and met or unknown. Row r is bit ``r % 64`` of word
``r // 64``; bits beyond the last row are zero."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from finmart.conditions.types import Comparison, Expression, Leaf
from finmart.conditions.walk import keys_of
from finmart.matching.engine.bulk import exact
from finmart.matching.engine.bulk.exact import Mask
from finmart.matching.engine.bulk.formula import Stated
from finmart.matching.engine.bulk.reckon import Reckoner
from finmart.matching.engine.bulk.table import Codes

Words: TypeAlias = NDArray[np.uint64]
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
    rows_of: dict[str, Words] = field(default_factory=dict)

    @cached_property
    def everyone(self) -> Words:
        """A bitmap with every row."""
        return pack(np.ones(self.reckoner.table.size, dtype=np.bool_))

    def bits(self, stated: Stated) -> Bits:
        """The bitmaps of a leaf, as it stands or denied."""
        found = self._leaf(stated.leaf)
        return found.denied(self.everyone) if stated.denied else found

    def _leaf(self, leaf: Leaf) -> Bits:
        if isinstance(leaf, Comparison):
            return self._comparison(leaf)
        column = self.reckoner.table.dictionary(leaf.key)
        lookup = self.reckoner.lookups
        if len(keys_of(leaf)) > 1 or len(column.values) >= FEW + 1:
            states = self.reckoner.looked_up(leaf)
            return Bits(pack(states == 2), pack(states >= 1))
        states = lookup.leaf(leaf, column)
        rows = self._rows_of(leaf.key, column.codes, len(column.values))
        return Bits(_any(rows[states == 2]), _any(rows[states >= 1]))

    def _rows_of(self, key: str, codes: Codes, values: int) -> Words:
        if key not in self.rows_of:
            # The last row of bitmaps is what is not known.
            self.rows_of[key] = np.stack([pack(codes == place) for place in [*range(values), -1]])
        return self.rows_of[key]

    def _comparison(self, leaf: Comparison) -> Bits:
        left, right = self.reckoner.value(leaf.left), self.reckoner.value(leaf.right)
        size = self.reckoner.table.size
        known = self._known(leaf, np.broadcast_to(left.known & right.known, (size,)), right.known is exact.KNOWN)
        bits = pack(np.broadcast_to(exact.compare(leaf.operator, left, right), (size,))) & known
        return Bits(bits, bits | (self.everyone & ~known))

    def _known(self, leaf: Comparison, known: Mask, is_bound: bool) -> Words:
        """Where both sides are known; all bounds of one figure share it."""
        sides = (leaf.left, leaf.left if is_bound else leaf.right)
        if sides not in self.known:
            self.known[sides] = pack(known)
        return self.known[sides]


def _any(rows: Words) -> Words:
    found: Words = np.bitwise_or.reduce(rows, axis=0)
    return found
