"""What may be said of sets of subjects, so that no two statements differ by a few (DECISIONS 28).

Numbers are tens. A set that differs in fewer than ``LEAST`` subjects from one that was stated before gets that one's
number, so that moving a bound says nothing until so many have crossed it. Nobody and everybody are stated first of all.
"""

import numpy as np

from finmart.matching.engine.bulk.bits import Words, count
from finmart.matching.engine.bulk.prospects import Screen
from finmart.matching.engine.inputs import ProductOffer, VariantOffer
from finmart.matching.prospecting.types.values import Stated, Tally
from finmart.matching.types.numbers import LEAST, rounded


def said(number: int) -> int | None:
    """A number that may be said, or None."""
    return number if number >= LEAST else None


class Book:
    """The sets that have been stated, with their numbers."""

    def __init__(self, everyone: Words) -> None:
        self.everyone = everyone
        self._known: list[tuple[Words, int]] = [(np.zeros_like(everyone), 0)]
        self.total = self.number(everyone)

    def number(self, members: Words) -> int:
        """The number of a set: that of the first stated one that differs from it in fewer than ``LEAST``."""
        for known, number in self._known:
            if count(known ^ members) < LEAST:
                return number
        number = rounded(count(members))
        self._known.append((members.copy(), number))
        return number

    def tally(self, met: Words, possible: Words, *, unchecked: bool) -> Tally:
        """What is said of those who meet everything, may meet it, and fail.

        All three follow from two stated numbers, so they give away no third.
        """
        first, second = self.number(met), self.number(possible)
        return Tally(said(first), said(second - first), said(self.total - second), unchecked)


def _ways(screen: Screen, offer: ProductOffer) -> list[tuple[VariantOffer, Words]]:
    """Each way that has something to check, with its two bitmaps; bits beyond the last subject are zero."""
    checked = [variant for variant in offer.variants if any(clause.required for clause in variant.clauses)]
    return [(one, screen.variant(screen.clauses(one)) & screen.maker.everyone) for one in checked]


def state(screen: Screen, offer: ProductOffer, book: Book) -> Stated:
    """What is said of a product, and of each of its ways, beside everything that ``book`` has stated."""
    ways = _ways(screen, offer)
    unchecked = len(ways) < len(offer.variants) or not ways
    both = np.zeros((2, len(book.everyone)), dtype=np.uint64)
    for _way, bits in ways:
        both |= bits
    whole = book.tally(both[0], both[1], unchecked=unchecked)
    tallies = {way.key: book.tally(bits[0], bits[1], unchecked=False) for way, bits in ways}
    return Stated(said(book.total), whole, tallies)
