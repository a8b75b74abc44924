"""Where two sequences differ: what is the same in front and behind is taken over, the middle is made again."""

from collections.abc import Sequence
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


def _middle(front: int, behind: int, old: int, new: int) -> Middle:
    """The middle of so many ``old`` and ``new`` things, of which ``front`` and ``behind`` are the same."""
    behind = min(behind, old - front, new - front)
    return Middle(front, old - behind, new - behind)


def middle_of(old: Sequence[object], new: Sequence[object]) -> Middle:
    """The middle of two sequences, in which the same object is the same thing."""
    shorter = min(len(old), len(new))
    front = next(compress(count(), map(is_not, old, new)), shorter)
    behind = next(compress(count(), map(is_not, reversed(old), reversed(new))), shorter)
    return _middle(front, behind, len(old), len(new))


def _same(old: NDArray[np.int64], new: NDArray[np.int64]) -> tuple[int, int]:
    """How many columns of two tables of one shape are the same in front, and behind."""
    differing = np.flatnonzero((old != new).any(axis=0))
    size = old.shape[1]
    return (int(differing[0]), size - 1 - int(differing[-1])) if len(differing) else (size, size)


def middle_of_columns(old: NDArray[np.int64], new: NDArray[np.int64]) -> Middle:
    """The middle of two tables (R, N) and (R, M), column by column."""
    shorter = min(old.shape[1], new.shape[1])
    front, behind = _same(old[:, :shorter], new[:, :shorter])
    if old.shape != new.shape:
        behind = _same(old[:, old.shape[1] - shorter :], new[:, new.shape[1] - shorter :])[1]
    return _middle(front, behind, old.shape[1], new.shape[1])
