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

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from finmart.platform.files.inspection.extent import check_extent
from finmart.platform.files.inspection.office import office_kind
from finmart.platform.files.types.errors import CellsMerged, FileBroken, FileKindRefused
from finmart.platform.files.types.kinds import FileKind

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Row = Sequence[str | int | float]
#: How a cell begins that some spreadsheet takes for a formula (OWASP, "CSV Injection"), blanks before it or not;
#: in Asia the wide signs as well.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_BREAKS = ("\t", "\r", "\n")
#: As many characters as a cell of a workbook holds; the end of a longer text would be lost without a word.
MOST_IN_CELL = 32_767
CUT = "…"
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


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
    begins = text.startswith(_BREAKS) or text.lstrip().startswith(_FORMULA)
    return f"'{text}" if begins and not _NUMBER.fullmatch(text) else text


def as_written(text: str) -> str:
    """What ``harmless`` was given. Only somebody's own ``'=1`` comes back without its apostrophe: it looks the same."""
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
        page.write_row(number, 0, [_within(cell) for cell in row])
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


def _within(cell: str | int | float) -> str | int | float:
    """A cell as long as a workbook takes it, with a mark where it was cut."""
    return cell[: MOST_IN_CELL - 1] + CUT if isinstance(cell, str) and len(cell) > MOST_IN_CELL else cell


def first_sheet(content: bytes, *, most_rows: int, most_columns: int) -> list[list[str]]:
    """The first sheet's rows as texts, blank rows at the end left out; formulas count as the values they last had.

    Raises the errors of ``office_kind`` and of ``check_extent``; ``FileKindRefused`` for what is no workbook; and
    ``CellsMerged``.
    """
    if office_kind(content) is not FileKind.XLSX:
        raise FileKindRefused(frozenset({FileKind.XLSX}))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        check_extent(package, most_rows, most_columns)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        found = sheet.to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError):
        raise FileBroken from None
    if sheet.merged_cell_ranges:
        raise CellsMerged(min(begins[0] for begins, _ends in sheet.merged_cell_ranges) + 1)
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
