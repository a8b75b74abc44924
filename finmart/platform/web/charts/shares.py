"""Charts over kinds: ranked bars, parts of a whole, and the steps of a funnel. Geometry only; templates draw it."""

from collections.abc import Sequence
from dataclasses import dataclass

from finmart.platform.web.charts.words import worded
from finmart.platform.web.filters import NOTHING, ratio

PPM = 1_000_000


@dataclass(frozen=True)
class Bar:
    """One bar in percent of the longest (a ratio: of the whole), with its value and its share in words, if any."""

    label: str
    text: str
    width: float
    share: str = ""
    href: str = ""
    negative: bool = False


@dataclass(frozen=True)
class Part:
    """One part of a whole: where it starts and how wide it is, in percent."""

    label: str
    text: str
    share: str
    x: float
    width: float


#: A tenth of a percent, the least that a share's one decimal can say.
_LEAST = 1_000


def _share(part: int, whole: int) -> str:
    """The share in words; something is never worded as nothing, nor nearly all as all."""
    if whole <= 0:
        return NOTHING
    ppm = round(part * PPM / whole)
    if 0 < part < whole and not _LEAST / 2 <= ppm < PPM - _LEAST / 2:
        return f"<{ratio(_LEAST)}" if ppm < PPM / 2 else f">{ratio(PPM - _LEAST)}"
    return ratio(ppm)


def ranked(rows: Sequence[tuple[str, int] | tuple[str, int, str]], unit: str, language: str) -> tuple[Bar, ...]:
    """Bars of (label, value) or (label, value, address), in the order given; a ratio is part of the whole, 100 %."""
    longest = max((abs(row[1]) for row in rows), default=0)
    if unit == "ratio":
        longest = max(longest, PPM)
    return tuple(
        Bar(
            label=row[0],
            text=worded(row[1], unit, language),
            width=round(abs(row[1]) / longest * 100, 2) if longest else 0.0,
            href=row[2] if len(row) == 3 else "",
            negative=row[1] < 0,
        )
        for row in rows
    )


def parts(rows: Sequence[tuple[str, int]], unit: str, language: str) -> tuple[Part, ...]:
    """Parts of the sum of ``rows``; a negative part is stated but not drawn, as it has no place in a whole."""
    whole = sum(max(0, value) for _, value in rows)
    start, found = 0.0, []
    for label, value in rows:
        width = max(0, value) / whole * 100 if whole else 0.0
        found.append(
            Part(label, worded(value, unit, language), _share(max(0, value), whole), round(start, 3), round(width, 3))
        )
        start += width
    return tuple(found)


def funnel(steps: Sequence[tuple[str, int] | tuple[str, int, str]], unit: str, language: str) -> tuple[Bar, ...]:
    """Steps of a funnel (label, value) or (label, value, address), each with its share of the first one."""
    first = steps[0][1] if steps else 0
    return tuple(
        Bar(
            label=step[0],
            text=worded(step[1], unit, language),
            width=round(step[1] / first * 100, 2) if first > 0 else 0.0,
            share=_share(step[1], first),
            href=step[2] if len(step) == 3 else "",
        )
        for step in steps
    )
