"""Which windows of which series a catalogue compares, for the kernel that sums them tile by tile."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from finmart.conditions.types import Window, WindowOf
from finmart.matching.engine.bulk.registers import address

#: Counts of months are one byte.
MOST = np.iinfo(np.int8).max
_KINDS = frozenset({WindowOf.SUM, WindowOf.MEAN, WindowOf.COUNT, WindowOf.LONGEST_GAP, WindowOf.GROWTH})


def is_summed(window: Window) -> bool:
    """Whether a window begins with the latest month and the kernel finds its figure."""
    return window.of in _KINDS and not window.skip and window.every is None and reach(window) <= MOST


def reach(window: Window) -> int:
    """How many months a window needs."""
    return window.months * 2 if window.of is WindowOf.GROWTH else window.months


@dataclass(frozen=True)
class Ends:
    """After how many months the sums of one series are asked for, from the shortest.

    The kernel keeps, a row, all sums (8 bytes each), then all counts, longest gaps, who is known that far back, and of
    whom the growth is (a byte each). ``table``: each end, and the place of the end that is half of it, or else its own;
    it is made before threads share the ends, because whoever has its address must find it there.
    """

    months: tuple[int, ...]
    table: NDArray[np.int64] = field(compare=False)

    @property
    def address(self) -> int:
        """Where ``table`` lies."""
        return address(self.table)

    @property
    def nbytes(self) -> int:
        """Bytes a row."""
        return 12 * len(self.months)

    def sum(self, months: int) -> int:
        """Bytes a row before the sums of so many months; so with the others."""
        return 8 * self.months.index(months)

    def count(self, months: int) -> int:
        """How many months are above zero."""
        return self._byte(0, months)

    def gap(self, months: int) -> int:
        """The longest gap."""
        return self._byte(1, months)

    def known(self, months: int) -> int:
        """Who reaches so far back."""
        return self._byte(2, months)

    def grown(self, months: int) -> int:
        """Who does, and whose earlier half is above zero in sum."""
        return self._byte(3, months)

    def _byte(self, kind: int, months: int) -> int:
        return (8 + kind) * len(self.months) + self.months.index(months)


def ends_of(windows: Iterable[Window]) -> Ends:
    """The ends that ``windows`` of one series ask for."""
    found = sorted({each for window in windows for each in (window.months, reach(window))})
    places = {months: place for place, months in enumerate(found)}
    halves = [places.get(months // 2, place) if months % 2 == 0 else place for months, place in places.items()]
    return Ends(tuple(found), np.array(list(zip(found, halves, strict=True)), dtype=np.int64).reshape(-1, 2))
