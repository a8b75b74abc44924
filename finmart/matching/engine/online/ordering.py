"""Order by criteria: many small whole numbers a row packed into a few large ones that compare the same way."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.plan.types import Indexes

#: Bits of one packed number; the sign stays clear.
BITS = 63
_TOP = np.iinfo(np.int64).max


def packed(criteria: Sequence[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """Criteria (each (N,), the weightiest first; smaller is better) as few numbers that compare as they do."""
    words: list[NDArray[np.int64]] = []
    left = 0
    for criterion in criteria:
        lowest, highest = int(criterion.min()), int(criterion.max())
        bits = (highest - lowest).bit_length()
        if not bits:
            continue
        own = criterion - lowest
        if bits <= left:
            words[-1] = (words[-1] << bits) | own
            left -= bits
        else:
            words.append(own)
            left = BITS - bits
    return words


def best_of_each(words: Sequence[NDArray[np.int64]], starts: Indexes, group: Indexes) -> Indexes:
    """For each group (from ``starts``, none empty) the place of its smallest row; the first of equal ones."""
    alive = np.ones(len(group), dtype=np.bool_)
    for word in words:
        own = np.where(alive, word, _TOP)
        alive &= own == np.minimum.reduceat(own, starts)[group]
    places = np.where(alive, np.arange(len(group)), len(group))
    return np.minimum.reduceat(places, starts)


def in_order(words: Sequence[NDArray[np.int64]], size: int) -> Indexes:
    """The places of the rows from the smallest to the largest; equal ones keep their order."""
    if not words:
        return np.arange(size)
    return np.argsort(words[0], kind="stable") if len(words) == 1 else np.lexsort(tuple(reversed(words)))
