"""Whom a product would admit, through which of its ways, and which conditions keep the others out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from finmart.matching.engine.bulk.bits import Words, count, unpack
from finmart.matching.engine.bulk.exact import Mask
from finmart.matching.engine.bulk.prospects import Screen, first_rows
from finmart.matching.engine.inputs import Clause, ProductOffer, VariantOffer
from finmart.matching.engine.results import Verdict

#: The better, the further left: a subject is judged by the variant that suits it best, equal ones in their order.
_LEVELS = ("met", "open", "unchecked", "not_met")


@dataclass(frozen=True)
class Kept:
    """A required condition with how many of those judged by it fail it, and of how many it cannot be told.

    ``alone`` are those who fail it and meet every other one: they would be admitted but for it. ``without[row]`` says
    who does not meet it, for whichever of the two reasons.
    """

    clause: Clause
    not_met: int
    unknown: int
    alone: int
    without: Mask


@dataclass(frozen=True)
class Judged:
    """``counts`` has every verdict that occurs; ``met[row]`` says who meets all conditions that are checked."""

    counts: Mapping[Verdict, int]
    met: Mask
    conditions: tuple[Kept, ...]


@dataclass(frozen=True)
class _Way:
    """One variant: its clauses' bitmaps, who stands at which level, and (filled in) who is judged by it."""

    variant: VariantOffer
    clauses: list[tuple[str, Words]]
    levels: Mapping[str, Words]
    judged: Words


def _way(screen: Screen, variant: VariantOffer) -> _Way:
    clauses = screen.clauses(variant)
    met, possible = screen.variant(clauses)
    everyone = screen.maker.everyone
    nobody = everyone & ~everyone
    levels = {"met": met, "open": possible & ~met, "unchecked": nobody, "not_met": everyone & ~possible}
    if not clauses:
        levels = dict.fromkeys(_LEVELS, nobody) | {"unchecked": everyone}
    return _Way(variant, clauses, levels, nobody.copy())


def judge(screen: Screen, offer: ProductOffer) -> Judged:
    """Judge every subject of ``screen`` by what ``offer`` requires, through the variant that suits it best."""
    ways = [_way(screen, variant) for variant in offer.variants]
    left = screen.maker.everyone.copy()
    found = dict.fromkeys(_LEVELS, 0)
    met = left & ~left
    for level in _LEVELS:
        for way in ways:
            here = way.levels[level] & left
            left &= ~here
            found[level] += count(here)
            way.judged[:] |= here
            if level == "met":
                met |= here
    verdicts = (Verdict.MET_CHECKED if offer.words else Verdict.MET, Verdict.OPEN, Verdict.UNCHECKED, Verdict.NOT_MET)
    counts = {verdict: found[level] for level, verdict in zip(_LEVELS, verdicts, strict=True) if found[level]}
    return Judged(counts, unpack(met, screen.table.size), tuple(_conditions(ways, screen.table.size)))


def _just_one(way: _Way) -> Words:
    """Who misses exactly one condition of ``way``."""
    once = more = way.judged & ~way.judged
    for _key, (met, _possible) in way.clauses:
        more = more | (once & ~met)
        once = once | ~met
    return once & ~more & way.judged


def _conditions(ways: list[_Way], size: int) -> Iterator[Kept]:
    """Each condition once, in the words of the way by which the first subject was judged."""
    used = [way for way in ways if way.judged.any()]
    used.sort(key=lambda way: int(first_rows(way.judged, 1)[0]))
    found: dict[str, Kept] = {}
    for way in used:
        stated = {clause.key: clause for clause in way.variant.clauses}
        just_one = _just_one(way)
        for key, (met, possible) in way.clauses:
            fails, open_ = count(way.judged & ~possible), count(way.judged & possible & ~met)
            alone, without = count(just_one & ~possible), unpack(way.judged & ~met, size)
            here = Kept(stated[key], fails, open_, alone, without)
            found[key] = _together(found[key], here) if key in found else here
    yield from found.values()


def _together(before: Kept, here: Kept) -> Kept:
    """One condition of two ways; nobody is judged by both."""
    return Kept(
        before.clause,
        before.not_met + here.not_met,
        before.unknown + here.unknown,
        before.alone + here.alone,
        before.without | here.without,
    )
