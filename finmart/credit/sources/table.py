"""A delivered file as a table of trimmed cells, held against its contract before anything is typed."""

import csv
import io

import polars as pl

from finmart.credit.datasets.contract import FileContract, Kind
from finmart.credit.datasets.registry import file_of_header
from finmart.credit.sources.text import bad_byte
from finmart.credit.types.errors import (
    CodeMangled,
    ColumnMissing,
    ColumnTwice,
    FileEmpty,
    FileFault,
    RowBroken,
    WrongDataset,
)

#: What a spreadsheet makes of a long code: 9.13601E+17.
MANGLED = r"^\d(\.\d+)?[Ee]\+\d{2,}$"
#: The file's line of the first data row.
FIRST_ROW = 2


def read_table(contract: FileContract, file: str, data: bytes) -> pl.DataFrame:
    """The contract's columns by our names, trimmed text with blanks as null, and ``row``, the line in the file.

    ``data`` is UTF-8. Columns the contract does not know are not read. Raises a ``FileFault`` naming file, row, column.
    """
    check_header(contract, file, data)
    wanted = {column.header: column.name for column in contract.columns}
    try:
        cells = pl.read_csv(data, infer_schema=False, row_index_name="row", row_index_offset=FIRST_ROW)
    except pl.exceptions.NoDataError:
        raise FileEmpty(file) from None
    except pl.exceptions.ComputeError:
        raise _why_unreadable(file, data) from None
    # A header may be padded with blanks, so the names are compared trimmed.
    names = {name: wanted[name.strip()] for name in cells.columns if name.strip() in wanted}
    if not cells.height:
        raise FileEmpty(file)
    trimmed = [pl.col(name).str.strip_chars().alias(ours) for name, ours in names.items()]
    table = _blank_as_null(cells.select("row", *trimmed))
    absent = [column.name for column in contract.columns if column.name not in table.columns]
    table = table.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in absent)
    refuse_mangled_codes(contract, file, table)
    return table


def _blank_as_null(table: pl.DataFrame) -> pl.DataFrame:
    text = [name for name in table.columns if name != "row" and (table[name] == "").any()]
    return table.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)) for name in text) if text else table


def _header(data: bytes) -> list[str]:
    head, _, _ = data.partition(b"\n")
    return [cell.strip() for cell in next(csv.reader([head.decode("utf-8").rstrip("\r")]), [])]


def check_header(contract: FileContract, file: str, data: bytes) -> None:
    """Let a file pass whose first line has the contract's columns.

    Raises ``FileEmpty``, ``WrongDataset``, ``ColumnMissing`` or ``ColumnTwice``.
    """
    header = _header(data)
    if not any(header):
        raise FileEmpty(file)
    missing = [column.header for column in contract.columns if column.header in contract.must_have - set(header)]
    if missing:
        other = file_of_header(header)
        if other is not None and other.stem != contract.stem:
            raise WrongDataset(file, contract.label_zh, other.label_zh)
        raise ColumnMissing(file, missing[0])
    for column in contract.columns:
        if header.count(column.header) > 1:
            raise ColumnTwice(file, column.header)


def _why_unreadable(file: str, data: bytes) -> FileFault:
    """Which line stopped the reader: the slow way, walked only when the fast one has failed."""
    undecodable = bad_byte(file, data)
    if undecodable is not None:
        return undecodable
    width = len(_header(data))
    reader = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
    try:
        for cells in reader:
            if cells and len(cells) != width:
                return RowBroken(file, reader.line_num)
    except csv.Error:
        return RowBroken(file, reader.line_num)
    return RowBroken(file, reader.line_num)


def refuse_mangled_codes(contract: FileContract, file: str, table: pl.DataFrame) -> None:
    """Raise ``CodeMangled`` at the first code that a spreadsheet has turned into a number."""
    for column in contract.columns:
        if column.kind is not Kind.CODE:
            continue
        cells = table[column.name]
        # The plain search is ten times faster than the pattern, and almost never finds anything.
        if not (cells.str.contains("E+", literal=True).any() or cells.str.contains("e+", literal=True).any()):
            continue
        mangled = table.filter(pl.col(column.name).str.contains(MANGLED))
        if mangled.height:
            raise CodeMangled(file, mangled["row"][0], column.header, mangled[column.name][0])
