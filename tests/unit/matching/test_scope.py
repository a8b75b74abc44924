"""A district's official sees that district alone, and nobody sees a small number of real demands."""

from datetime import UTC, date, datetime

from finmart.matching.insights.service.counting import Counted, demand_cells
from finmart.matching.insights.service.scope import scoped, sees
from finmart.matching.insights.types import UNKNOWN, Cell, Count, Dimension, Measure

CITY, OWN, OTHER = "360100", "360113", "360124"


def count() -> Count:
    """Own district: four real demands (one matched) and one of the demonstration; elsewhere two real ones."""
    demands = [
        *(Counted(f"own{number}", OWN, "C", number == 0, False) for number in range(4)),
        Counted("demo", OWN, "C", False, True),
        Counted("there", OTHER, "C", False, False),
        Counted("nowhere", UNKNOWN, "F", False, False),
    ]
    cells = [
        *demand_cells(demands),
        Cell(Measure.PRODUCTS, Dimension.DISTRICT, OWN, False, ("a",)),
        Cell(Measure.PRODUCTS, Dimension.DISTRICT, OTHER, False, ("a", "b")),
        Cell(Measure.PRODUCTS, Dimension.INDUSTRY, "C", False, ("a", "b")),
    ]
    totals = {Measure.PRODUCTS: 2, Measure.DEMANDS: 7, Measure.MATCHED: 1, Measure.UNANSWERED: 6}
    return Count("count", datetime(2026, 3, 1, tzinfo=UTC), date(2026, 3, 1), 1, totals, tuple(cells))


def figures(region: str | None) -> dict[tuple[str, str, bool], str]:
    return {(c.measure.value, c.code, c.demonstration): c.shown for c in scoped(count(), region).cells}


def test_the_city_sees_every_district_and_no_small_number() -> None:
    seen = figures(CITY)
    assert seen["demands", OWN, False] == "4"
    assert seen["demands", OTHER, False] == "<3"
    assert seen["demands", UNKNOWN, False] == "<3"
    assert seen["matched", OWN, False] == "<3"
    assert seen["demands", OWN, True] == "1", "the demonstration names nobody"
    assert seen["products", OWN, False] == "1"
    assert scoped(count(), CITY).totals == {
        Measure.PRODUCTS: 2,
        Measure.DEMANDS: 5,
        Measure.MATCHED: 0,
        Measure.UNANSWERED: 4,
    }


def test_a_district_sees_its_own_cells_and_cases() -> None:
    seen = scoped(count(), OWN)
    members = {member for cell in seen.cells for member in cell.members}
    assert members == {"own0", "own1", "own2", "own3", "demo", "a"}
    assert {cell.code for cell in seen.cells if cell.dimension is Dimension.DISTRICT} == {OWN}
    assert figures(OWN)["demands", "C", False] == "4"
    assert seen.totals[Measure.PRODUCTS] == 1
    assert seen.totals[Measure.DEMANDS] == 5


def test_few_cases_are_not_listed() -> None:
    assert all(not cell.members for cell in scoped(count(), CITY).cells if cell.few)


def test_without_a_region_nothing_is_seen() -> None:
    assert not sees(None, OWN)
    assert not sees(OTHER, OWN)
    assert not [cell for cell in scoped(count(), None).cells if cell.members]
