"""Facets as bit sets: one Python integer a code, so that counting is ``&`` and ``bit_count`` whatever was chosen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Bits = int


def bits_of(positions: Iterable[int], size: int) -> Bits:
    """The set of ``positions`` (each below ``size``)."""
    buffer = bytearray(size // 8 + 1)
    for position in positions:
        buffer[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(buffer, "little")


@dataclass(frozen=True)
class Shelf:
    """All documents by position: their keys, each facet's codes as bit sets, each sort as positions in order."""

    keys: Sequence[str]
    everything: Bits
    codes: Mapping[str, Mapping[str, Bits]]
    orders: Mapping[str, Sequence[int]]

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


def make_shelf(
    documents: Iterable[tuple[int, str, Mapping[str, Sequence[str]], Mapping[str, int | None]]],
    sorts: Iterable[str],
) -> Shelf:
    """The shelf of (position, key, facets, numbers); positions may have gaps."""
    rows = list(documents)
    size = max((position for position, *_ in rows), default=0) + 1
    keys = [""] * size
    members: dict[str, dict[str, list[int]]] = {}
    for position, key, facets, _numbers in rows:
        keys[position] = key
        for facet, codes in facets.items():
            for code in codes:
                members.setdefault(facet, {}).setdefault(code, []).append(position)
    codes_of = {
        facet: {code: bits_of(positions, size) for code, positions in by_code.items()}
        for facet, by_code in members.items()
    }
    orders: dict[str, Sequence[int]] = {}
    for name in sorts:
        orders[name], orders[f"-{name}"] = _orders([(row[3].get(name), row[1], row[0]) for row in rows])
    return Shelf(keys, bits_of((row[0] for row in rows), size), codes_of, orders)


def _orders(rows: list[tuple[int | None, str, int]]) -> tuple[list[int], list[int]]:
    """Positions smallest first and largest first; what has no number comes last, ties go by key."""
    stated = sorted((number, key, position) for number, key, position in rows if number is not None)
    unstated = [
        position for key, position in sorted((key, position) for number, key, position in rows if number is None)
    ]
    upward = [position for _number, _key, position in stated]
    downward = [position for _number, _key, position in sorted(stated, key=lambda row: (-row[0], row[1]))]
    return upward + unstated, downward + unstated
