"""Facets as bit sets: one Python integer a code, so that counting is ``&`` and ``bit_count`` whatever was chosen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from finmart.platform.search.types import NOT_STATED, Need

Bits = int
Positions: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]
#: A number that is not stated, where every number has a place.
UNSTATED = np.iinfo(np.int64).min


def bits_of(mask: Mask) -> Bits:
    """The set of the positions where ``mask`` holds."""
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")


def mask_of(bits: Bits, size: int) -> Mask:
    """Where ``bits`` hold, for positions below ``size``."""
    packed = np.frombuffer(bits.to_bytes(size // 8 + 1, "little"), dtype=np.uint8)
    return np.unpackbits(packed, count=size, bitorder="little").astype(np.bool_)


@dataclass(frozen=True)
class Shelf:
    """All documents by position: their keys, each facet's codes as bit sets, each number by position.

    Positions may have gaps: there the key is empty.
    """

    keys: Sequence[str]
    everything: Bits
    codes: Mapping[str, Mapping[str, Bits]]
    numbers: Mapping[str, Positions]
    sorts: Sequence[str]

    @cached_property
    def places(self) -> Positions:
        """By position, the place of each key in the order of keys: what equals come in."""
        places = np.empty(len(self.keys), dtype=np.int64)
        places[sorted(range(len(self.keys)), key=self.keys.__getitem__)] = np.arange(len(self.keys))
        return places

    @cached_property
    def orders(self) -> Mapping[str, Positions]:
        """Each sort's positions, smallest and (with ``-`` before its name) largest first; the unstated come last."""
        found = {}
        for name in self.sorts:
            values = self.numbers[name]
            unstated = values == UNSTATED
            found[name] = np.lexsort((self.places, values, unstated))
            found[f"-{name}"] = np.lexsort((self.places, -values, unstated))
        return found

    def mask(self, bits: Bits) -> Mask:
        """``bits`` by position."""
        return mask_of(bits, len(self.keys))

    def chosen(self, facet: str, wanted: Iterable[str]) -> Bits:
        """The documents that carry any of the ``wanted`` codes."""
        found: Bits = 0
        for code in wanted:
            found |= self.codes.get(facet, {}).get(code, 0)
        return found

    def narrow(self, start: Bits, where: Mapping[str, frozenset[str]], *, leaving_out: str = "") -> Bits:
        """``start`` limited by every facet of ``where`` but ``leaving_out``."""
        for facet, wanted in where.items():
            if wanted and facet != leaving_out:
                start &= self.chosen(facet, wanted)
        return start

    def counts(self, start: Bits, where: Mapping[str, frozenset[str]]) -> dict[str, dict[str, int]]:
        """For each facet and code, how many there would be if this code were the facet's choice."""
        counted: dict[str, dict[str, int]] = {}
        for facet, by_code in self.codes.items():
            base = self.narrow(start, where, leaving_out=facet)
            counted[facet] = {code: number for code, bits in by_code.items() if (number := (base & bits).bit_count())}
        return counted

    def meeting(self, need: Need) -> tuple[Bits, Bits]:
        """The documents that meet ``need``, and those that do not contradict it; as ``scoring.met`` has it."""
        if need.facet:
            meets = self.chosen(need.facet, (need.code,))
            said: Bits = 0
            for bits in self.codes.get(need.facet, {}).values():
                said |= bits
            silent = self.chosen(need.facet, (NOT_STATED,)) | (self.everything & ~said)
            return meets, meets | silent
        stated = self.numbers[need.reaches or need.within]
        known = stated != UNSTATED
        holds = stated >= need.value if need.reaches else stated <= need.value
        if need.begins:  # What is not stated is smaller than any value.
            holds &= self.numbers[need.begins] <= need.value
            known |= self.numbers[need.begins] > need.value
        meets = bits_of(holds & known) & self.everything
        return meets, meets | (bits_of(~known) & self.everything)


def make_shelf(
    documents: Iterable[tuple[int, str, Mapping[str, Sequence[str]], Mapping[str, int | None]]],
    sorts: Sequence[str],
    measures: Sequence[str] = (),
) -> Shelf:
    """The shelf of (position, key, facets, numbers); positions may have gaps."""
    rows = list(documents)
    size = max((position for position, *_ in rows), default=0) + 1
    keys = [""] * size
    present = np.zeros(size, dtype=np.bool_)
    numbers: dict[str, Any] = {name: np.full(size, UNSTATED, dtype=np.int64) for name in (*sorts, *measures)}
    members: dict[str, dict[str, list[int]]] = {}
    for position, key, facets, stated in rows:
        keys[position], present[position] = key, True
        for facet, codes in facets.items():
            for code in codes:
                members.setdefault(facet, {}).setdefault(code, []).append(position)
        for name, values in numbers.items():
            if (number := stated.get(name)) is not None:
                values[position] = number
    codes_of = {
        facet: {code: bits_of(_mask(positions, size)) for code, positions in by_code.items()}
        for facet, by_code in members.items()
    }
    return Shelf(keys, bits_of(present), codes_of, numbers, sorts)


def _mask(positions: Sequence[int], size: int) -> Mask:
    mask = np.zeros(size, dtype=np.bool_)
    mask[positions] = True
    return mask
