"""Where two sequences differ: what is the same in front and behind is taken over, the middle is made again."""

from collections.abc import Iterable, Sequence
from itertools import compress, count
from operator import is_not
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Middle(NamedTuple):
    """``old[first:old_end]`` is replaced by ``new[first:new_end]``; everything before and behind is the same."""

    first: int
    old_end: int
    new_end: int

    @property
    def is_nothing(self) -> bool:
        """Whether nothing differs."""
        return self.first == self.old_end == self.new_end

    def spliced(self, old: NDArray[Any], new: NDArray[Any]) -> NDArray[Any]:
        """``old`` with ``new`` as its middle, along the last axis; itself where nothing differs."""
        if self.is_nothing:
            return old
        return np.concatenate((old[..., : self.first], new, old[..., self.old_end :]), axis=-1)


def _middle(forward: Iterable[object], backward: Iterable[object], old: int, new: int) -> Middle:
    """The middle of so many ``old`` and ``new`` things; ``forward`` and ``backward`` say which differ."""
    shorter = min(old, new)
    first = next(compress(count(), forward), shorter)
    behind = min(next(compress(count(), backward), shorter), shorter - first)
    return Middle(first, old - behind, new - behind)


def middle_of(old: Sequence[object], new: Sequence[object]) -> Middle:
    """The middle of two sequences, in which the same object is the same thing."""
    return _middle(map(is_not, old, new), map(is_not, reversed(old), reversed(new)), len(old), len(new))


def middle_of_columns(old: NDArray[np.int64], new: NDArray[np.int64]) -> Middle:
    """The middle of two tables (R, N) and (R, M), column by column."""
    shorter = min(old.shape[1], new.shape[1])
    front = (old[:, :shorter] != new[:, :shorter]).any(axis=0)
    back = front
    if old.shape != new.shape:
        back = (old[:, old.shape[1] - shorter :] != new[:, new.shape[1] - shorter :]).any(axis=0)
    return _middle(front.tolist(), reversed(back.tolist()), old.shape[1], new.shape[1])
