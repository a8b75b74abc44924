"""One product for many subjects: how many it would take, whom first, and by which conditions it refuses the others.

Bitmaps of leaves are kept, up to a bound, because the next product (or the next draft of the same one) asks mostly the
same. Rows stand in the order in which subjects are to be named: the first found are the best.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.bulk.bits import AtLeast, Maker, Words, count
from finmart.matching.engine.bulk.formula import (
    Book,
    Formula,
    Literal,
    Stated,
    formula,
    is_unchecked,
    product_formula,
)
from finmart.matching.engine.bulk.numpy_machine import at_least
from finmart.matching.engine.bulk.reckon import Lookups, Reckoner
from finmart.matching.engine.bulk.table import Table
from finmart.matching.engine.inputs import ProductOffer, VariantOffer

#: How many subjects are named.
MOST = 100
#: Bytes of bitmaps that are kept: all leaves of a usual catalogue for a million subjects, and what they are made of.
KEPT = 256 << 20
#: What leaves are made of (a bound, a known mask, a value's rows) may take one part in so many of it.
MADE_OF = 4
#: Bytes of worked-out figures (windows, sums) that are kept for the next leaf: they are made anew beyond it.
FIGURES = 512 << 20

#: One product asks a column of codes once or twice: a bitmap a value pays off only for the fewest values.
FEW = 12


@dataclass(frozen=True)
class Screened:
    """How many of ``size`` meet a product, may meet it, or fail it; ``first`` are the first rows that meet it.

    Of a product with a way that states nothing to check nobody fails: those are ``unchecked``.
    """

    size: int
    met: int
    open: int
    unchecked: int
    not_met: int
    first: NDArray[np.intp]


@dataclass
class Screen:
    """Subjects to screen, with the bitmaps that were used last."""

    table: Table
    kept_bytes: int = KEPT
    compare: AtLeast = at_least
    kept: OrderedDict[Stated, Words] = field(default_factory=OrderedDict)
    maker: Maker = field(init=False)

    def __post_init__(self) -> None:
        """Prepare what all leaves share."""
        self.maker = self._maker(Reckoner(self.table, Lookups()))

    def leaf(self, stated: Stated) -> Words:
        """Both bitmaps of a leaf, (2, words)."""
        found = self.kept.get(stated)
        if found is None:
            bits = self.maker.bits(stated)
            found = self.kept[stated] = np.stack([bits.met, bits.possible])
            self._keep_within(found.nbytes)
        else:
            self.kept.move_to_end(stated)
        return found

    def _keep_within(self, a_leaf: int) -> None:
        """Give back what was used longest ago, until no more is kept than may be; a leaf takes so many bytes."""
        if self.maker.reckoner.nbytes > FIGURES:
            self.maker = self._maker(Reckoner(self.table, self.maker.reckoner.lookups))
        elif self.maker.nbytes > self.kept_bytes // MADE_OF:
            self.maker = self._maker(self.maker.reckoner)
        while len(self.kept) > 1 and len(self.kept) * a_leaf + self.maker.nbytes > self.kept_bytes:
            self.kept.popitem(last=False)

    def _maker(self, reckoner: Reckoner) -> Maker:
        return Maker(reckoner, at_least=self.compare, few=FEW)

    def forget(self) -> None:
        """Keep the figures and no bitmap."""
        self.kept.clear()
        self.maker = self._maker(self.maker.reckoner)

    def answer(self, asked: Formula, leaves: Sequence[Stated]) -> Words:
        """Both bitmaps of a formula, (2, words)."""
        if isinstance(asked, Literal):
            return self.leaf(leaves[asked.place])
        if not asked.parts:
            return self._constant(always=asked.count <= 0)
        found = (self.answer(part, leaves) for part in asked.parts)
        if asked.count in (1, len(asked.parts)):
            join = np.bitwise_and if asked.count > 1 else np.bitwise_or
            first = join(next(found), next(found))
            for other in found:
                join(first, other, out=first)
            return first
        return _at_least(asked.count, list(found))

    def _constant(self, *, always: bool) -> Words:
        everyone = self.maker.everyone
        return np.stack([everyone, everyone]) if always else np.zeros((2, len(everyone)), dtype=np.uint64)

    def screen(self, offer: ProductOffer, most: int = MOST) -> Screened:
        """Judge every subject by what ``offer`` requires."""
        book = Book()
        found = self.answer(product_formula(offer, book), book.stated)
        met, possible = count(found[0]), count(found[1])
        rest = self.table.size - possible
        unchecked = any(map(is_unchecked, offer.variants))
        first = first_rows(found[0], most)
        return Screened(self.table.size, met, possible - met, rest * unchecked, rest * (not unchecked), first)

    def clauses(self, variant: VariantOffer) -> list[tuple[str, Words]]:
        """Each required clause by its key, with both bitmaps of its own."""
        book = Book()
        asked = [(clause.key, formula(clause.condition, book)) for clause in variant.clauses if clause.required]
        return [(key, self.answer(each, book.stated)) for key, each in asked]

    def variant(self, clauses: Sequence[tuple[str, Words]]) -> Words:
        """Both bitmaps of all clauses together."""
        return reduce(np.bitwise_and, (words for _key, words in clauses), self._constant(always=True))


def _at_least(least: int, parts: Sequence[Words]) -> Words:
    """``met[j]`` says that j + 1 have been met so far."""
    met = [np.zeros_like(parts[0]) for _ in range(least)]
    for part in parts:
        for j in range(least - 1, 0, -1):
            met[j] |= met[j - 1] & part
        met[0] |= part
    return met[-1]


def first_rows(words: Words, most: int) -> NDArray[np.intp]:
    """The first rows that are set."""
    full = np.flatnonzero(words)[:most]
    bits = np.unpackbits(words[full].view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
    word, bit = np.nonzero(bits)
    found: NDArray[np.intp] = full[word] * 64 + bit
    return found[:most]
