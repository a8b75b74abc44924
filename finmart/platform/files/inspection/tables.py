"""A table that somebody filled in: a workbook's first sheet or a CSV file, as plain texts with named columns."""

import csv
import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from finmart.platform.files.inspection.sheets import as_written, first_sheet
from finmart.platform.files.types.errors import FileLocked, SheetTooLarge, TableRefused
from finmart.platform.kernel.messages import N_

MOST_BYTES = 2 * 1024 * 1024
#: How packages (ECMA-376) and the office files of old begin.
_PACKAGE, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
#: What nobody types: it cannot be seen or turns the words around it, and a database cannot keep the first of them.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_IN_BRACKETS = re.compile(r"[(（]([A-Za-z0-9_]+)[)）]\s*$")


@dataclass(frozen=True)
class TableRow:
    """One row: its number in the file (the head is 1), its cells by column, and as they were sent."""

    number: int
    cells: dict[str, str]
    values: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A file as it was sent: its head, and the rows in which anything stands."""

    head: tuple[str, ...]
    rows: tuple[TableRow, ...]


def name_in(title: str) -> str:
    """A column's own name, also where its title stands before it: 中文名称 (name_zh)."""
    found = _IN_BRACKETS.search(title)
    return found[1] if found else title.strip()


def raw_rows(content: bytes, *, most_rows: int, most_columns: int) -> list[list[str]]:
    """The rows of a CSV file (UTF-8 or GB 18030) or of a workbook's first sheet.

    Raises ``TableRefused``, ``FileLocked``, ``SheetTooLarge`` or an error of ``first_sheet``, each with one sentence.
    """
    if len(content) > MOST_BYTES:
        raise TableRefused(N_("文件超过 2 MB，请分成几个文件上传。"))
    if content.startswith(_OLD_OFFICE):
        raise FileLocked
    if content.startswith(_PACKAGE):
        rows = first_sheet(content, most_rows=most_rows, most_columns=most_columns)
    else:
        rows = _csv_rows(content)
    if rows and len(rows[0]) > most_columns:
        raise SheetTooLarge(most_rows, most_columns)
    _check_seen(rows)
    return rows


def _check_seen(rows: list[list[str]]) -> None:
    for number, row in enumerate(rows, start=1):
        if any(map(UNSEEN.search, row)):
            raise TableRefused(N_("第 {row} 行有看不见的控制字符，请重新输入这一行的文字后再上传。"), row=number)


def read_table(content: bytes, *, names: Sequence[str], required: Collection[str], most_rows: int) -> Table:
    """A table of at most ``most_rows`` rows under a head of some of ``names``. Raises what ``raw_rows`` raises."""
    raw = raw_rows(content, most_rows=most_rows + 1, most_columns=len(names))
    head = raw[0] if raw else []
    columns = [name_in(title) for title in head]
    _check_head(columns, names, required)
    filled = [(number, values) for number, values in enumerate(raw[1:], start=2) if any(map(str.strip, values))]
    if not filled:
        raise TableRefused(N_("文件里没有内容，请在表头下面逐行填写。"))
    if len(filled) > most_rows:
        raise TableRefused(N_("一个文件最多 {most} 行，请分成几个文件上传。"), most=most_rows)
    return Table(tuple(head), tuple(_row(number, values, columns) for number, values in filled))


def _csv_rows(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise TableRefused(N_("无法读出文件里的文字，请另存为 XLSX 或 UTF-8 编码的 CSV 后再上传。"))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        raise TableRefused(N_("这不是一个完整的 CSV 文件，请从表格软件另存为 CSV 后再上传。")) from None
    return [[as_written(cell) for cell in row] for row in rows]


def _check_head(columns: Sequence[str], names: Sequence[str], required: Collection[str]) -> None:
    unknown = [name for name in columns if name not in names]
    if unknown:
        shown = "、".join(name[:40] or "?" for name in unknown[:10])
        raise TableRefused(N_("不认识这些列：{names}。请使用模板里的列名。"), names=shown)
    missing = [name for name in required if name not in columns]
    if missing:
        raise TableRefused(N_("缺少这些列：{names}。请使用模板里的列名。"), names="、".join(missing))
    if len(set(columns)) != len(columns):
        raise TableRefused(N_("表头里有重复的列名，请每列只保留一个。"))


def _row(number: int, values: list[str], columns: list[str]) -> TableRow:
    if len(values) != len(columns):
        raise TableRefused(
            N_("第 {row} 行有 {found} 列，表头有 {wanted} 列，请补齐或去掉多余的逗号。"),
            row=number,
            found=len(values),
            wanted=len(columns),
        )
    cells = {name: value.strip() for name, value in zip(columns, values, strict=True)}
    return TableRow(number, cells, tuple(values))
