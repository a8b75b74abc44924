"""Who of a few subjects a product would take, row by row: how many conditions are met and how many are open."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.bulk.bits import unpack
from finmart.matching.engine.bulk.prospects import Screen
from finmart.matching.engine.bulk.table import table_of
from finmart.matching.engine.inputs import ApplicantFacts, ProductOffer, VariantOffer

#: Conditions a subject fails, leaves open and meets, by the way that suits it best.
Standing = tuple[int, int, int]
_Numbers = NDArray[np.int64]


def _counted(screen: Screen, variant: VariantOffer) -> _Numbers:
    """(subjects, 3): failed, open and met conditions of one way."""
    size = screen.table.size
    found = np.zeros((size, 3), dtype=np.int64)
    for _key, words in screen.clauses(variant):
        met, possible = unpack(words[0], size), unpack(words[1], size)
        found += np.stack([~possible, possible & ~met, met], axis=1)
    return found


def standings(subjects: Sequence[ApplicantFacts], offer: ProductOffer) -> list[Standing]:
    """Each subject by the way with the fewest failed, then the fewest open, then the most met conditions."""
    if not subjects:
        return []
    screen = Screen(table_of(subjects))
    ways = [_counted(screen, variant).tolist() for variant in offer.variants]
    best = [min((way[row] for way in ways), key=lambda way: (way[0], way[1], -way[2])) for row in range(len(subjects))]
    return [(failed, open_, met) for failed, open_, met in best]
