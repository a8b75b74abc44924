"""Coverage as officials are told it: small numbers hidden over all shelves, breakdowns and products together."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finmart.matching.insights.service.coverage import arranged
from finmart.matching.insights.types.coverage import (
    ALL,
    DEMANDING,
    STANDINGS,
    Counted,
    Coverage,
    CoverageHead,
    GroupCount,
    ProductCount,
    Stage,
    counted_of,
)
from finmart.matching.insights.types.figures import HIDDEN, Figure, Line
from finmart.matching.insights.types.stages import Dimension

HEAD = CoverageHead("000000000000", datetime(2026, 11, 21, tzinfo=UTC), date(2026, 11, 21), False, 1, 2, 3)
PLACES = ("360113", "360124", "NC-JK")
#: Place, kind, size, and how a subject stands to each of the two products: 2 met, 1 open, 0 not met.
Subject = tuple[str, str, str, int, int]
subjects = st.lists(
    st.tuples(
        st.sampled_from(PLACES),
        st.sampled_from(["enterprise", "farmer"]),
        st.sampled_from(["small", "unknown"]),
        st.integers(0, 2),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=30,
)
STANDING = {2: Stage.MET, 1: Stage.OPEN, 0: Stage.NONE}


def shelves_of(one: Subject) -> dict[str, int]:
    """How a subject stands to every shelf: "first" and "second" are on all of them."""
    return {DEMANDING: one[3], ALL: max(one[3], one[4]), "tax_loan": one[3], "green": one[4]}


def counted(people: Sequence[Subject]) -> Counted:
    """What a run would count of them."""
    groups = []
    for place in PLACES:
        own = [one for one in people if one[0] == place]
        for dimension, at in (("", None), ("kind", 1), ("size", 2), ("industry", None)):
            members: dict[str, list[Subject]] = {}
            for one in own:
                members.setdefault("" if not dimension else "C" if at is None else str(one[at]), []).append(one)
            groups += [_group(place, dimension, code, group) for code, group in members.items()]
    products = tuple(
        ProductCount(code, False, {p: _pair(shelves_of(one)[shelf] for one in people if one[0] == p) for p in PLACES})
        for code, shelf in (("first", "tax_loan"), ("second", "green"))
    )
    return Counted({DEMANDING: 1, ALL: 2, "tax_loan": 1, "green": 1}, tuple(groups), products)


def _group(place: str, dimension: str, code: str, people: list[Subject]) -> GroupCount:
    shelves = {shelf: _pair(shelves_of(one)[shelf] for one in people) for shelf in shelves_of(people[0])}
    return GroupCount(place, dimension, code, len(people), shelves)


def _pair(standings: Iterable[int]) -> tuple[int, int]:
    found = Counter(standings)
    return found[2], found[1]


def told(people: Sequence[Subject], shelf: str = "", *, least: int = 3, exact: bool = True) -> Coverage:
    return arranged(HEAD, counted(people), shelf, least=least, exact=exact)


def sums(before: Coverage, after: Coverage) -> list[list[tuple[int, bool]]]:
    """Every sum on the page of one shelf, as (value, is it hidden), the total first."""

    def pair(old: Figure, new: Figure) -> tuple[int, bool]:
        return old.value, new.few

    def row(total: tuple[Line, Line], line: tuple[Line, Line]) -> list[tuple[int, bool]]:
        parts = [pair(line[0].figures[stage], line[1].figures[stage]) for stage in STANDINGS]
        return [pair(total[0].figures[Stage.SUBJECTS], total[1].figures[Stage.SUBJECTS]), *parts]

    whole = (before.book.whole, after.book.whole)
    found = [row(whole, whole)]
    for along in before.book.by:
        lines = list(zip(before.book.by[along], after.book.by[along], strict=True))
        found += [row(line, line) for line in lines]
        for stage in Stage:
            found.append([pair(old.figures[stage], new.figures[stage]) for old, new in (whole, *lines)])
    own = {one.code: one.line for one in before.products}
    found += [row(whole, (own[one.code], one.line)) for one in after.products]
    return found


@given(subjects, st.sampled_from([DEMANDING, ALL, "tax_loan", "green"]))
def test_no_hidden_number_follows_from_what_stands_beside_it(people: list[Subject], shelf: str) -> None:
    before, after = told(people, shelf, least=0), told(people, shelf)
    for group in sums(before, after):
        assert all(few or value not in (1, 2) for value, few in group)
        assert all(value for value, few in group if few), "a hidden number is some"
        assert sum(few for _value, few in group) != 1
        ones = [value for value, few in group[1:] if few]
        if not group[0][1] and ones and sum(ones) == len(ones):
            assert not [value for value, few in group[1:] if value and not few]


@given(subjects)
def test_what_one_shelf_hides_no_other_page_tells(people: list[Subject]) -> None:
    pages = {shelf: told(people, shelf) for shelf in (DEMANDING, ALL, "tax_loan", "green")}
    numbers = {
        shelf: [line.figures[Stage.SUBJECTS] for lines in page.book.by.values() for line in lines]
        for shelf, page in pages.items()
    }
    assert all(found == numbers[ALL] for found in numbers.values())
    for page in pages.values():
        assert page.shelves == pages[ALL].shelves
        assert page.kinds == pages[ALL].kinds
    (first,) = (one.line for one in pages[ALL].products if one.code == "first")
    alone = pages["tax_loan"].book.whole
    assert [first.figures[stage] for stage in STANDINGS] == [alone.figures[stage] for stage in STANDINGS]


def people_of(place: str, kind: str, number: int, standing: int = 2) -> list[Subject]:
    return [(place, kind, "small", standing, standing)] * number


def test_two_farmers_hide_some_of_what_would_tell_them() -> None:
    page = told(people_of("360113", "enterprise", 9) + people_of("360113", "farmer", 2, 0))
    shown = {line.code: line.figures[Stage.SUBJECTS].shown for line in page.book.by[Dimension.KIND]}
    assert shown == {"enterprise": HIDDEN, "farmer": HIDDEN}
    assert page.book.whole.figures[Stage.SUBJECTS].shown == "11"
    assert page.book.whole.figures[Stage.NONE].shown == HIDDEN
    assert page.book.whole.share(Stage.NONE, Stage.SUBJECTS) is None


def test_the_demonstration_points_at_nobody() -> None:
    page = told(people_of("360113", "enterprise", 9) + people_of("360113", "farmer", 2, 0), least=0)
    assert page.book.whole.figures[Stage.NONE].shown == "2"


def test_numbers_of_real_subjects_are_told_in_tens() -> None:
    page = told(people_of("360113", "enterprise", 44) + people_of("360113", "farmer", 19, 0), least=20, exact=False)
    assert {stage: page.book.whole.figures[stage].shown for stage in Stage} == {
        Stage.SUBJECTS: "60",
        Stage.MET: HIDDEN,
        Stage.OPEN: "0",
        Stage.NONE: HIDDEN,
    }
    page = told(people_of("360113", "enterprise", 44) + people_of("360113", "farmer", 26, 0), least=20, exact=False)
    assert [page.book.whole.figures[stage].shown for stage in (Stage.SUBJECTS, *STANDINGS)] == ["70", "40", "0", "30"]


def test_the_page_begins_with_what_asks_how_somebody_does_business() -> None:
    assert [one.code for one in told(people_of("360113", "farmer", 4)).shelves] == [DEMANDING, ALL, "green", "tax_loan"]
    assert told(people_of("360113", "farmer", 4), "no such shelf").chosen.code == DEMANDING


def test_products_that_fit_fewest_stand_first_and_hidden_numbers_among_the_few() -> None:
    page = told([("360113", "farmer", "small", 2, 0)] * 9 + [("360113", "farmer", "small", 0, 0)] * 9)
    assert [one.code for one in page.products] == ["second", "first"]


@pytest.mark.parametrize("place", PLACES)
def test_a_place_above_no_district_is_no_district(place: str) -> None:
    page = told(people_of(place, "farmer", 4))
    (line,) = page.book.by[Dimension.DISTRICT]
    assert line.code == ("unknown" if place == "NC-JK" else place)


@given(subjects)
def test_what_is_kept_is_what_was_counted(people: list[Subject]) -> None:
    before = counted(people)
    assert counted_of(before.as_json()) == before
    assert before.subjects == len(people)
