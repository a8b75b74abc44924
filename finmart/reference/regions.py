"""Regions: GB/T 2260 divisions, streets and townships of Jiangxi, and nodes of our own for development zones.

A zone has no code in GB/T 2260, so it carries an own one and hangs under the district it lies in, or under the city
where that is not settled. ``kind`` tells zones from districts: their totals overlap and are never added.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from finmart.reference.refusals import N_, Refusal
from finmart.reference.tables import rows

CITY = "360100"
#: Answers kept in memory: every code of the tables, and room for odd ones that people type.
MANY = 1 << 15


class Kind(StrEnum):
    """What a region is; ``district`` covers every county-level division."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    VILLAGE = "village"
    ZONE = "zone"


@dataclass(frozen=True)
class Region:
    """One node of the tree. An abolished one keeps its place, because licences and IDs still carry its code."""

    code: str
    kind: Kind
    parent: str | None
    label_zh: str
    label_en: str
    abolished: bool = False
    successor: str | None = None


class UnknownRegion(Refusal):
    """No region has this code here."""


@cache
def _regions() -> dict[str, Region]:
    found: dict[str, Region] = {}
    for name in ("regions_jiangxi.csv", "regions_platform.csv", "regions_elsewhere.csv"):
        for row in rows(name):
            found[row["code"]] = Region(
                row["code"],
                Kind(row["kind"]),
                row["parent"] or None,
                row["label_zh"],
                row["label_en"] or row["label_zh"],
                row.get("status") == "abolished",
                row.get("successor") or None,
            )
    return found


@cache
def _children() -> dict[str, tuple[Region, ...]]:
    found: dict[str, list[Region]] = {}
    for node in _regions().values():
        if node.parent:
            found.setdefault(node.parent, []).append(node)
    return {parent: tuple(sorted(nodes, key=lambda node: node.code)) for parent, nodes in found.items()}


def find(code: str) -> Region | None:
    """The region with this code; a 12-digit village code is known by its street or township."""
    known = _regions().get(code)
    if known is not None or not (len(code) == 12 and code.isdigit()):
        return known
    street = _regions().get(code[:9])
    if street is None:
        return None
    label_zh = f"{street.label_zh}（村级代码 {code}）"
    return Region(code, Kind.VILLAGE, street.code, label_zh, f"{street.label_en} (village {code})")


def region(code: str) -> Region:
    """The region with this code. Raises ``UnknownRegion``."""
    found = find(code)
    if found is None:
        raise UnknownRegion(N_("没有代码为“{code}”的地区。"), code=code[:20])
    return found


@lru_cache(maxsize=MANY)
def ancestors(code: str) -> tuple[str, ...]:
    """Codes of what the region lies in, nearest first, without itself.

    For a GB/T 2260 code that no table names, what its digits say (``110105`` lies in ``110100`` and ``110000``).
    """
    node = find(code)
    if node is None:
        return _by_digits(code)
    return (node.parent, *ancestors(node.parent)) if node.parent else ()


@lru_cache(maxsize=MANY)
def contains(outer: str, inner: str) -> bool:
    """Whether ``inner`` is ``outer`` or lies in it."""
    return outer == inner or outer in ancestors(inner)


def children(code: str, *kinds: Kind) -> tuple[Region, ...]:
    """Current regions right below ``code``, of the given kinds (default: all), ordered by code."""
    return tuple(node for node in _children().get(code, ()) if not node.abolished and (not kinds or node.kind in kinds))


def districts(city: str = CITY) -> tuple[Region, ...]:
    """The city's county-level divisions: they cover it without overlap, so their totals may be added."""
    return children(city, Kind.DISTRICT)


def zones(city: str = CITY) -> tuple[Region, ...]:
    """The city's development zones: they overlap with districts, so the two are never added."""
    below = [zone for district in districts(city) for zone in children(district.code, Kind.ZONE)]
    return tuple(sorted([*children(city, Kind.ZONE), *below], key=lambda node: node.code))


def everything() -> tuple[Region, ...]:
    """Every region that a table names, in order of code."""
    return tuple(node for _code, node in sorted(_regions().items()))


def district_of(code: str) -> str | None:
    """The county-level division that the region is or lies in; None above it, and for a zone that spans several."""
    for candidate in (code, *ancestors(code)):
        node = find(candidate)
        if node is not None and node.kind is Kind.DISTRICT:
            return node.code
    return None


def label(code: str, language: str = "zh") -> str:
    """The region's name; streets have a Chinese one only. An unknown code is shown as it is."""
    node = find(code)
    if node is None:
        return code
    return node.label_en if language == "en" else node.label_zh


def _by_digits(code: str) -> tuple[str, ...]:
    if len(code) in (9, 12) and code.isdigit():
        return (code[:6], *ancestors(code[:6]))
    if len(code) != 6 or not code.isdigit():
        return ()
    above = (code[:4] + "00", code[:2] + "0000")
    return tuple(each for each in above if each != code) if not code.endswith("0000") else ()
