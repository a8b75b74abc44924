"""From the states of literals to what ranking counts in each variant: met, not met, unknown, preferences missed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.plan.types import States, Variants

#: What one clause adds, by its state and the two low bits of its slot (preferred, opposite): one byte each.
_NOT_MET, _MET, _UNKNOWN, _MISSED = 1, 1 << 8, 1 << 16, 1 << 24
_WEIGHTS = np.array(
    [
        [_NOT_MET, _MET, _MISSED, 0],
        [_UNKNOWN, _UNKNOWN, _MISSED, _MISSED],
        [_MET, _NOT_MET, 0, _MISSED],
    ],
    dtype=np.uint32,
)


@dataclass(frozen=True)
class Tally:
    """Counts (V,) of each variant: required clauses by state, and preferences that are not met."""

    not_met: NDArray[np.uint8]
    met: NDArray[np.uint8]
    unknown: NDArray[np.uint8]
    missed: NDArray[np.uint8]


def tallied(variants: Variants, literals: States) -> Tally:
    """Count the clauses of every variant; an odd one counts nothing and is filled in by whoever answers it."""
    weights = _WEIGHTS[literals[::2]].ravel()
    total = np.zeros(variants.slots.shape[1], dtype=np.uint32)
    for row in variants.slots:
        total += weights.take(row, mode="clip")
    counts = total.view(np.uint8).reshape(-1, 4)
    if np.little_endian:
        return Tally(counts[:, 0], counts[:, 1], counts[:, 2], counts[:, 3])
    return Tally(counts[:, 3], counts[:, 2], counts[:, 1], counts[:, 0])
