"""Where cases belong, and what of a lead's steps stands."""

from datetime import UTC, date, datetime

from finmart.matching.insights.repository.counting import Stepped
from finmart.matching.insights.service.counting import (
    district_of,
    open_to_district,
    open_to_section,
    product_cells,
    section_of,
)
from finmart.matching.insights.service.facts import reached
from finmart.matching.insights.types.figures import UNKNOWN
from finmart.matching.insights.types.stages import Dimension
from tests.factories.matching import condition, offer, variant

REGION = {"region_in": [{"fact": "demand.region"}, ["360113"]]}
INDUSTRY = {"industry_in": [{"fact": "industry"}, ["C"]]}


def _from_column(source: dict[str, object], column: str) -> object:
    clause = condition(source)
    return type(clause)(**{**vars(clause), "origin": f"column:{column}"})


def test_a_demand_belongs_to_its_own_district() -> None:
    assert district_of("360113") == "360113"
    assert district_of("360113001") == "360113"
    assert district_of("NC-XL") == "360121"
    assert district_of("360100") == UNKNOWN


def test_an_industry_that_no_run_knew_stays_unknown() -> None:
    assert section_of({"industry": ["3911", None, "", ""]}) == "C"
    assert section_of({}) == UNKNOWN


def test_products_stand_where_they_are_offered_and_everywhere_when_nothing_is_stated() -> None:
    here = offer("here", variant(_from_column(REGION, "region_codes")))  # type: ignore[arg-type]
    trade = offer("trade", variant(_from_column(INDUSTRY, "industries_include")))  # type: ignore[arg-type]
    assert open_to_district(here, "360113")
    assert not open_to_district(here, "360124")
    assert open_to_district(trade, "360124")
    assert open_to_section(trade, "C")
    assert not open_to_section(trade, "A")
    cells = {(cell.dimension, cell.code): cell.members for cell in product_cells([here, trade])}
    assert cells[(Dimension.DISTRICT, "360124")] == ("trade",)
    assert cells[(Dimension.INDUSTRY, "A")] == ("here",)


def _step(number: int, step: str, day: int, *, to: str = "", reverses: int | None = None) -> Stepped:
    return Stepped(1, number, datetime(2026, 11, day, 2, tzinfo=UTC), step, to, reverses)


def test_a_step_that_was_taken_back_does_not_stand() -> None:
    steps = [_step(1, "apply", 2), _step(2, "contact", 3), _step(3, "decline", 4), _step(4, "reverse", 5, reverses=3)]
    stands = reached(steps)[1]
    assert stands.has("contact")
    assert not stands.has("decline")
    assert stands.first_contact == datetime(2026, 11, 3, tzinfo=UTC).date()


def test_a_contact_made_again_counts_from_the_first_that_stands() -> None:
    steps = [_step(1, "contact", 2), _step(2, "reverse", 3, reverses=1), _step(3, "contact", 4)]
    assert reached(steps)[1].first_contact == datetime(2026, 11, 4, tzinfo=UTC).date()


def test_only_what_was_waited_before_an_answer_is_left_out_of_its_days() -> None:
    steps = [
        _step(1, "apply", 2, to="received"),
        _step(2, "ask_materials", 3, to="materials"),
        _step(3, "hand_in", 5, to="contacted"),
        _step(4, "opinion", 6, to="review"),
        _step(5, "ask_materials", 9, to="supplement"),
        _step(6, "decline", 13, to="declined"),
        _step(7, "reverse", 16, to="supplement", reverses=6),
        _step(8, "hand_in", 17, to="review"),
    ]
    stands = reached(steps)[1]
    assert stands.waited(date(2026, 11, 6)) == 2
    assert stands.waited(date(2026, 11, 18)) == 2 + 4 + 1
