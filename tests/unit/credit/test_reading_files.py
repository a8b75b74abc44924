"""Delivered bytes as a table: encodings, damage and wrong files, each named with file, row and column."""

import gzip
from pathlib import Path

import pytest

from finmart.credit.datasets.invoices import INVOICES
from finmart.credit.datasets.registry import DATASETS, file_of_header
from finmart.credit.sources.delivery import find_files
from finmart.credit.sources.table import read_table
from finmart.credit.sources.text import opened
from finmart.credit.types.errors import (
    CodeMangled,
    ColumnMissing,
    ColumnTwice,
    FileEmpty,
    FileMissing,
    FileTruncated,
    FileUndecodable,
    RowBroken,
    WrongDataset,
)
from tests.factories.credit import Line, headers, write_invoices

SALES = INVOICES.file("output_invoices")
HEADER = ",".join(headers("invoices", "output_invoices"))
ROW = ",".join(Line().cells)


def table_of(text: str | bytes, contract: object = SALES) -> list[dict[str, object]]:
    """The rows of a file, through everything that opens and checks it."""
    data = text if isinstance(text, bytes) else text.encode()
    return read_table(contract, "sales.csv", opened("sales.csv", data)).to_dicts()  # type: ignore[arg-type]


def test_cells_are_trimmed_and_rows_keep_their_line_number() -> None:
    rows = table_of(f"{HEADER}\n{ROW}\n{ROW.replace('有效发票', ' 作废发票 ')}\n")
    assert [(row["row"], row["status"]) for row in rows] == [(2, "有效发票"), (3, "作废发票")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_that_suppliers_use_are_read(encoding: str) -> None:
    plain = f"{HEADER}\n{ROW}\n".encode(encoding)
    assert table_of(plain)[0]["status"] == "有效发票"
    assert table_of(gzip.compress(plain))[0]["status"] == "有效发票"


def test_windows_line_ends_and_padded_headers_are_read() -> None:
    padded = HEADER.replace("金额,", " 金额 ,", 1)
    assert table_of(f"{padded}\r\n{ROW}\r\n")[0]["amount"] == "100.0"


def test_columns_nobody_asked_for_are_not_read() -> None:
    assert "备注" not in table_of(f"{HEADER},备注\n{ROW},给领导看\n")[0]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ColumnMissing, match=r"sales\.csv 第 1 行.*“税额”"):
        table_of(f"{HEADER.replace(',税额', '')}\n")


def test_a_column_that_stands_twice_is_named() -> None:
    with pytest.raises(ColumnTwice, match="金额"):
        table_of(f"{HEADER},金额\n{ROW},1\n")


def test_a_file_of_another_data_set_is_recognised() -> None:
    purchases = ",".join(headers("invoices", "input_invoices"))
    with pytest.raises(WrongDataset, match=r"sales\.csv.*进项发票.*销项发票"):
        table_of(f"{purchases}\n{ROW}\n")
    tax = ",".join(headers("tax", "tax"))
    with pytest.raises(WrongDataset, match="纳税信息"):
        table_of(f"{tax}\n")


def test_every_contract_recognises_its_own_header() -> None:
    for dataset in DATASETS.values():
        for file in dataset.files:
            assert file_of_header(column.header for column in file.columns) == file


@pytest.mark.parametrize("text", ["", "\n", f"{HEADER}\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    with pytest.raises(FileEmpty):
        table_of(text)


def test_a_truncated_gzip_names_the_last_whole_row() -> None:
    rows = "".join(f"{ROW.replace('1001', str(number))}\n" for number in range(2000))
    whole = gzip.compress(f"{HEADER}\n{rows}".encode())
    with pytest.raises(FileTruncated, match=r"sales\.csv.*第 \d+ 行"):
        table_of(whole[: len(whole) // 2])


def test_a_damaged_gzip_is_refused() -> None:
    whole = bytearray(gzip.compress(f"{HEADER}\n{ROW}\n".encode()))
    whole[-6] ^= 0xFF
    with pytest.raises(FileTruncated):
        table_of(bytes(whole))


def test_bytes_that_are_no_text_are_refused_with_their_row() -> None:
    with pytest.raises(FileUndecodable, match="第 3 行"):
        table_of(f"{HEADER}\n{ROW}\n".encode() + b"E1,\xff\xfe\xfa\n")
    with pytest.raises(FileUndecodable, match="第 1 行"):
        table_of(f"{HEADER}\n{ROW}\n".encode("utf-16"))


@pytest.mark.parametrize("broken", [f"{ROW},extra,cells", 'E1,"open'])
def test_a_broken_row_is_named(broken: str) -> None:
    with pytest.raises(RowBroken, match="第 3 行"):
        table_of(f"{HEADER}\n{ROW}\n{broken}\n")


@pytest.mark.parametrize(("column", "old"), [("企业代号", "E1,"), ("发票号码", "1001"), ("购方单位代号", "B1")])
def test_a_code_that_a_spreadsheet_mangled_stops_the_file(column: str, old: str) -> None:
    mangled = ROW.replace(old, "9.13601E+17," if old.endswith(",") else "9.13601E+17", 1)
    with pytest.raises(CodeMangled, match=rf"sales\.csv 第 3 行“{column}”列的“9\.13601E\+17”"):
        table_of(f"{HEADER}\n{ROW}\n{mangled}\n")


def test_a_folder_is_searched_for_both_spellings(tmp_path: Path) -> None:
    folder = write_invoices(tmp_path)
    plain = folder / "output_invoices.csv"
    (folder / "output_invoices.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    assert find_files(INVOICES, folder)["output_invoices"].name == "output_invoices.csv.gz"
    (folder / "enterprises.csv").unlink()
    with pytest.raises(FileMissing, match="enterprises"):
        find_files(INVOICES, folder)
