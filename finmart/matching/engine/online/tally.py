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
    """Counts of each variant (V,), a byte each: required clauses by state, and preferences that are not met."""

    total: NDArray[np.uint32]

    @property
    def not_met(self) -> NDArray[np.uint32]:
        """Required clauses that fail."""
        return self.total & np.uint32(0xFF)

    @property
    def met(self) -> NDArray[np.uint32]:
        """Required clauses that are met."""
        return (self.total >> np.uint32(8)) & np.uint32(0xFF)

    @property
    def unknown(self) -> NDArray[np.uint32]:
        """Required clauses that are not known."""
        return (self.total >> np.uint32(16)) & np.uint32(0xFF)

    @property
    def missed(self) -> NDArray[np.uint32]:
        """Preferences that are not met."""
        return self.total >> np.uint32(24)


def tallied(variants: Variants, literals: States) -> Tally:
    """Count the clauses of every variant."""
    weights = _WEIGHTS.take(literals[::2], axis=0).ravel()
    return Tally(weights.take(variants.slots, mode="clip").sum(axis=0, dtype=np.uint32))
