"""Measured speed: a median of enough decisions of enough applicants, and the stated days until then."""

from datetime import date
from itertools import count

from finmart.matching.engine.json_form import dump_offer, load_offer
from finmart.matching.insights.service.speeds import Decided, measured_speeds
from finmart.matching.types.speeds import Speed
from tests.factories.matching import offer

MAY, JULY = date(2026, 5, 20), date(2026, 7, 3)


def _decided(code: str, *days: int, applicants: int = 100) -> list[Decided]:
    """One decision a number, the first in May and the others in July."""
    return [
        Decided(code, each, JULY if number else MAY, number % applicants)
        for number, each in zip(count(), days, strict=False)
    ]


def test_a_median_of_five_or_more_the_slower_of_two_middle_ones() -> None:
    decided = [*_decided("a", 9, 1, 3, 2, 4), *_decided("b", 1, 2, 3, 4, 5, 60)]
    since, until = date(2026, 5, 1), date(2026, 7, 1)
    assert measured_speeds(decided, least=3) == {"a": Speed(3, 5, since, until), "b": Speed(4, 6, since, until)}


def test_four_decisions_say_nothing_yet() -> None:
    assert measured_speeds(_decided("a", 1, 1, 1, 1), least=3) == {}


def test_fewer_than_the_operators_small_number_say_nothing() -> None:
    assert measured_speeds(_decided("a", *[1] * 9), least=10) == {}
    assert set(measured_speeds(_decided("a", *[1] * 10), least=10)) == {"a"}


def test_many_decisions_for_few_applicants_say_nothing() -> None:
    assert measured_speeds(_decided("a", *[1] * 9, applicants=2), least=3) == {}
    assert set(measured_speeds(_decided("a", *[1] * 9, applicants=3), least=3)) == {"a"}


def test_a_measured_product_comes_back_as_it_was_and_others_read_as_before() -> None:
    measured = offer("a", decision_days=3, decisions=7, decided_between=(date(2026, 5, 1), date(2026, 7, 1)))
    assert load_offer(dump_offer(measured)) == measured
    earlier = offer("a", decision_days=3, decisions=7)
    assert load_offer(dump_offer(earlier)) == earlier
    assert not {"decisions", "decided_between"} & dump_offer(offer("a", decision_days=3)).keys()
