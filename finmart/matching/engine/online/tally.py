"""From the states of literals to what ranking counts in each variant: met, not met, unknown, preferences missed."""

from dataclasses import dataclass
from threading import local

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.plan.types import States, Variants

#: What one clause adds, by its state and the two low bits of its slot (preferred, opposite): one byte each.
#: The more it decides, the higher the byte, so that the whole number says which verdict it comes to.
_MISSED, _MET, _UNKNOWN, _NOT_MET = 1, 1 << 8, 1 << 16, 1 << 24
#: From here on a total has a clause that is met, unknown, not met.
SOME_MET, SOME_UNKNOWN, SOME_NOT_MET = map(np.uint32, (_MET, _UNKNOWN, _NOT_MET))
_WEIGHTS = np.array(
    [
        [_NOT_MET, _MET, _MISSED, 0],
        [_UNKNOWN, _UNKNOWN, _MISSED, _MISSED],
        [_MET, _NOT_MET, 0, _MISSED],
    ],
    dtype=np.uint32,
)
#: Where more than one in so many slots changes, counting all of them anew is quicker.
MOST_RENEWED = 8


@dataclass(frozen=True)
class Tally:
    """Counts of each variant (V,), a byte each: required clauses by state, and preferences that are not met."""

    total: NDArray[np.uint32]

    @property
    def not_met(self) -> NDArray[np.uint32]:
        """Required clauses that fail."""
        return self.total >> np.uint32(24)

    @property
    def unknown(self) -> NDArray[np.uint32]:
        """Required clauses that are not known."""
        return (self.total >> np.uint32(16)) & np.uint32(0xFF)

    @property
    def missed(self) -> NDArray[np.uint32]:
        """Preferences that are not met."""
        return self.total & np.uint32(0xFF)


class Scratch(local):
    """A thread's own memory for what is looked up, so that a request asks the system for none."""

    def __init__(self) -> None:
        self._kept = np.empty((0, 0), dtype=np.uint32)

    def of(self, shape: tuple[int, ...]) -> NDArray[np.uint32]:
        """An array of ``shape`` with anything in it, good until asked for again."""
        if self._kept.shape != shape:
            self._kept = np.empty(shape, dtype=np.uint32)
        return self._kept


_SCRATCH = Scratch()


def retallied(variants: Variants, before: Tally, earlier: States, literals: States) -> Tally:
    """What ``tallied`` says, out of what it said ``before`` of the literals ``earlier``."""
    uses, last = variants.uses, len(variants.uses.starts) - 1
    old, new = earlier[: 2 * last : 2], literals[: 2 * last : 2]
    changed = np.flatnonzero(old != new)
    first = uses.starts[changed]
    sizes = uses.starts[changed + 1] - first
    ends = sizes.cumsum()
    if not len(ends) or ends[-1] > variants.slots.size // MOST_RENEWED:
        return before if not len(ends) else tallied(variants, literals)
    slots = np.arange(ends[-1]) + (first - ends + sizes).repeat(sizes)
    # Unsigned, so that taking away is adding what is missing to the whole.
    weights = (_WEIGHTS[new[changed]] - _WEIGHTS[old[changed]]).ravel()
    kinds = (4 * np.arange(len(changed))).repeat(sizes) + uses.kinds[slots]
    total = before.total.copy()
    np.add.at(total, uses.variants[slots], weights[kinds])
    return Tally(total)


def tallied(variants: Variants, literals: States) -> Tally:
    """Count the clauses of every variant."""
    weights = _WEIGHTS.take(literals[::2], axis=0).ravel()
    # A slot is always in range: "clip" says only that nobody has to look.
    found = weights.take(variants.slots, mode="clip", out=_SCRATCH.of(variants.slots.shape))
    return Tally(found.sum(axis=0, dtype=np.uint32))
