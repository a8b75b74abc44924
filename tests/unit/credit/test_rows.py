"""Rows between reading and storing: set aside with a reason, counted once, and never lost."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from finmart.credit.datasets.invoices import INVOICES
from finmart.credit.pipeline.duplicates import first_of_each, without_duplicates, without_stored
from finmart.credit.pipeline.normalise import Normalised, normalise
from finmart.credit.types.states import FAULT_WORDS, Fault
from tests.factories.credit import Line

SALES = INVOICES.file("output_invoices")
RECEIVED = date(2020, 3, 1)


def normalised(*lines: Line) -> Normalised:
    """Lines as a typed file."""
    names = [column.name for column in SALES.columns]
    cells = pl.DataFrame(
        [[cell or None for cell in line.cells] for line in lines], schema=dict.fromkeys(names, pl.String), orient="row"
    ).with_row_index("row", offset=2)
    return normalise(SALES, "sales.csv", cells, received=RECEIVED)


def test_each_fault_names_row_column_and_reason() -> None:
    state = normalised(
        Line(),
        Line(amount=""),
        Line(amount="1.005"),
        Line(day="十月三十日"),
        Line(day="2020/3/2"),
        Line(status="红冲"),
        Line(firm=""),
    )
    assert [(one.row, one.column, one.fault) for one in sorted(state.aside, key=lambda one: one.row)] == [
        (3, "金额", Fault.BLANK),
        (4, "金额", Fault.NOT_MONEY),
        (5, "开票日期", Fault.NOT_A_DATE),
        (6, "开票日期", Fault.IN_THE_FUTURE),
        (7, "发票状态", Fault.NOT_A_CHOICE),
        (8, "企业代号", Fault.BLANK),
    ]
    assert state.rows.height == 1
    assert state.rows["sale"].to_list() == [True]


def test_a_row_with_two_faults_is_set_aside_once() -> None:
    state = normalised(Line(amount="x", tax="y", day="z"))
    assert len(state.aside) == 1
    assert state.rows.height == 0


def test_every_fault_has_a_sentence_that_names_the_place() -> None:
    for fault in Fault:
        sentence = FAULT_WORDS[fault].format(file="a.csv", row=7, column="金额")
        assert "a.csv" in sentence
        assert "7" in sentence


def test_the_same_number_with_other_content_is_no_duplicate() -> None:
    state, repeated = without_duplicates(normalised(Line(), Line(), Line(status="作废发票"), Line(amount="100.00")))
    assert repeated == 1
    assert state.rows["row"].to_list() == [2, 4, 5]


lines = st.builds(
    Line,
    firm=st.sampled_from(["E1", "E2"]),
    number=st.sampled_from(["1", "2", "3"]),
    amount=st.sampled_from(["1.0", "1.00", "2.0", "x", ""]),
    status=st.sampled_from(["有效发票", "作废发票", "?"]),
)


@settings(deadline=None)
@given(st.lists(lines, min_size=1, max_size=30))
def test_read_is_stored_and_duplicate_and_quarantined(given_lines: list[Line]) -> None:
    state = normalised(*given_lines)
    kept, repeated = without_duplicates(state)
    assert kept.read == kept.rows.height + repeated + len(kept.aside)
    assert kept.cells["row"].to_list() == kept.rows["row"].to_list()
    good = [line for line in given_lines if line.amount not in {"x", ""} and line.status != "?"]
    assert kept.rows.height == len(set(good))
    assert len(kept.aside) == len(given_lines) - len(good)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from(["1", "2", None])), max_size=20))
def test_the_first_of_each_is_kept(pairs: list[tuple[str | None, str | None]]) -> None:
    cells = pl.DataFrame(pairs, schema={"a": pl.String, "b": pl.String}, orient="row").with_row_index("row")
    seen: set[tuple[str | None, str | None]] = set()
    expected = [not (pair in seen or seen.add(pair)) for pair in pairs]  # type: ignore[func-returns-value]
    assert first_of_each(cells).to_list() == expected


def test_rows_of_earlier_deliveries_are_not_stored_again() -> None:
    rows = pl.DataFrame({"subject": [1, 1, 2], "ended_on": [None, date(2020, 1, 1), None], "batch": [9, 9, 9]})
    before = rows.head(2).lazy()
    fresh, repeated = without_stored(rows, before, ["subject", "ended_on"])
    assert (fresh["subject"].to_list(), repeated) == ([2], 2)
    assert without_stored(rows, None, ["subject"])[1] == 0
