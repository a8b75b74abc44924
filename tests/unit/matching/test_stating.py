"""What is said of sets of subjects is never a few, never follows one subject, and is the same each time."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finmart.matching.engine.bulk.bits import Words, pack
from finmart.matching.engine.bulk.prospects import Screen
from finmart.matching.engine.bulk.table import table_of
from finmart.matching.engine.inputs import ApplicantFacts, ProductOffer
from finmart.matching.engine.plain import clause_state
from finmart.matching.prospecting.service.screening import standings
from finmart.matching.prospecting.service.stating import Book, said, state
from finmart.matching.prospecting.types.values import Stated, Tally, stated_of
from tests.unit.matching.test_bulk import crowds

some_time = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
few_times = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
sizes = st.integers(0, 400)


def first(number: int, of: int) -> Words:
    """The set of the first ``number`` of ``of`` subjects."""
    return pack(np.arange(of) < number)


def numbers(stated: Stated) -> list[int | None]:
    found: list[int | None] = [stated.subjects]
    for tally in (stated.whole, *stated.ways.values()):
        found += [tally.met, tally.open, tally.not_met]
    return found


def fit_to_be_said(number: int | None) -> bool:
    return number is None or (number >= 20 and number % 10 == 0)


@given(of=sizes, met=sizes, open_=sizes)
@some_time
def test_a_number_is_a_ten_from_twenty_on_or_nothing(of: int, met: int, open_: int) -> None:
    book = Book(first(of, of))
    tally = book.tally(first(met, of), first(met + open_, of), unchecked=False)
    assert all(fit_to_be_said(number) for number in (tally.met, tally.open, tally.not_met, said(book.total)))


@given(bounds=st.lists(st.integers(0, 300), min_size=2, max_size=12))
@some_time
def test_what_was_said_once_is_said_again_and_is_near_the_truth(bounds: list[int]) -> None:
    book = Book(first(300, 300))
    said_first = [book.number(first(bound, 300)) for bound in bounds]
    assert said_first == [book.number(first(bound, 300)) for bound in bounds]
    assert all(abs(number - bound) < 25 for number, bound in zip(said_first, bounds, strict=True))


@given(step=st.integers(1, 19), start=st.integers(20, 260))
@some_time
def test_one_more_or_less_is_never_seen(step: int, start: int) -> None:
    book = Book(first(300, 300))
    before = book.tally(first(start, 300), first(300, 300), unchecked=False)
    after = book.tally(first(start + step, 300), first(300, 300), unchecked=False)
    assert after == before


@given(world=crowds())
@few_times
def test_products_and_their_ways_are_stated_alike_each_time(
    world: tuple[tuple[ProductOffer, ...], list[ApplicantFacts]],
) -> None:
    offers, subjects = world
    table = table_of((subjects * 130)[:130])

    def stated() -> list[Stated]:
        screen = Screen(table)
        book = Book(screen.maker.everyone)
        return [state(screen, offer, book) for offer in offers]

    found = stated()
    assert found == stated() == [stated_of(one.as_json()) for one in found]
    assert all(fit_to_be_said(number) for one in found for number in numbers(one))


@given(world=crowds())
@few_times
def test_a_row_of_the_list_counts_conditions_as_the_plain_evaluator_does(
    world: tuple[tuple[ProductOffer, ...], list[ApplicantFacts]],
) -> None:
    offers, subjects = world
    for offer in offers:
        for facts, found in zip(subjects, standings(subjects, offer), strict=True):
            ways = []
            for variant in offer.variants:
                states = [clause_state(each, facts).state for each in variant.clauses if each.required]
                ways.append(tuple(states.count(letter) for letter in "num"))
            assert found in ways
            assert (found[0], found[1], -found[2]) == min((bad, open_, -met) for bad, open_, met in ways)


def test_nobody_is_counted_where_nobody_is() -> None:
    book = Book(pack(np.ones(0, dtype=np.bool_)))
    assert said(book.total) is None
    assert standings([], ProductOffer.__new__(ProductOffer)) == []
    assert Tally(None, None, None).as_json() == {"met": None, "open": None, "not_met": None, "unchecked": False}
