"""Groups of one level as a padded matrix of their parts, so that one pass over rows counts them all."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.plan.types import NEVER_NODE, Indexes, Level, States

#: Wider groups are counted one after the other: a single one of them would make every group as wide.
WIDEST = 12
#: A part that is met counts in both halves of the number, one that is not known only in the lower half.
_COUNTED = np.array([0, 1, (1 << 16) + 1], dtype=np.uint32)


@dataclass(frozen=True)
class Table:
    """The groups of one level; ``parts`` is (W, G), or (P,) with ``starts`` where some group is too wide."""

    nodes: Indexes
    parts: Indexes
    starts: Indexes | None
    least: NDArray[np.uint32]
    least_met: NDArray[np.uint32]

    def states(self, literals: States) -> States:
        """The state of each group."""
        weights = _COUNTED.take(literals).take(self.parts)
        if self.starts is None:
            counted = weights.sum(axis=0, dtype=np.uint32)
        else:
            counted = np.add.reduceat(weights, self.starts, dtype=np.uint32)
        # The upper half counts what is met; where it reaches ``least``, so does the lower one.
        found: States = (counted >= self.least_met).view(np.uint8)
        found += (counted & np.uint32(0xFFFF)) >= self.least
        return found


def padded(level: Level) -> Table:
    """The table of ``level``."""
    ends = np.append(level.starts[1:], len(level.parts))
    sizes = ends - level.starts
    least = level.least.astype(np.uint32)
    parts, starts = level.parts, level.starts
    if int(sizes.max()) > WIDEST:
        return Table(level.nodes, parts, starts, least, least << np.uint32(16))
    table = np.full((int(sizes.max()), len(sizes)), 2 * NEVER_NODE, dtype=np.intp)
    group = np.repeat(np.arange(len(sizes)), sizes)
    table[np.arange(len(parts)) - starts[group], group] = parts
    return Table(level.nodes, table, None, least, least << np.uint32(16))
