"""Workbooks that would take all memory, or hide what they hold, are refused before a table is made of them."""

import io
import random
import zipfile
from collections.abc import Callable, Mapping

import pytest
import xlsxwriter

from finmart.platform.files.inspection.extent import MOST_CHARACTERS
from finmart.platform.files.inspection.sheets import first_sheet
from finmart.platform.files.inspection.tables import raw_rows, read_table
from finmart.platform.files.types.errors import (
    BombFound,
    CellRefused,
    CellsMerged,
    FileBroken,
    SheetTooLarge,
    TableRefused,
)

ROOM = {"most_rows": 50, "most_columns": 20}
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
RELATIONS, TYPES = "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
Change = Callable[[bytes], bytes]


def _book() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["name", "kind"])
        page.write_row(1, 0, ["甲", "乙"])
    return out.getvalue()


def _changed(changes: Mapping[str, Change], *, moved: Mapping[str, str] | None = None) -> bytes:
    """The small workbook with some parts changed, and some under another name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_book())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr((moved or {}).get(name, name), changes[name](part) if name in changes else part)
    return out.getvalue()


def _more(rows: bytes) -> Change:
    return lambda sheet: sheet.replace(b"</sheetData>", rows + b"</sheetData>")


def _cell(place: str, text: str = "<v>1</v>", kind: str = "n") -> bytes:
    return f'<row r="3"><c r="{place}" t="{kind}">{text}</c></row>'.encode()


@pytest.mark.parametrize("name", ["xl/data/sheet1.xml", "xl/worksheets/sheet1.part", "xl/worksheets/deep/sheet1.xml"])
def test_a_sheet_that_lies_elsewhere_is_refused(name: str) -> None:
    """It would be read from there all the same, and nobody would have looked how far it reaches."""

    def moving(part: bytes) -> bytes:
        return part.replace(b"worksheets/sheet1.xml", name.removeprefix("xl/").encode())

    with pytest.raises(FileBroken):
        first_sheet(_changed({SHEET: _more(FAR), RELATIONS: moving, TYPES: moving}, moved={SHEET: name}), **ROOM)


@pytest.mark.parametrize("place", ["A01048576", "XFD00001048576", "a4", "A4 ", "AAAA1", "4A", "A0"])
def test_a_place_written_as_no_program_writes_it_is_refused(place: str) -> None:
    with pytest.raises(FileBroken):
        first_sheet(_changed({SHEET: _more(_cell(place))}), **ROOM)


@pytest.mark.parametrize("row", ["01048576", "-1", "0", "\u0663", " 3"])
def test_a_row_that_is_no_plain_number_is_refused(row: str) -> None:
    with pytest.raises(FileBroken):
        first_sheet(_changed({SHEET: _more(f'<row r="{row}"><c><v>1</v></c></row>'.encode())}), **ROOM)


def _long(characters: int) -> str:
    """A text that packs well, though not so well that it looks like a bomb by itself."""
    chance = random.Random(4)
    return "".join(f"{chance.getrandbits(400):x}" + "x" * 5000 for _ in range(characters // 5100 + 1))


def _sharing(cells: str, text: str) -> bytes:
    """A workbook whose third shared text is ``text``; the first two are those of the head."""
    return _changed(
        {SHEET: _more(f"<row>{cells}</row>".encode()), STRINGS: lambda p: p.replace("甲".encode(), text.encode())}
    )


def test_one_long_text_in_many_cells_is_refused() -> None:
    """Of 100 KB there would be a table of 60 MB, and with all cells that are allowed one of gigabytes."""
    with pytest.raises(BombFound):
        first_sheet(_sharing('<c t="s"><v>2</v></c>' * 20, _long(MOST_CHARACTERS // 10)), **ROOM)


def test_a_long_text_that_stands_once_is_read() -> None:
    text = _long(MOST_CHARACTERS // 10)
    assert first_sheet(_sharing("", text), **ROOM)[1][0] == text


@pytest.mark.parametrize(
    "value",
    [
        "<v>2<!-- -->3</v>",
        "<v>2<?a b?>3</v>",
        "<v>2<x/>3</v>",
        "<v><![CDATA[2]]></v>",
        "<v>99</v>",
        "<v>+2</v>",
        "<v>x</v>",
    ],
)
def test_a_number_of_a_text_is_plain_digits(value: str) -> None:
    """Read in two ways, it could name a short text here and a long one when the table is made."""
    with pytest.raises(FileBroken):
        first_sheet(_sharing(f'<c t="s">{value}</c>', "甲"), **ROOM)


def test_shared_texts_hold_no_sheet_and_stand_in_one_part() -> None:
    with pytest.raises(FileBroken):
        first_sheet(_changed({STRINGS: lambda part: part.replace(b"</sst>", b"<sheetData/></sst>")}), **ROOM)
    out = io.BytesIO(_book())
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("xl/SHAREDSTRINGS.xml", "<sst/>")
    with pytest.raises(FileBroken):
        first_sheet(out.getvalue(), **ROOM)


def test_a_cell_that_shows_an_error_is_not_taken_for_blank() -> None:
    with pytest.raises(CellRefused) as refused:
        first_sheet(_changed({SHEET: _more(_cell("B3", "<v>#REF!</v>", "e"))}), **ROOM)
    assert refused.value.message.params == {"place": "B3"}


def test_merged_cells_are_not_taken_for_blank() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["name", "kind"])
        page.merge_range("B2:B3", "乙")
        book.add_worksheet("其他").merge_range("A1:B1", "不读")
    with pytest.raises(CellsMerged) as refused:
        first_sheet(out.getvalue(), **ROOM)
    assert refused.value.message.params == {"row": 2}


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\u202e", "\u2066"])
def test_what_nobody_can_see_is_refused_with_its_row(sign: str) -> None:
    with pytest.raises(TableRefused) as refused:
        read_table(f"name,kind\r\n甲,乙\r\n丙{sign},丁\r\n".encode(), names=("name", "kind"), required=(), most_rows=9)
    assert refused.value.message.params == {"row": 3}


def test_what_a_workbook_writes_as_an_escape_is_seen() -> None:
    with pytest.raises(TableRefused):
        raw_rows(_changed({STRINGS: lambda part: part.replace("甲".encode(), b"_x0000_")}), **ROOM)


def test_a_csv_file_is_no_wider_than_a_workbook() -> None:
    with pytest.raises(SheetTooLarge):
        raw_rows(b"," * 20, **ROOM)
    assert raw_rows(b"," * 19, **ROOM) == [[""] * 20]
