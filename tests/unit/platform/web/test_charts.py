"""Drawings stay inside their plot, show zero, leave gaps as gaps, and say in a table what they draw."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finmart.platform.web.charts.columns import columns, lines, stacked
from finmart.platform.web.charts.scale import HEIGHT, MOST_STEPS, scale_of
from finmart.platform.web.charts.shares import funnel, parts, ranked

VALUES = st.integers(-(10**15), 10**15)


@given(st.lists(VALUES, max_size=40))
def test_an_axis_holds_zero_and_every_value_in_few_steps(values: list[int]) -> None:
    scale = scale_of([float(value) for value in values])
    for value in [0, *values]:
        assert -0.5 <= scale.y(value) <= HEIGHT + 0.5
    assert 2 <= len(scale.ticks) <= MOST_STEPS + 3
    assert any(abs(tick) < scale.step / 1000 for tick in scale.ticks)


@given(st.lists(st.tuples(st.just(date(2020, 2, 1)), st.none() | VALUES), max_size=40))
def test_columns_lie_inside_the_plot(points: list[tuple[date, int | None]]) -> None:
    plot = columns(points, "money", "zh")
    for column in plot.columns:
        assert column.x >= 0
        assert column.x + column.width <= 100.001
        assert column.y >= -0.5
        assert column.y + column.height <= HEIGHT + 0.5
    assert len(plot.columns) == sum(value is not None for _, value in points)
    assert len(plot.rows) == len(points)


@given(st.lists(st.tuples(*[st.integers(0, 10**15)] * 3), min_size=1, max_size=40))
def test_parts_stand_on_each_other_and_fill_the_whole(months: list[tuple[int, int, int]]) -> None:
    series = [(name, [month[number] for month in months]) for number, name in enumerate("abc")]
    plot, parts = stacked([str(number) for number in range(len(months))], series, "money", "zh")
    assert len(plot.rows) == len(months)
    whole = columns([("x", sum(month)) for month in months], "money", "zh")
    for index, alone in enumerate(whole.columns):
        pile = [part[index] for part in parts]
        for below, above in pairwise(pile):
            assert above.y + above.height == pytest.approx(below.y, abs=0.02)
        assert pile[-1].y == alone.y
        assert pile[0].y + pile[0].height == pytest.approx(alone.y + alone.height, abs=0.02)


def test_a_negative_column_hangs_below_zero() -> None:
    up, down = columns([("a", 100), ("b", -100)], "count", "zh").columns
    assert up.y + up.height == pytest.approx(down.y)
    assert down.negative
    assert not up.negative


def test_nothing_and_only_gaps_are_empty_but_zeros_are_not() -> None:
    assert columns([], "count", "zh").empty
    assert columns([("a", None)], "count", "zh").empty
    assert not columns([("a", 0)], "count", "zh").empty


def test_labels_are_few_and_the_latest_is_among_them() -> None:
    months = [(date(2017 + number // 12, number % 12 + 1, 1), number) for number in range(36)]
    shown = [label for label in columns(months, "count", "zh").labels if not label.wide]
    assert len(shown) <= 5
    assert shown[-1].text == "2019-12"


def test_a_gap_breaks_the_line_and_stands_as_a_dash_in_the_table() -> None:
    months = [date(2020, month, 1) for month in (1, 2, 3, 4)]
    plot = lines(months, [("销售", [1, None, 3, 4]), ("采购", [4, 3, 2, 1])], "count", "en")
    first, second = plot.lines
    assert (len(first.dots), len(first.segments)) == (3, 1)
    assert (len(second.dots), len(second.segments)) == (4, 3)
    assert plot.rows[1].label == "Feb\u00a02020"
    assert plot.rows[1].texts == ("—", "3")


def test_series_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        lines([date(2020, 1, 1)], [("销售", [1, 2])], "count", "zh")


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(LookupError):
        columns([("a", 1)], "miles", "zh")


def test_ranked_bars_are_parts_of_the_longest() -> None:
    long, short, none, below = ranked([("甲", 200, "/a"), ("乙", 50), ("丙", 0), ("丁", -100)], "count", "zh")
    assert (long.width, short.width, none.width, below.width) == (100, 25, 0, 50)
    assert long.href == "/a"
    assert below.negative
    assert [bar.width for bar in ranked([("甲", 0)], "count", "zh")] == [0]


def test_a_ratio_is_drawn_as_part_of_the_whole() -> None:
    assert [bar.width for bar in ranked([("甲", 800_000), ("乙", 400_000)], "ratio", "zh")] == [80, 40]
    assert [bar.width for bar in ranked([("甲", 2_000_000), ("乙", 1_000_000)], "ratio", "zh")] == [100, 50]


def test_parts_fill_the_whole_and_a_negative_one_is_only_stated() -> None:
    found = parts([("满足", 3), ("冲减", -2), ("未知", 1)], "count", "zh")
    assert [part.width for part in found] == [75, 0, 25]
    assert [part.share for part in found] == ["75%", "0%", "25%"]
    assert found[1].text == "−2"
    assert [part.share for part in parts([("无", 0)], "count", "zh")] == ["—"]


def test_a_few_out_of_many_are_not_worded_as_none_nor_the_others_as_all() -> None:
    found = parts([("入库", 49_317), ("重复", 1), ("隔离", 3), ("无", 0)], "count", "zh")
    assert [part.share for part in found] == [">99.9%", "<0.1%", "<0.1%", "0%"]


def test_a_funnel_states_each_step_as_a_share_of_the_first() -> None:
    steps = funnel([("提出", 200), ("匹配", 50)], "count", "zh")
    assert [(bar.width, bar.share) for bar in steps] == [(100, "100%"), (25, "25%")]
    assert [bar.share for bar in funnel([("提出", 0), ("匹配", 0)], "count", "zh")] == ["—", "—"]
