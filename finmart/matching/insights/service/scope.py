"""What one official may see of a count: its own district's figures, and no small number of real demands."""

from collections.abc import Iterable
from dataclasses import replace

from finmart.matching.insights.types import Cell, Count, Dimension, Measure
from finmart.reference import regions

#: Fewer real demands than this could point at somebody; the demonstration points at nobody.
FEWEST = 3

_Place = tuple[Measure, bool]


def sees_all(region: str | None) -> bool:
    """Whether an official of ``region`` sees the whole city."""
    return region is not None and regions.contains(region, regions.CITY)


def sees(region: str | None, district: str) -> bool:
    """Whether an official of ``region`` sees the figures of ``district``, which may be unknown."""
    return sees_all(region) or (region is not None and regions.contains(region, district))


def _guarded(cell: Cell) -> Cell:
    """The cell without its cases when they are few and real."""
    if cell.measure is Measure.PRODUCTS or cell.demonstration or not 0 < cell.value < FEWEST:
        return cell
    return replace(cell, members=(), few=True)


def _of_districts(cells: Iterable[Cell], region: str | None) -> list[Cell]:
    """The cells of the districts of ``region``; of each industry what lies in those districts."""
    known = tuple(cells)
    own: dict[_Place, set[str]] = {}
    for cell in known:
        if cell.dimension is Dimension.DISTRICT and sees(region, cell.code):
            own.setdefault((cell.measure, cell.demonstration), set()).update(cell.members)
    found = []
    for cell in known:
        members = own.get((cell.measure, cell.demonstration), set())
        if cell.dimension is Dimension.INDUSTRY:
            found.append(replace(cell, members=tuple(member for member in cell.members if member in members)))
        elif sees(region, cell.code):
            found.append(cell)
    return found


def _total(cells: Iterable[Cell], measure: Measure) -> int:
    """How many different cases the district cells of ``measure`` show."""
    along = (c for c in cells if c.measure is measure and c.dimension is Dimension.DISTRICT)
    return len({member for cell in along for member in cell.members})


def scoped(count: Count, region: str | None) -> Count:
    """``count`` as an official of ``region`` sees it; totals leave out what is too few to be shown."""
    cells = list(count.cells) if sees_all(region) else _of_districts(count.cells, region)
    shown = tuple(_guarded(cell) for cell in cells)
    totals = {measure: _total(shown, measure) for measure in Measure}
    if sees_all(region):
        totals[Measure.PRODUCTS] = count.totals[Measure.PRODUCTS]
    return replace(count, cells=shown, totals=totals)
