"""Chance that falls the same on every machine and every Python: whole numbers only, a stream for each name."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")

SEED = "finmart demonstration city 1"
_WORD = (1 << 64) - 1


class Dice:
    """A stream of numbers (SplitMix64) that depends on the city's seed and the given name alone.

    Every subject and every kind of its data has a stream of its own, so a change to one leaves the others as they are.
    """

    def __init__(self, *name: str | int) -> None:
        text = "/".join([SEED, *map(str, name)])
        self._state = int.from_bytes(sha256(text.encode()).digest()[:8], "big")

    def below(self, limit: int) -> int:
        """0 to ``limit`` − 1; the modulo's bias is far below anything a demonstration shows."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _WORD
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _WORD
        return (mixed ^ (mixed >> 31)) % limit

    def between(self, low: int, high: int) -> int:
        """``low`` to ``high``, both included."""
        return low + self.below(high - low + 1)

    def chance(self, percent: int) -> bool:
        """True in ``percent`` of 100 throws."""
        return self.below(100) < percent

    def pick(self, choices: Sequence[T]) -> T:
        """One of ``choices``."""
        return choices[self.below(len(choices))]

    def weighted(self, choices: Sequence[tuple[T, int]]) -> T:
        """One of ``(choice, weight)``."""
        left = self.below(sum(weight for _, weight in choices))
        for choice, weight in choices:
            left -= weight
            if left < 0:
                return choice
        raise ValueError("no choice has a weight")

    def around(self, value: int, percent: int) -> int:
        """``value`` give or take ``percent``, more often near it than far from it."""
        swing = self.below(1001) + self.below(1001) - 1000
        return value + value * percent * swing // 100_000
