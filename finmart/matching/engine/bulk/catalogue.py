"""A catalogue compiled for bulk work: its distinct leaves and one program with a formula a product."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from finmart.matching.engine.bulk.encoding import Encoding
from finmart.matching.engine.bulk.formula import Book, Stated, is_unchecked, product_formula
from finmart.matching.engine.bulk.program import Program, program
from finmart.matching.engine.bulk.reckon import Lookups
from finmart.matching.engine.inputs import ProductOffer


@dataclass(frozen=True)
class Catalogue:
    """Products in the order in which ``top`` lists prefer them.

    ``unchecked[p]``: some variant of p states nothing that could be checked, so that nobody is refused.
    """

    offers: tuple[ProductOffer, ...]
    leaves: tuple[Stated, ...]
    program: Program
    unchecked: tuple[bool, ...]
    #: What each leaf says of each code that was ever met: part of what is compiled, filled in as codes come.
    lookups: Lookups = field(default_factory=Lookups, repr=False, compare=False)

    @cached_property
    def encoding(self) -> Encoding:
        """The leaves by what they read."""
        return Encoding(self.leaves)


def compiled(offers: Sequence[ProductOffer]) -> Catalogue:
    """The catalogue of ``offers``, in their order."""
    book = Book()
    formulas = [product_formula(offer, book) for offer in offers]
    leaves = book.stated
    unchecked = tuple(any(map(is_unchecked, offer.variants)) for offer in offers)
    return Catalogue(tuple(offers), leaves, program(formulas, len(leaves)), unchecked)
