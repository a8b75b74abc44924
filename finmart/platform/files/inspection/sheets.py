"""Tables out of spreadsheets: the first sheet's rows as plain texts, and tables back into files that spreadsheets open.

Whatever is written, no cell is ever taken for a formula: not by a spreadsheet that opens the CSV file either.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import IO
from xml.parsers import expat

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from finmart.platform.files.inspection.office import office_kind
from finmart.platform.files.types.errors import FileBroken, FileKindRefused, SheetTooLarge
from finmart.platform.files.types.kinds import FileKind

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Row = Sequence[str | int | float]
#: How a cell begins that some spreadsheet takes for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_PLACE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_SHEETS = "xl/worksheets/"
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Choices:
    """The texts that a column's cells may hold, offered as a drop-down list."""

    column: int
    texts: tuple[str, ...]


@dataclass(frozen=True)
class SheetOut:
    """One sheet to be written: its head, its rows, its drop-down lists for rows below the head."""

    name: str
    head: Sequence[str]
    rows: Sequence[Row]
    choices: Sequence[Choices] = ()
    #: How many rows the drop-down lists cover.
    room: int = 300


def harmless(text: str) -> str:
    """``text`` as a CSV cell that no spreadsheet runs: an apostrophe stands before what would begin a formula."""
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def as_written(text: str) -> str:
    """What ``harmless`` was given; a text of one's own that begins with an apostrophe stays."""
    return text[1:] if text.startswith("'") and harmless(text[1:]) == text else text


def as_csv(head: Sequence[str], rows: Iterable[Row]) -> bytes:
    """CSV in UTF-8 with the byte order mark that spreadsheets need for Chinese."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(sheets: Iterable[SheetOut]) -> bytes:
    """A workbook with bold, frozen heads."""
    out, plain = io.BytesIO(), {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, plain) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E3EFEE", "text_wrap": True, "valign": "top"})
        for sheet in sheets:
            _write(book, sheet, bold)
    return out.getvalue()


def _write(book: xlsxwriter.Workbook, sheet: SheetOut, bold: object) -> None:
    page = book.add_worksheet(sheet.name)
    page.write_row(0, 0, sheet.head, bold)
    page.freeze_panes(1, 0)
    page.set_column(0, len(sheet.head) - 1, 18)
    for number, row in enumerate(sheet.rows, start=1):
        page.write_row(number, 0, row)
    if not sheet.choices:
        return
    # A list inside the rule itself may have 255 characters at most; on a sheet of its own it may be as long as it is.
    lists = book.add_worksheet("lists")
    lists.hide()
    for place, choice in enumerate(sheet.choices):
        lists.write_column(0, place, choice.texts)
        letter = xlsxwriter.utility.xl_col_to_name(place)
        page.data_validation(
            1,
            choice.column,
            sheet.room,
            choice.column,
            {
                "validate": "list",
                "source": f"=lists!${letter}$1:${letter}${len(choice.texts)}",
                # Several values stand in one cell, with semicolons between them: the list helps and does not forbid.
                "error_type": "information",
            },
        )


def first_sheet(content: bytes, *, most_rows: int, most_columns: int) -> list[list[str]]:
    """The first sheet's rows as texts, blank rows at the end left out; formulas count as the values they last had.

    Raises the errors of ``office_kind``; ``FileKindRefused`` for what is no workbook; ``SheetTooLarge`` when a cell
    stands further out than the bounds: a single one far away would make a table of billions.
    """
    if office_kind(content) is not FileKind.XLSX:
        raise FileKindRefused(frozenset({FileKind.XLSX}))
    _check_extent(content, most_rows, most_columns)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        found = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError):
        raise FileBroken from None
    rows = [[text_of(cell) for cell in row] for row in found]
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def text_of(cell: Cell) -> str:
    """A cell as somebody would have typed it: 300 for 300.0, 2026-11-21 for a day."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, float):
        # Seventeen digits would show how a computer stores 4.35.
        return f"{cell:.12g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell).strip()


def _check_extent(content: bytes, most_rows: int, most_columns: int) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if name.lower().startswith(_SHEETS) and name.lower().endswith(".xml"):
                with package.open(name) as part:
                    _check_places(part, most_rows, most_columns)


def _check_places(part: IO[bytes], most_rows: int, most_columns: int) -> None:
    """Go through a sheet's cells as they stand in the file. Raises ``SheetTooLarge`` or ``FileBroken``."""
    parser = expat.ParserCreate()
    row = column = 0

    def refuse(*_declaration: object) -> None:
        raise FileBroken

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        local, place = name.rpartition(":")[2], attributes.get("r", "")
        if local == "row":
            row, column = int(place) if place.isdecimal() else row + 1, 0
        elif local == "c":
            # A cell that does not say where it stands follows the one before it.
            found = _PLACE.fullmatch(place)
            row, column = (int(found[2]), _number(found[1])) if found else (row, column + 1)
        if row > most_rows or column > most_columns:
            raise SheetTooLarge(most_rows, most_columns)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    try:
        while piece := part.read(CHUNK):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise FileBroken from None


def _number(letters: str) -> int:
    """A column's number from its letters, from 1: AB is 28."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
