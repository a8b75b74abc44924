"""Measured speed: a median of enough decisions, and the stated days until then."""

from finmart.matching.engine.json_form import dump_offer, load_offer
from finmart.matching.insights.service.speeds import measured_speeds
from tests.factories.matching import offer


def test_a_median_of_five_or_more_the_slower_of_two_middle_ones() -> None:
    decided = [*(("a", days) for days in (9, 1, 3, 2, 4)), *(("b", days) for days in (1, 2, 3, 4, 5, 60))]
    assert measured_speeds(decided) == {"a": (3, 5), "b": (4, 6)}


def test_four_decisions_say_nothing_yet() -> None:
    assert measured_speeds([("a", 1)] * 4) == {}


def test_a_measured_product_comes_back_as_it_was_and_others_read_as_before() -> None:
    measured = offer("a", decision_days=3, decisions=7)
    assert load_offer(dump_offer(measured)) == measured
    assert "decisions" not in dump_offer(offer("a", decision_days=3))
