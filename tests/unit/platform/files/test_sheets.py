"""Spreadsheets in and out: what is written reads back, no cell is a formula, and no sheet makes a table of billions."""

import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from finmart.platform.files.inspection.sheets import (
    Choices,
    SheetOut,
    as_csv,
    as_written,
    as_xlsx,
    first_sheet,
    harmless,
    text_of,
)
from finmart.platform.files.types.errors import FileBroken, FileKindRefused, LinksFound, MacrosFound, SheetTooLarge
from tests.factories.files import WORDS
from tests.factories.files import package as packed

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), max_size=30)
ROOM = {"most_rows": 50, "most_columns": 20}


def _book(cells: dict[str, object]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for place, value in cells.items():
            page.write(place, value)
    return out.getvalue()


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=10))
def test_texts_read_back_from_a_workbook_as_they_were(rows: list[tuple[str, str]]) -> None:
    content = as_xlsx([SheetOut("产品", ["甲", "乙"], rows)])
    found = first_sheet(content, **ROOM)
    wanted = [["甲", "乙"], *([cell.strip() for cell in row] for row in rows)]
    while not any(wanted[-1]):
        wanted.pop()
    assert found == wanted


@given(st.text(max_size=30))
def test_a_cell_that_was_made_harmless_reads_back(text: str) -> None:
    assert as_written(harmless(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(1)"),
        *("\n=1", "  =1+1", "\u3000@SUM(A1)", "\uff1d1+1", "\uff0b1", "\uff0d2+3", "\uff20SUM(A1)"),
    ],
)
def test_no_text_begins_a_formula(text: str) -> None:
    line = as_csv(["x"], [[text]]).decode("utf-8-sig").split("\r\n", 1)[1]
    assert line.lstrip('"').startswith("'")
    with zipfile.ZipFile(io.BytesIO(as_xlsx([SheetOut("x", ["x"], [[text]])]))) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")


def test_a_text_longer_than_a_cell_says_that_it_was_cut() -> None:
    content = as_xlsx([SheetOut("x", ["x"], [["长" * 40_000], ["短"]])])
    assert first_sheet(content, **ROOM) == [["x"], ["长" * 32_766 + "…"], ["短"]]


@pytest.mark.parametrize("text", ["-5", "+3.25", "-0.1"])
def test_a_number_stays_a_number(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("value", "text"), [(300.0, "300"), (4.35, "4.35"), (0.1 + 0.2, "0.3"), (True, "TRUE"), (None, ""), (" 甲 ", "甲")]
)
def test_a_cell_reads_as_it_was_typed(value: str | float | None, text: str) -> None:
    assert text_of(value) == text


def test_a_formula_counts_as_its_last_value() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_formula("A1", "=1+1", None, 2)
    assert first_sheet(out.getvalue(), **ROOM) == [["2"]]


@pytest.mark.parametrize("place", ["A52", "U1", "XFD1048576", "A1048576"])
def test_a_cell_far_away_is_refused_before_a_table_is_made(place: str) -> None:
    with pytest.raises(SheetTooLarge):
        first_sheet(_book({"A1": "x", place: "x"}), **ROOM)


def test_cells_that_do_not_say_where_they_stand_are_counted() -> None:
    def content(cells: int, rows: int) -> bytes:
        line = "<row>" + "<c><v>1</v></c>" * cells + "</row>"
        sheet = f"<worksheet><sheetData>{line * rows}</sheetData></worksheet>".encode()
        return _with_sheet(sheet)

    for cells, rows in ((21, 1), (1, 51)):
        with pytest.raises(SheetTooLarge):
            first_sheet(content(cells, rows), **ROOM)


def _with_sheet(sheet: bytes) -> bytes:
    """A workbook whose first sheet is replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_book({"A1": 1}))) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            new.writestr(part, sheet if part == "xl/worksheets/sheet1.xml" else old.read(part))
    return out.getvalue()


@pytest.mark.parametrize("sheet", [b"<worksheet><sheetData>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet/>", b""])
def test_a_broken_sheet_is_refused(sheet: bytes) -> None:
    with pytest.raises(FileBroken):
        first_sheet(_with_sheet(sheet), **ROOM)


def test_another_document_is_refused() -> None:
    with pytest.raises(FileKindRefused):
        first_sheet(packed({"word/document.xml": "<document/>"}, WORDS), **ROOM)


def test_code_and_links_are_refused() -> None:
    for name, error in (("xl/vbaProject.bin", MacrosFound), ("xl/externalLinks/externalLink1.xml", LinksFound)):
        out = io.BytesIO(_book({"A1": 1}))
        with zipfile.ZipFile(out, "a") as package:
            package.writestr(name, b"x")
        with pytest.raises(error):
            first_sheet(out.getvalue(), **ROOM)


def test_lists_are_offered_for_the_rows_below_the_head() -> None:
    content = as_xlsx([SheetOut("产品", ["甲", "乙"], [], [Choices(1, ("是", "否"))], room=7)])
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert 'sqref="B2:B8"' in sheet
    assert "lists!$A$1:$A$2" in sheet
