"""Small numbers of real cases are hidden, and cannot be worked out from what stands beside them."""

from hypothesis import given
from hypothesis import strategies as st

from finmart.matching.insights.service.scope import guarded, sees_all
from finmart.matching.insights.types.figures import FEW, Figure, Line
from finmart.matching.insights.types.stages import STANDS, Stage

STAGES = ("demands", "funded")


def _lines(*values: tuple[int, int]) -> list[Line]:
    return [
        Line(str(number), {stage: Figure(value, value * 100) for stage, value in zip(STAGES, pair, strict=True)})
        for number, pair in enumerate(values)
    ]


def test_a_small_number_is_not_stated_and_neither_is_the_next() -> None:
    shown = guarded(_lines((2, 0), (5, 0), (9, 0)), least=3, demonstration=False)
    assert [line.figures["demands"].shown for line in shown] == [FEW, FEW, "9"]
    assert shown[0].figures["demands"].amount == 0
    assert shown[0].figures["funded"].shown == "0"


def test_two_small_numbers_hide_each_other() -> None:
    shown = guarded(_lines((2, 0), (1, 0), (9, 0)), least=3, demonstration=False)
    assert [line.figures["demands"].shown for line in shown] == [FEW, FEW, "9"]


def test_the_demonstration_points_at_nobody() -> None:
    assert guarded(_lines((2, 1)), least=3, demonstration=True)[0].figures["demands"].shown == "2"


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=8))
def test_no_hidden_number_follows_from_the_total(values: list[tuple[int, int]]) -> None:
    shown = guarded(_lines(*values), least=3, demonstration=False)
    for stage in STAGES:
        figures = [line.figures[stage] for line in shown]
        assert all(figure.few or figure.value not in (1, 2) for figure in figures)
        hidden = sum(figure.few for figure in figures)
        stated = sum(1 for figure in figures if figure.value)
        assert hidden != 1 or stated == 0, "a single gap is the total minus the rest"


def _whole_lines(lines: list[list[int]]) -> list[Line]:
    found = []
    for number, counts in enumerate(lines):
        stages = {stage.value: Figure(value) for stage, value in zip(STANDS, counts, strict=True)}
        stages |= {Stage.DEMANDS.value: Figure(sum(counts)), Stage.UNANSWERED.value: Figure(0)}
        found.append(Line(str(number), stages))
    return found


def test_a_small_number_cannot_be_taken_from_the_demands_of_its_own_line() -> None:
    (shown,) = guarded(_whole_lines([[8, 2, 0, 6, 0]]), least=3, demonstration=False)
    assert {stage.value: shown.figures[stage].shown for stage in STANDS} == {
        "open": "8",
        "funded": FEW,
        "declined": "0",
        "withdrawn": FEW,
        "expired": "0",
    }


@given(st.lists(st.lists(st.integers(0, 9), min_size=5, max_size=5), min_size=1, max_size=5))
def test_no_line_and_no_column_has_a_single_gap(values: list[list[int]]) -> None:
    lines = _whole_lines(values)
    shown = guarded(lines, least=3, demonstration=False)
    stages = (Stage.DEMANDS, *STANDS)
    rows = [
        [line.figures[stage] for stage in stages if before.figures[stage].value]
        for line, before in zip(shown, lines, strict=True)
    ]
    columns = [
        [line.figures[stage] for line, before in zip(shown, lines, strict=True) if before.figures[stage].value]
        for stage in stages
    ]
    for group in rows + [column for column in columns if len(column) > 1]:
        assert sum(figure.few for figure in group) != 1


def test_who_sees_the_whole_city() -> None:
    assert sees_all("360100")
    assert sees_all("360000")
    assert not sees_all("360113")
    assert not sees_all(None)
