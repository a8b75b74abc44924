"""Writes the bitmaps of all leaves with the compiled kernels, column by column. Importing it needs extra ``fast``."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from finmart.conditions.types import Comparison, Expression, OnList
from finmart.conditions.walk import AS_OF
from finmart.matching.engine.bulk import compiled
from finmart.matching.engine.bulk.bits import Bits, Maker
from finmart.matching.engine.bulk.encoding import FEW, Encoding, Ratios
from finmart.matching.engine.bulk.exact import LARGEST, Mask, Numbers, bound
from finmart.matching.engine.bulk.reckon import MOST_PAIRS
from finmart.matching.engine.bulk.registers import Registers, aligned, put, width_of
from finmart.matching.engine.bulk.table import Codes

#: The types of columns that kernels are compiled for; others are done without.
TYPES = tuple(np.dtype(each) for each in (np.int8, np.int16, np.int32, np.int64))


def fill(encoding: Encoding, maker: Maker, registers: Registers) -> None:
    """Both bitmaps of all leaves; what no kernel reads is made leaf by leaf."""
    others = list(encoding.others)
    for figure, places in encoding.figures.items():
        if not _figure(encoding, figure, places, maker, registers):
            others += places
        maker.reckoner.forget(encoding.shared)
    for pair, places in encoding.pairs.items():
        if not _pair(encoding, pair, places, maker, registers):
            others += places
        maker.reckoner.forget(encoding.shared)
    for key, places in encoding.codes.items():
        if not _codes(encoding, key, maker, registers):
            others += places
    for place in others:
        if not _looked_up(encoding, place, maker, registers):
            put(registers, place, maker.bits(encoding.leaves[place]))


def _figure(encoding: Encoding, figure: Expression, places: Sequence[int], maker: Maker, registers: Registers) -> bool:
    value, size = maker.reckoner.value(figure), maker.reckoner.table.size
    if not value.known.any():
        return _nobody_known(places, maker, registers)
    if value.under.size != 1:
        ratios = encoding.ratios(places)
        return ratios is not None and _ratios(ratios, (value.over, value.under), value.known, size, registers)
    if not _fits(value.over, size):
        return False
    found = encoding.thresholds(places, int(value.under[0]), value.over.dtype)
    words, width = registers.reshape(len(registers), -1), np.uint64(width_of(registers))
    known = _spread(value.known, size)
    compiled.bounds(
        np.ascontiguousarray(value.over), known, found.places.view(np.uint64), found.leasts, found.flips, words, width
    )
    return True


def _nobody_known(places: Sequence[int], maker: Maker, registers: Registers) -> bool:
    """What is known of nobody is met by nobody, and unknown of everybody."""
    nobody = Bits(np.zeros_like(maker.everyone), maker.everyone)
    for place in places:
        put(registers, place, nobody)
    return True


def _pair(
    encoding: Encoding,
    pair: tuple[Expression, Expression],
    places: Sequence[int],
    maker: Maker,
    registers: Registers,
) -> bool:
    (left, right), size = map(maker.reckoner.value, pair), maker.reckoner.table.size
    if left.under.size != 1 or right.under.size != 1:
        return False
    ratios = encoding.ratios(places, int(left.under[0]), int(right.under[0]))
    return ratios is not None and _ratios(ratios, (left.over, right.over), left.known & right.known, size, registers)


def _ratios(found: Ratios, both: tuple[Numbers, Numbers], known: Mask, size: int, registers: Registers) -> bool:
    """Compare two columns, unless what they are multiplied with could overflow."""
    first, second = both
    if not (_fits(first, size) and _fits(second, size)):
        return False
    most = np.abs(found.times).max(axis=0).tolist()
    if bound(first) * most[0] + bound(second) * most[1] >= LARGEST:
        return False
    one, other = (np.ascontiguousarray(each, dtype=np.int64) for each in (first, second))
    words, width = registers.reshape(len(registers), -1), np.uint64(width_of(registers))
    places = found.places.view(np.uint64)
    compiled.ratios(one, other, _spread(known, size), places, found.times, found.flips, words, width)
    return True


def _fits(values: Numbers, size: int) -> bool:
    return values.dtype in TYPES and values.size == size


def _spread(known: Mask, size: int) -> Mask:
    """A mask of every row."""
    return np.ascontiguousarray(known if known.size == size else np.broadcast_to(known, (size,)))


def _codes(encoding: Encoding, key: str, maker: Maker, registers: Registers) -> bool:
    column = maker.reckoner.table.dictionary(key)
    if len(column.values) > FEW or column.codes.dtype not in TYPES:
        return False
    found = encoding.choices(key, column, maker.reckoner.lookups)
    width, values = width_of(registers), len(column.values)
    scratch = aligned((2 * (values + 2), width))
    scratch[:] = 0
    compiled.codes(
        np.ascontiguousarray(column.codes),
        np.uint64(values),
        found.places.view(np.uint64),
        found.operands.view(np.uint64),
        found.starts.view(np.uint64),
        scratch.reshape(-1),
        registers.reshape(len(registers), -1),
        np.uint64(width),
    )
    return True


def _looked_up(encoding: Encoding, place: int, maker: Maker, registers: Registers) -> bool:
    """A leaf on one column whose values are many, or on one and the day of the match."""
    leaf, denied = encoding.leaves[place].leaf, encoding.leaves[place].denied
    if isinstance(leaf, Comparison):
        return False
    table, lookups = maker.reckoner.table, maker.reckoner.lookups
    column, days = table.dictionary(leaf.key), table.dictionary(AS_OF) if isinstance(leaf, OnList) else None
    if days is not None and (len(days.values) + 1) * len(column.values) > MOST_PAIRS:
        return False
    states = lookups.leaf(leaf, column, days).reshape(len(column.values) + 1, -1)
    day_codes = np.zeros(table.size, dtype=np.int32) if days is None else _codes32(days.codes)
    words, width = registers.reshape(len(registers), -1), np.uint64(width_of(registers))
    compiled.states(_codes32(column.codes), day_codes, 2 - states if denied else states, np.uint64(place), words, width)
    return True


def _codes32(codes: Codes) -> NDArray[np.int32]:
    return np.ascontiguousarray(codes, dtype=np.int32)
