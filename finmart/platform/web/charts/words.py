"""How a chart words its values, places and axis, in the language of the request."""

from collections.abc import Callable
from datetime import date

from finmart.platform.web import filters

Value = int | None
Place = str | date

#: The units a chart knows: money in 分, rates and ratios in ppm, everything else a count.
UNITS: dict[str, Callable[..., str]] = {
    "money": filters.money,
    "rate": filters.rate,
    "ratio": filters.ratio,
    "count": filters.number,
}


def worded(value: Value, unit: str, language: str) -> str:
    """``value`` in words. Raises ``LookupError`` for an unknown unit."""
    return UNITS[unit](value, language)


def short(place: Place) -> str:
    """A place on the axis: months as 2019-03, which needs no language."""
    return f"{place:%Y-%m}" if isinstance(place, date) else place


def long(place: Place, language: str) -> str:
    """A place in the table and in tooltips."""
    return filters.month(place, language) if isinstance(place, date) else place


def tick(value: float, unit: str, language: str) -> str:
    """A tick of the axis: whole units are enough there."""
    return worded(round(value), unit, language) if value else "0"
