"""Leaves grouped by what they read, so that a column is gone through once for all of them.

Grouping belongs to a catalogue, and so do the numbers that leaves compare with and the codes that they name: they are
worked out for the first chunk and found again for every other.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, partial
from math import ceil, floor
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from finmart.conditions.types import (
    Calculation,
    Case,
    Compare,
    Comparison,
    Converted,
    Expression,
    Fact,
    Literal,
    Window,
    WindowOf,
)
from finmart.conditions.walk import keys_of
from finmart.matching.engine.bulk.exact import LARGEST
from finmart.matching.engine.bulk.formula import Stated
from finmart.matching.engine.bulk.linear import Line, of_two
from finmart.matching.engine.bulk.reckon import Lookups
from finmart.matching.engine.bulk.registers import address
from finmart.matching.engine.bulk.series import Ends, ends_of, is_summed
from finmart.matching.engine.bulk.table import Dictionary
from finmart.reference.facts import PPM

#: a, b and c of ``Ratios``.
Three: TypeAlias = tuple[int, int, int]
#: Columns of which the choices are remembered, each with its own values; beyond it they are made anew.
MOST_CHOICES = 1 << 10
_ALL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
#: What two neighbouring whole numbers decide; the rest is made one by one.
_ORDERED = frozenset({Compare.GE, Compare.LT, Compare.GT, Compare.LE})


@dataclass(frozen=True)
class Thresholds:
    """Leaf ``places[i]`` is met where a number is at least ``leasts[i]``; if ``flips[i]`` is all ones, where not."""

    places: NDArray[np.int64]
    leasts: NDArray[np.int64]
    flips: NDArray[np.uint64]

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """How many leaves, and where the three lie."""
        return len(self.places), *map(address, (self.places, self.leasts, self.flips))


@dataclass(frozen=True)
class Ratios:
    """Leaf ``places[i]`` is met where a × one column − b × another is at least c: ``times[i]`` are a, b and c.

    If ``flips[i]`` is all ones it is met where this is not so.
    """

    places: NDArray[np.int64]
    times: NDArray[np.int64]
    flips: NDArray[np.uint64]

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """How many leaves, and where the three lie."""
        return len(self.places), *map(address, (self.places, self.times, self.flips))

    @cached_property
    def most(self) -> tuple[int, ...]:
        """The largest of each of the three numbers."""
        return tuple(np.abs(self.times).max(axis=0).tolist())


@dataclass(frozen=True)
class Choices:
    """Leaf ``places[i]`` is the "or" of the bitmaps ``operands[starts[i]:starts[i + 1]]`` of a column's codes.

    Bitmap 2v are the rows with code v, for both of a leaf's bitmaps; 2v + 1 are they for the second alone (nothing can
    be said of them). Unknown rows come behind the last code, and behind them one that is empty.
    """

    places: NDArray[np.int64]
    operands: NDArray[np.int64]
    starts: NDArray[np.int64]

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """How many leaves, and where the three lie."""
        return len(self.places), *map(address, (self.places, self.operands, self.starts))


@dataclass
class Encoding:
    """``figures`` (compared with numbers), ``pairs`` (with each other) and ``codes``: the places of the leaves on each.

    ``lines`` compare two facts, each times a number; ``others`` are made one by one. Threads that work on one catalogue
    share what is ``known_``: steps name its arrays by their addresses, so that what was made first stays.
    """

    leaves: Sequence[Stated]
    figures: dict[Expression, list[int]] = field(default_factory=dict)
    pairs: dict[tuple[Expression, Expression], list[int]] = field(default_factory=dict)
    lines: dict[tuple[Fact, Fact], list[int]] = field(default_factory=dict)
    codes: dict[str, list[int]] = field(default_factory=dict)
    others: list[int] = field(default_factory=list)
    known_thresholds: dict[tuple[int, int, Any], Thresholds] = field(default_factory=dict)
    known_ratios: dict[tuple[int, str], Ratios | None] = field(default_factory=dict)
    known_choices: dict[tuple[str, int], tuple[Choices, object]] = field(default_factory=dict)
    known_ends: dict[tuple[Window, ...], Ends] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Group the leaves."""
        for place, stated in enumerate(self.leaves):
            self._group(stated).append(place)
        # Sums come first: on the way they note which months are above zero, which counts and gaps ask for.
        self.figures = dict(sorted(self.figures.items(), key=lambda each: _only_counts(each[0])))

    def _group(self, stated: Stated) -> list[int]:
        leaf = stated.leaf
        if not isinstance(leaf, Comparison):
            return self.others if len(keys_of(leaf)) > 1 else self.codes.setdefault(leaf.key, [])
        if leaf.operator not in _ORDERED:
            return self.others
        line = of_two(leaf)
        if line is not None:
            return self.lines.setdefault(_both(line), [])
        if isinstance(leaf.right, Literal):
            return self.figures.setdefault(leaf.left, [])
        return self.pairs.setdefault((leaf.left, leaf.right), [])

    @property
    def groups(self) -> tuple[list[int], ...]:
        """The places of all leaves, by what they read."""
        return (*self.figures.values(), *self.pairs.values(), *self.lines.values(), *self.codes.values(), self.others)

    @cached_property
    def shared(self) -> frozenset[Expression]:
        """What stands in several expressions, and is worth keeping for the next."""
        found = Counter(part for each in self.expressions for part in frozenset(_parts(each)))
        return frozenset(part for part, times in found.items() if times > 1)

    @property
    def expressions(self) -> frozenset[Expression]:
        """Every expression that a leaf compares, and the facts of ``lines``."""
        asked = (stated.leaf for stated in self.leaves if isinstance(stated.leaf, Comparison))
        facts = frozenset(fact for both in self.lines for fact in both)
        return facts | frozenset(side for leaf in asked for side in (leaf.left, leaf.right))

    @cached_property
    def windows(self) -> dict[str, tuple[Window, ...]]:
        """Of each series the windows that one kernel sums together."""
        found: dict[str, list[Window]] = {}
        for figure in self.figures:
            if isinstance(figure, Window) and is_summed(figure):
                found.setdefault(figure.series, []).append(figure)
        return {series: tuple(windows) for series, windows in found.items()}

    def ends(self, windows: tuple[Window, ...]) -> Ends:
        """The ends that windows of one series ask for."""
        found = self.known_ends.get(windows)
        return self.known_ends.setdefault(windows, ends_of(windows)) if found is None else found

    def thresholds(self, places: Sequence[int], under: int, dtype: np.dtype[Any]) -> Thresholds:
        """What the leaves of one figure compare its numerators with, its denominator being ``under``."""
        name = (places[0], under, dtype)
        known = self.known_thresholds.get(name)
        if known is not None:
            return known
        each = [_threshold(self.leaves[place], under, np.iinfo(dtype)) for place in places]
        leasts = np.array([least for least, _flip in each], dtype=np.int64)
        flips = np.array([_ALL * flip for _least, flip in each], dtype=np.uint64)
        made = Thresholds(np.array(places, dtype=np.int64), leasts, flips)
        return self.known_thresholds.setdefault(name, made)

    def ratios(self, places: Sequence[int], under: int = 0, other: int = 0) -> Ratios | None:
        """How the leaves at ``places`` compare two columns; None if a number does not fit.

        The columns are a figure's numerators and denominators, or two figures' numerators over ``under`` and ``other``.
        """
        return self._ratios((places[0], f"{under}/{other}"), places, partial(_ratio, under=under, other=other))

    def growths(self, places: Sequence[int]) -> Ratios | None:
        """How they compare the sums whose growth it is: the latest months', and those of twice as many."""
        return self._ratios((places[0], "growth"), places, _growth)

    def sums(self, places: Sequence[int]) -> Ratios | None:
        """How they compare two facts, as grouped in ``lines``."""
        return self._ratios((places[0], "line"), places, _line)

    def _ratios(
        self, name: tuple[int, str], places: Sequence[int], how: Callable[[Stated], tuple[Three, bool]]
    ) -> Ratios | None:
        if name not in self.known_ratios:
            each = [how(self.leaves[place]) for place in places]
            fits = all(abs(number) < LARGEST for three, _flip in each for number in three)
            times = np.array([three for three, _flip in each], dtype=np.int64) if fits else None
            flips = np.array([_ALL * flip for _three, flip in each], dtype=np.uint64)
            found = None if times is None else Ratios(np.array(places, dtype=np.int64), times, flips)
            self.known_ratios.setdefault(name, found)
        return self.known_ratios[name]

    def choices(self, key: str, column: Dictionary, lookups: Lookups) -> Choices:
        """Of which codes each leaf on ``key`` is made; whoever names its arrays by their addresses must hold it.

        A catalogue goes on from one table to the next, whose values are others: what is remembered is bounded.
        """
        name = (key, id(column.values))
        known = self.known_choices.get(name)
        if known is not None:
            return known[0]
        places = self.codes[key]
        chosen = [_chosen(self.leaves[place], column, lookups) for place in places]
        ends = np.cumsum([0, *map(len, chosen)], dtype=np.int64)
        found = Choices(np.array(places, dtype=np.int64), np.concatenate(chosen).astype(np.int64), ends)
        if len(self.known_choices) >= MOST_CHOICES:
            self.known_choices = {}
        # The values are kept beside the answer, so that their identity cannot pass to others.
        return self.known_choices.setdefault(name, (found, column.values))[0]


def _parts(expression: Expression) -> Iterator[Expression]:
    """What an expression is made of, but for what is there already or costs nothing."""
    match expression:
        case Fact() | Literal():
            return
        case Converted(_, operand):
            yield from _parts(operand)
        case Calculation(_, operands):
            yield from (part for operand in operands for part in _parts(operand))
        case Case(branches, otherwise):
            values = [value for _asked, value in branches]
            yield from (part for value in (*values, otherwise) if value is not None for part in _parts(value))
    yield expression


def _only_counts(figure: Expression) -> bool:
    return isinstance(figure, Window) and figure.of in {WindowOf.COUNT, WindowOf.LONGEST_GAP}


def _threshold(stated: Stated, under: int, limit: Any) -> tuple[int, bool]:
    """The least numerator, and whether a leaf is met below it; what no number reaches is "not at least any"."""
    leaf = stated.leaf
    assert isinstance(leaf, Comparison)
    assert isinstance(leaf.right, Literal)
    number = Fraction(leaf.right.value) * under
    begins_behind, flip = _direction(stated)
    least = floor(number) + 1 if begins_behind else ceil(number)
    if least > limit.max:
        return int(limit.min), not flip
    return max(least, int(limit.min)), flip


def _ratio(stated: Stated, under: int, other: int) -> tuple[Three, bool]:
    """The three numbers of ``Ratios.times``, and whether a leaf is met where it is not so."""
    leaf = stated.leaf
    assert isinstance(leaf, Comparison)
    begins_behind, flip = _direction(stated)
    if isinstance(leaf.right, Literal):
        number = Fraction(leaf.right.value)
        return (number.denominator, number.numerator, int(begins_behind)), flip
    return (other, under, int(begins_behind)), flip


def _growth(stated: Stated) -> tuple[Three, bool]:
    """Three numbers as in ``_ratio``: PPM × (s − (t − s)) ≥ n × (t − s), where s are the latest months and t all."""
    (under, number, least), flip = _ratio(stated, 0, 0)
    return (2 * PPM * under + number, PPM * under + number, least), flip


def _line(stated: Stated) -> tuple[Three, bool]:
    """Three numbers as in ``_ratio``: of the one fact, of the other, and what is asked of the difference."""
    assert isinstance(stated.leaf, Comparison)
    line = of_two(stated.leaf)
    assert line is not None
    begins_behind, flip = _direction(stated)
    one, other = (int(line.facts[fact]) for fact in _both(line))
    return (one, -other, int(begins_behind - line.rest)), flip


def _both(line: Line) -> tuple[Fact, Fact]:
    """The two facts, always the same one first."""
    one, other = sorted(line.facts, key=lambda fact: fact.key)
    return one, other


def _direction(stated: Stated) -> tuple[bool, bool]:
    """Whether what is met begins behind the number compared with, not at it; and whether it ends there instead."""
    assert isinstance(stated.leaf, Comparison)
    operator = stated.leaf.operator
    return operator in {Compare.GT, Compare.LE}, (operator in {Compare.LT, Compare.LE}) != stated.denied


def _chosen(stated: Stated, column: Dictionary, lookups: Lookups) -> NDArray[np.intp]:
    states = lookups.leaf(stated.leaf, column)
    met, maybe = np.flatnonzero(states == (0 if stated.denied else 2)), np.flatnonzero(states == 1)
    found = np.concatenate([2 * met, 2 * maybe + 1])
    return found if len(found) else np.array([2 * len(states)])
