"""Figures over the trailing months of a monthly series.

Months beyond what the series covers are unknown, not zero: of a firm whose data begins a year ago nothing is known
before.
"""

from fractions import Fraction

from finmart.conditions.types import Computed, Facts, Window, WindowOf
from finmart.reference.facts import PPM


def _longest_gap(months: tuple[int, ...]) -> int:
    longest = running = 0
    for value in months:
        running = 0 if value > 0 else running + 1
        longest = max(longest, running)
    return longest


def _count(months: tuple[int, ...], every: int | None) -> int:
    if every is None:
        return sum(value > 0 for value in months)
    blocks = [months[start : start + every] for start in range(0, len(months) - every + 1, every)]
    return sum(any(value > 0 for value in block) for block in blocks)


def _growth(months: tuple[int, ...], before: tuple[int, ...]) -> Fraction | None:
    base = sum(before)
    return Fraction((sum(months) - base) * PPM, base) if base > 0 else None


def _figure(window: Window, months: tuple[int, ...]) -> Fraction:
    match window.of:
        case WindowOf.SUM:
            return Fraction(sum(months))
        case WindowOf.MEAN:
            return Fraction(sum(months), len(months))
        case WindowOf.MAX:
            return Fraction(max(months))
        case WindowOf.MIN:
            return Fraction(min(months))
        case WindowOf.LONGEST_GAP:
            return Fraction(_longest_gap(months))
        case _:
            return Fraction(_count(months, window.every))


def series_of(key: str, facts: Facts) -> tuple[int, ...] | None:
    """The months of the series ``key``, the latest first; None when it is unknown or something else than a series."""
    known = facts.get(key)
    if known is None or not isinstance(known.value, tuple):
        return None
    months = tuple(value for value in known.value if isinstance(value, int))
    return months if len(months) == len(known.value) else None


def figure_over(window: Window, series: tuple[int, ...]) -> Fraction | None:
    """The window's figure over ``series``; None when that does not reach back far enough."""
    if window.of is WindowOf.COVERS:
        return Fraction(len(series))
    start, end = window.skip, window.skip + window.months
    if window.of is WindowOf.GROWTH:
        if len(series) < end + window.months:
            return None
        return _growth(series[start:end], series[end : end + window.months])
    return _figure(window, series[start:end]) if len(series) >= end else None


def window_value(window: Window, facts: Facts) -> Computed:
    """The window's figure, or unknown naming the series when it does not reach back far enough."""
    series = series_of(window.series, facts)
    figure = None if series is None else figure_over(window, series)
    return Computed(None, (window.series,)) if figure is None else Computed(figure)
