"""What the compiled kernels read to write the leaves of a table, step by step. Importing it needs extra ``fast``."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finmart.conditions.types import Comparison, Expression, Fact, OnList, Window, WindowOf
from finmart.conditions.walk import AS_OF
from finmart.matching.engine.bulk import steps
from finmart.matching.engine.bulk.bits import FEW, Bits, Maker
from finmart.matching.engine.bulk.encoding import Encoding, Ratios
from finmart.matching.engine.bulk.exact import LARGEST, Exact, Mask, Numbers, bound
from finmart.matching.engine.bulk.reckon import MOST_PAIRS
from finmart.matching.engine.bulk.registers import address
from finmart.matching.engine.bulk.series import Ends, reach
from finmart.matching.engine.bulk.table import Monthly

#: The types of columns that kernels are compiled for; others are done without.
TYPES = tuple(np.dtype(each) for each in (np.int8, np.int16, np.int32, np.int64))

#: The types of months that they are compiled for.
_MONTHS = TYPES[2:]


@dataclass
class Recipe:
    """The steps of ``steps.fill`` for all rows of ``maker``'s table.

    Steps name columns and choices by their addresses; ``held`` keeps these where they are.
    """

    encoding: Encoding
    maker: Maker
    steps: list[tuple[int, ...]] = field(default_factory=list)
    held: list[object] = field(default_factory=list)
    #: Bytes a row of what kernels find and keep near.
    near: int = 0
    wider: dict[str, NDArray[np.int32]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many rows there are."""
        return self.maker.reckoner.table.size

    @property
    def numbers(self) -> NDArray[np.int64]:
        """The steps as the kernel reads them, padded with zeros."""
        found = np.zeros((len(self.steps), steps.NUMBERS), dtype=np.int64)
        for row, step in zip(found, self.steps, strict=True):
            row[: len(step)] = step
        return found

    def add(self, *step: "int | NDArray[np.generic]") -> None:
        """One more step; of an array the address is written down, and the array is kept."""
        self.steps.append(tuple(each if isinstance(each, int) else self._address(each) for each in step))

    def _address(self, array: NDArray[np.generic]) -> int:
        self.held.append(array)
        return address(array)

    def given(self, place: int, bits: Bits) -> None:
        """A leaf whose bitmaps are there already."""
        met, possible = map(np.ascontiguousarray, (bits.met, bits.possible))
        self.add(steps.GIVEN, place, met, possible, len(met))

    def wide(self, key: str) -> NDArray[np.int32]:
        """The codes of a column that several leaves may read."""
        if key not in self.wider:
            codes = self.maker.reckoner.table.dictionary(key).codes
            self.wider[key] = np.ascontiguousarray(codes, dtype=np.int32)
        return self.wider[key]

    def spread(self, known: Mask) -> Mask:
        """A mask of every row."""
        return np.ascontiguousarray(known if known.size == self.size else np.broadcast_to(known, (self.size,)))


def recipe(encoding: Encoding, maker: Maker) -> Recipe:
    """How the bitmaps of all leaves are written; what no kernel reads is made here, leaf by leaf."""
    found = Recipe(encoding, maker)
    for place in [*encoding.others, *_left(found)]:
        if not _looked_up(found, place):
            found.given(place, maker.bits(encoding.leaves[place]))
    nobody = np.zeros_like(maker.everyone)
    found.given(len(encoding.leaves), Bits(nobody, nobody))
    found.given(len(encoding.leaves) + 1, Bits(maker.everyone, maker.everyone))
    return found


def _left(found: Recipe) -> Iterator[int]:
    """Add the steps of all groups of leaves; gives those that no kernel can write together."""
    encoding = found.encoding
    summed = {window for series, windows in encoding.windows.items() for window in _series(found, series, windows)}
    groups: list[tuple[Callable[[Recipe, Any, Sequence[int]], bool], dict[Any, list[int]]]] = [
        (_figure, {figure: places for figure, places in encoding.figures.items() if figure not in summed}),
        (_pair, encoding.pairs),
        (_line, encoding.lines),
        (_codes, encoding.codes),
    ]
    for write, each in groups:
        for asked, places in each.items():
            if not write(found, asked, places):
                yield from places


def _series(found: Recipe, series: str, windows: tuple[Window, ...]) -> tuple[Window, ...]:
    """Sum a series tile by tile; returns the windows of which the leaves are written then."""
    table = found.maker.reckoner.table
    column = table.columns.get(series)
    if not isinstance(column, Monthly) or column.months.dtype not in _MONTHS or column.lengths.dtype != np.int16:
        return ()
    months = column.months
    asked = tuple(each for each in windows if each not in table.figures and _is_near(found, each, months))
    if not asked:
        return ()
    ends = found.encoding.ends(asked)
    found.near = max(found.near, ends.nbytes)
    after, lengths = months.strides[0] // months.itemsize, np.ascontiguousarray(column.lengths)
    found.add(steps.TRAIL, len(ends.months), ends.address, months[0], after, lengths, months.itemsize, len(months))
    for window in asked:
        found.add(*_window(found.encoding, window, ends))
    return asked


def _is_near(found: Recipe, window: Window, months: Numbers) -> bool:
    """Whether the series is long enough, and no growth can overflow."""
    if reach(window) > len(months) or months.strides[1] != months.itemsize:
        return False
    if window.of is not WindowOf.GROWTH:
        return True
    ratios, most = found.encoding.growths(found.encoding.figures[window]), most_of(months.dtype)
    return ratios is not None and (ratios.most[0] + ratios.most[1]) * most * reach(window) < LARGEST


def _window(encoding: Encoding, window: Window, ends: Ends) -> tuple[int, ...]:
    """The step that compares a window's figure."""
    places, months = encoding.figures[window], window.months
    whole, byte = np.dtype(np.int64), np.dtype(np.int8)
    if window.of is WindowOf.GROWTH:
        ratios, twice = encoding.growths(places), reach(window)
        assert ratios is not None
        return steps.RATIOS, *ratios.numbers, ends.sum(months), ends.grown(twice), 1, ends.sum(twice)
    if window.of in {WindowOf.SUM, WindowOf.MEAN}:
        under = months if window.of is WindowOf.MEAN else 1
        numbers = encoding.thresholds(places, under, whole).numbers
        return steps.BOUNDS, *numbers, ends.sum(months), ends.known(months), 1, whole.itemsize
    numbers = encoding.thresholds(places, 1, byte).numbers
    found = ends.count(months) if window.of is WindowOf.COUNT else ends.gap(months)
    return steps.BOUNDS, *numbers, found, ends.known(months), 1, byte.itemsize


def _figure(found: Recipe, figure: Expression, places: Sequence[int]) -> bool:
    value = found.maker.reckoner.value(figure)
    if value.known.size == 1 and not value.known[0]:
        return _nobody_known(found, places)
    if value.under.size != 1:
        both = (value.over, value.under)
        return _ratios(found, found.encoding.ratios(places), both, _limits(value), value.known)
    if not _fits(value.over, found.size):
        return False
    each = found.encoding.thresholds(places, int(value.under[0]), value.over.dtype)
    over = np.ascontiguousarray(value.over)
    found.add(steps.BOUNDS, *each.numbers, over, found.spread(value.known), 0, over.itemsize)
    return True


def _nobody_known(found: Recipe, places: Sequence[int]) -> bool:
    """What is known of nobody is met by nobody, and unknown of everybody."""
    everyone = found.maker.everyone
    nobody = Bits(np.zeros_like(everyone), everyone)
    for place in places:
        found.given(place, nobody)
    return True


def _pair(found: Recipe, pair: tuple[Expression, Expression], places: Sequence[int]) -> bool:
    left, right = map(found.maker.reckoner.value, pair)
    if left.under.size != 1 or right.under.size != 1:
        return False
    ratios = found.encoding.ratios(places, int(left.under[0]), int(right.under[0]))
    return _compared(found, ratios, left, right)


def _line(found: Recipe, facts: tuple[Fact, Fact], places: Sequence[int]) -> bool:
    left, right = map(found.maker.reckoner.value, facts)
    return _compared(found, found.encoding.sums(places), left, right)


def _compared(found: Recipe, ratios: Ratios | None, left: Exact, right: Exact) -> bool:
    """Compare the numerators of two figures."""
    limits = (_limits(left)[0], _limits(right)[0])
    return _ratios(found, ratios, (left.over, right.over), limits, left.known & right.known)


def _ratios(
    found: Recipe, ratios: Ratios | None, both: tuple[Numbers, Numbers], limits: tuple[int, int], known: Mask
) -> bool:
    """Compare two columns, unless what they are multiplied with could overflow."""
    if ratios is None or not all(_fits(each, found.size) for each in both):
        return False
    if limits[0] * ratios.most[0] + limits[1] * ratios.most[1] >= LARGEST:
        return False
    one, other = (np.ascontiguousarray(each, dtype=np.int64) for each in both)
    found.add(steps.RATIOS, *ratios.numbers, one, found.spread(known), 0, other)
    return True


def _limits(each: Exact) -> tuple[int, int]:
    """No numerator and no denominator is larger; of narrow types nobody looks."""
    return each.limits or (_most(each.over), _most(each.under))


def _most(values: Numbers) -> int:
    return bound(values) if values.dtype in {np.dtype(np.int64), np.dtype(object)} else most_of(values.dtype)


def most_of(dtype: np.dtype[Any]) -> int:
    """The largest number of a type, in size."""
    return -int(np.iinfo(dtype).min)


def _fits(values: Numbers, size: int) -> bool:
    return values.dtype in TYPES and values.size == size


def _codes(found: Recipe, key: str, _places: Sequence[int]) -> bool:
    column = found.maker.reckoner.table.dictionary(key)
    if len(column.values) > FEW or column.codes.dtype not in TYPES:
        return False
    each = found.encoding.choices(key, column, found.maker.reckoner.lookups)
    found.held.append(each)
    codes = np.ascontiguousarray(column.codes, dtype=np.int8)
    found.add(steps.CODES, *each.numbers, codes, len(column.values), len(each.operands))
    return True


def _looked_up(found: Recipe, place: int) -> bool:
    """A leaf on one column whose values are many, or on one and the day of the match."""
    leaf, denied = found.encoding.leaves[place].leaf, found.encoding.leaves[place].denied
    if isinstance(leaf, Comparison):
        return False
    table, lookups = found.maker.reckoner.table, found.maker.reckoner.lookups
    column, days = table.dictionary(leaf.key), table.dictionary(AS_OF) if isinstance(leaf, OnList) else None
    if days is not None and (len(days.values) + 1) * len(column.values) > MOST_PAIRS:
        return False
    states = lookups.leaf(leaf, column, days).reshape(len(column.values) + 1, -1)
    states = 2 - states if denied else states
    # A leaf that no day plays a part in has one column of states.
    found.add(steps.STATES, place, states, *states.shape, found.wide(leaf.key), found.wide(AS_OF))
    return True
