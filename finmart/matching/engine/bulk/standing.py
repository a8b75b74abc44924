"""How subjects stand to a part of the shelf: they meet some way of it, may meet one, or none is possible.

The question goes to the kernel of everyone × everything as two products of the part's own: one that is all of its ways,
and one whose only condition is that none of them is possible. Whoever meets neither may meet something.
"""

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from finmart.conditions.types import All, AnyOf, Not
from finmart.matching.engine.bulk.catalogue import Catalogue, compiled
from finmart.matching.engine.bulk.everyone import Machine, answer
from finmart.matching.engine.bulk.formula import is_unchecked
from finmart.matching.engine.bulk.table import Table
from finmart.matching.engine.inputs import Clause, ProductOffer, VariantOffer

#: Ways of one part of the shelf, each of which states something to check.
Ways = Sequence[VariantOffer]


class Standing(IntEnum):
    """What is best of a part's ways for a subject."""

    NONE = 0
    OPEN = 1
    MET = 2


def checked(offer: ProductOffer) -> tuple[VariantOffer, ...]:
    """The ways of a product that state something to check: nothing can be said of the others."""
    return tuple(variant for variant in offer.variants if not is_unchecked(variant))


def standings(parts: Sequence[Ways], table: Table, *, by: Machine | None = None) -> NDArray[np.int8]:
    """(subjects, parts) of ``Standing``. Raises ``ValueError`` for more than 255 parts, or none."""
    found = np.full((table.size, len(parts)), Standing.OPEN, dtype=np.int8)
    top = answer(_asked(parts), table, most=len(parts), by=by).top
    rows, places = np.nonzero(top >= 0)
    met = top[rows, places]
    found[rows, met // 2] = np.where(met % 2, Standing.NONE, Standing.MET)
    return found


def _asked(parts: Sequence[Ways]) -> Catalogue:
    """The two products of each part, side by side; a subject meets at most one of them."""
    return compiled([each for ways in parts for each in (_product(*ways), _product(_nothing(ways)))])


def _nothing(ways: Ways) -> VariantOffer:
    """The way that is met by whom none of ``ways`` could take."""
    every = tuple(All(tuple(clause.condition for clause in way.clauses if clause.required)) for way in ways)
    clause = Clause("nothing", "engine", Not(AnyOf(every)), required=True, source={}, facts=frozenset())
    return VariantOffer(key="nothing", clauses=(clause,))


def _product(*ways: VariantOffer) -> ProductOffer:
    """A product of these ways alone; terms and institution play no part in a verdict."""
    return ProductOffer(
        code="",
        version=0,
        institution="",
        connected=False,
        product_type="",
        evidence_tier="",
        decision_days=None,
        words=0,
        purposes=(),
        variants=ways,
    )
