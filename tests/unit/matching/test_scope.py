"""Small numbers of real cases are hidden, and cannot be worked out from what stands beside them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finmart.matching.insights.service.scope import guarded, sees_all
from finmart.matching.insights.types.figures import HIDDEN, Book, CellUnknown, Figure, Line, Question
from finmart.matching.insights.types.stages import OF_DEMANDS, STANDS, Dimension, Stage

SIZE, KIND = Dimension.SIZE, Dimension.KIND
#: A demand: how it stands, its size and its kind.
Case = tuple[Stage, str, str]


def _line(code: str, cases: list[Case]) -> Line:
    figures = {stage.value: Figure(sum(case[0] is stage for case in cases)) for stage in STANDS}
    return Line(code, {Stage.DEMANDS.value: Figure(len(cases), len(cases) * 100), **figures})


def _book(cases: list[Case]) -> Book:
    by = {
        along: [
            _line(code, [case for case in cases if case[place] == code]) for code in sorted({c[place] for c in cases})
        ]
        for place, along in ((1, SIZE), (2, KIND))
    }
    return Book(_line("", cases), by)


def _guarded(cases: list[Case]) -> Book:
    return guarded(_book(cases), least=3, demonstration=False)


def _column(book: Book, along: Dimension, stage: Stage) -> list[str]:
    return [line.figures[stage].shown for line in book.by[along]]


def _open(size: str, number: int, kind: str = "enterprise") -> list[Case]:
    return [(Stage.OPEN, size, kind)] * number


def test_a_small_number_is_not_stated_and_neither_is_the_next() -> None:
    shown = _guarded(_open("a", 2) + _open("b", 5) + _open("c", 9))
    assert _column(shown, SIZE, Stage.DEMANDS) == [HIDDEN, HIDDEN, "9"]
    assert shown.by[SIZE][0].figures["demands"].amount == 0
    assert _column(shown, SIZE, Stage.FUNDED) == ["0", "0", "0"]
    assert shown.whole.figures["demands"].shown == "16"


def test_two_small_numbers_hide_each_other() -> None:
    assert _column(_guarded(_open("a", 2) + _open("b", 1) + _open("c", 9)), SIZE, Stage.OPEN) == [HIDDEN, HIDDEN, "9"]


def test_two_single_cases_do_not_follow_from_their_sum() -> None:
    shown = _guarded(_open("a", 1) + _open("b", 1) + _open("c", 9) + _open("d", 12))
    assert _column(shown, SIZE, Stage.OPEN) == [HIDDEN, HIDDEN, HIDDEN, "12"]


def test_the_demonstration_points_at_nobody() -> None:
    book = _book(_open("a", 2))
    assert guarded(book, least=3, demonstration=True) == book


def test_a_number_hidden_in_the_whole_does_not_follow_from_a_breakdown() -> None:
    declined: list[Case] = [(Stage.DECLINED, "a", "enterprise")] * 4 + [(Stage.DECLINED, "b", "enterprise")] * 5
    shown = _guarded(_open("a", 8) + _open("b", 8) + [(Stage.FUNDED, "b", "farmer")] * 2 + declined)
    assert shown.whole.figures["funded"].few
    hidden_beside = [stage for stage in (Stage.OPEN, Stage.DECLINED) if shown.whole.figures[stage].few]
    assert hidden_beside
    for along in (SIZE, KIND):
        for stage in (Stage.FUNDED, *hidden_beside):
            assert HIDDEN in _column(shown, along, stage)


@given(
    st.lists(
        st.tuples(st.sampled_from(STANDS), st.sampled_from("abc"), st.sampled_from("xyz")), min_size=1, max_size=40
    )
)
def test_no_hidden_number_follows_from_any_sum(cases: list[Case]) -> None:
    before, shown = _book(cases), _guarded(cases)
    lines = [(before.whole, shown.whole)]
    for along in before.by:
        lines += zip(before.by[along], shown.by[along], strict=True)
    sums = [[(stage, *pair) for stage in (Stage.DEMANDS, *STANDS)] for pair in lines]
    for along in before.by:
        parts = list(zip(before.by[along], shown.by[along], strict=True))
        sums += [[(stage, *pair) for pair in [lines[0], *parts]] for stage in (Stage.DEMANDS, *STANDS)]
    for group in sums:
        figures = [(old.figures[stage].value, new.figures[stage].few) for stage, old, new in group]
        assert all(few or value not in (1, 2) for value, few in figures)
        assert sum(few for _value, few in figures) != 1
        ones = [value for value, few in figures[1:] if few]
        if not figures[0][1] and ones and sum(ones) == len(ones):
            assert not [value for value, few in figures[1:] if value and not few]


def test_a_figure_of_no_breakdown_has_no_cases() -> None:
    book = _book(_open("a", 4))
    assert book.figure("open", {}).value == book.figure("open", {SIZE: "a"}).value == 4
    assert book.figure("open", {SIZE: "elsewhere"}).value == 0
    for where in ({SIZE: "a", KIND: "enterprise"}, {Dimension.INSTITUTION: "a"}):
        assert Dimension.INSTITUTION not in OF_DEMANDS
        with pytest.raises(CellUnknown):
            book.figure("open", where)


def test_a_period_is_one_of_whole_months() -> None:
    asked = Question(since=date(2026, 3, 17), until=date(2028, 2, 3))
    assert (asked.since, asked.until) == (date(2026, 3, 1), date(2028, 2, 29))
    turned = Question(since=date(2028, 2, 3), until=date(2026, 3, 17))
    assert (turned.since, turned.until) == (date(2026, 3, 1), date(2028, 2, 29))
    assert (Question().since, Question().until) == (None, None)


def test_who_sees_the_whole_city() -> None:
    assert sees_all("360100")
    assert sees_all("360000")
    assert not sees_all("360113")
    assert not sees_all(None)
