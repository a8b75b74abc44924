"""Charts over months: columns of one series, or lines of several. Geometry only; templates draw it.

Horizontal places are percentages of the plot and vertical ones are pixels, so that text keeps its size at any width.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from finmart.platform.web.charts.scale import HEIGHT, Scale, scale_of
from finmart.platform.web.charts.words import Place, Value, long, short, tick, worded

#: Labels under the axis that fit at 390 px, and at 992 px.
FEW_LABELS, MANY_LABELS = 5, 12
#: The part of its slot that a column fills.
FILL = 0.66


@dataclass(frozen=True)
class Tick:
    """A line across the plot: where, and what it stands for."""

    y: float
    text: str
    zero: bool


@dataclass(frozen=True)
class Label:
    """A word under the axis; ``wide`` ones are shown only where there is room."""

    x: float
    text: str
    wide: bool


@dataclass(frozen=True)
class Column:
    """One column, in percent (x, width) and pixels (y, height)."""

    x: float
    width: float
    y: float
    height: float
    negative: bool
    text: str


@dataclass(frozen=True)
class Dot:
    """One value of a line, in percent and pixels."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Line:
    """One series: its name, its dots, and the segments between neighbours that both have a value."""

    name: str
    dots: tuple[Dot, ...]
    segments: tuple[tuple[Dot, Dot], ...]


@dataclass(frozen=True)
class Row:
    """One line of the table that says the same as the drawing."""

    label: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Plot:
    """What a template needs to draw columns or lines."""

    ticks: tuple[Tick, ...]
    labels: tuple[Label, ...]
    rows: tuple[Row, ...]
    columns: tuple[Column, ...] = ()
    lines: tuple[Line, ...] = ()
    height: int = HEIGHT

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.columns and not any(line.dots for line in self.lines)


def _ticks(scale: Scale, unit: str, language: str) -> tuple[Tick, ...]:
    return tuple(Tick(scale.y(value), tick(value, unit, language), value == 0) for value in scale.ticks)


def _centre(index: int, count: int) -> float:
    return round((index + 0.5) / count * 100, 3)


def _labels(places: Sequence[Place]) -> tuple[Label, ...]:
    count = len(places)
    many = max(1, -(-count // MANY_LABELS))
    # A multiple of the other, or the two kinds would stand side by side and touch.
    few = -(-count // (FEW_LABELS * many)) * many or 1
    found = []
    for index, place in enumerate(places):
        # Counted from the end: the latest month always has its label.
        back = count - 1 - index
        if back % many:
            continue
        found.append(Label(_centre(index, count), short(place), wide=bool(back % few)))
    return tuple(found)


def _column(index: int, count: int, value: int, scale: Scale, text: str) -> Column:
    zero, top = scale.y(0), scale.y(value)
    slot = 100 / count
    return Column(
        x=round((index + (1 - FILL) / 2) * slot, 3),
        width=round(slot * FILL, 3),
        y=min(zero, top),
        height=round(abs(zero - top), 2),
        negative=value < 0,
        text=text,
    )


def columns(points: Sequence[tuple[Place, Value]], unit: str, language: str) -> Plot:
    """Columns of one series of (month or word, value); None is a gap, negative values hang below zero."""
    scale = scale_of([value for _, value in points if value is not None])
    rows = tuple(Row(long(place, language), (worded(value, unit, language),)) for place, value in points)
    drawn = tuple(
        _column(index, len(points), value, scale, f"{row.label} {row.texts[0]}")
        for index, ((_, value), row) in enumerate(zip(points, rows, strict=True))
        if value is not None
    )
    return Plot(_ticks(scale, unit, language), _labels([place for place, _ in points]), rows, columns=drawn)


def stacked(
    places: Sequence[Place], series: Sequence[tuple[str, Sequence[int]]], unit: str, language: str
) -> tuple[Plot, tuple[tuple[Column, ...], ...]]:
    """Columns of parts on each other: axis, words and the table's rows, and the columns a part, the lowest part first.

    Values are at least zero. Raises ``ValueError`` when a length differs.
    """
    together = list(zip(*(values for _, values in series), strict=True))
    scale = scale_of([sum(values) for values in together])
    rows = tuple(
        Row(long(place, language), tuple(worded(value, unit, language) for value in values))
        for place, values in zip(places, together, strict=True)
    )
    parts = []
    for number, (name, _) in enumerate(series):
        part = []
        for index, values in enumerate(together):
            text = f"{name} {rows[index].label} {rows[index].texts[number]}"
            below, above = sum(values[:number]), sum(values[: number + 1])
            whole, own = _column(index, len(together), above, scale, text), scale.y(below) - scale.y(above)
            part.append(replace(whole, height=round(own, 2)))
        parts.append(tuple(part))
    return Plot(_ticks(scale, unit, language), _labels(list(places)), rows, columns=parts[0]), tuple(parts)


def lines(places: Sequence[Place], series: Sequence[tuple[str, Sequence[Value]]], unit: str, language: str) -> Plot:
    """Lines of several (name, values) over the same places. Raises ``ValueError`` when a length differs."""
    scale = scale_of([value for _, values in series for value in values if value is not None])
    rows = tuple(
        Row(long(place, language), tuple(worded(value, unit, language) for value in found))
        for place, *found in zip(places, *(values for _, values in series), strict=True)
    )
    drawn = tuple(_line(index, one, scale, rows) for index, one in enumerate(series))
    return Plot(_ticks(scale, unit, language), _labels(places), rows, lines=drawn)


def _line(number: int, series: tuple[str, Sequence[Value]], scale: Scale, rows: tuple[Row, ...]) -> Line:
    name, values = series
    dots = [
        None
        if value is None
        else Dot(_centre(index, len(values)), scale.y(value), f"{name} {row.label} {row.texts[number]}")
        for index, (value, row) in enumerate(zip(values, rows, strict=True))
    ]
    segments = tuple((left, right) for left, right in pairwise(dots) if left is not None and right is not None)
    return Line(name, tuple(dot for dot in dots if dot is not None), segments)
