"""Products and demands by district and industry."""

from finmart.matching.insights.service.counting import (
    Counted,
    demand_cells,
    district_of,
    open_to_district,
    open_to_section,
    product_cells,
    section_of,
)
from finmart.matching.insights.types import UNKNOWN, Dimension, Measure
from finmart.reference import industries, regions
from tests.factories.matching import condition, offer, variant


def stated(source: dict[str, object], column: str) -> object:
    made = condition(source)
    return type(made)(**{**made.__dict__, "origin": f"column:{column}"})


CITY = offer("city", variant(stated({"region_in": [{"fact": "demand.region"}, ["360100"]]}, "region_codes")))  # type: ignore[arg-type]
FARM = offer("farm", variant(stated({"industry_in": [{"fact": "industry"}, ["A0111"]]}, "industries_include")))  # type: ignore[arg-type]
ANY = offer("any")


def test_a_product_is_open_where_a_stated_region_contains_the_district() -> None:
    assert open_to_district(CITY, "360113")
    assert not open_to_district(CITY, "361002")
    assert open_to_district(ANY, "361002")


def test_a_product_is_open_to_a_section_that_holds_a_stated_class() -> None:
    assert open_to_section(FARM, "A")
    assert not open_to_section(FARM, "C")
    assert open_to_section(ANY, "C")


def test_every_district_and_section_has_a_figure() -> None:
    cells = product_cells([CITY, FARM, ANY])
    by = {(cell.dimension, cell.code): cell.members for cell in cells}
    assert by[Dimension.DISTRICT, "360113"] == ("city", "farm", "any")
    assert by[Dimension.INDUSTRY, "C"] == ("city", "any")
    assert len(cells) == len(regions.districts()) + len(industries.sections())


def test_what_is_not_known_is_counted_as_not_known() -> None:
    assert district_of("360100") == UNKNOWN
    assert district_of("360113") == "360113"
    assert section_of({}) == UNKNOWN
    assert section_of({"industry": ["5292", None, "", ""]}) == "F"


def test_demands_are_counted_once_and_real_ones_apart_from_demonstration() -> None:
    demands = [
        Counted("a", "360113", "C", True, False),
        Counted("b", "360113", UNKNOWN, False, False),
        Counted("c", "360113", "C", False, True),
    ]
    cells = {(c.measure, c.dimension, c.code, c.demonstration): c.members for c in demand_cells(demands)}
    assert cells[Measure.DEMANDS, Dimension.DISTRICT, "360113", False] == ("a", "b")
    assert cells[Measure.DEMANDS, Dimension.DISTRICT, "360113", True] == ("c",)
    assert cells[Measure.MATCHED, Dimension.INDUSTRY, "C", False] == ("a",)
    assert cells[Measure.UNANSWERED, Dimension.INDUSTRY, UNKNOWN, False] == ("b",)
