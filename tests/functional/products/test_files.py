"""Many products in one file: out and in again unchanged, checked without writing, faults given back with their rows."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
import xlsxwriter
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from finmart.config import Settings
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.files.inspection import tables
from finmart.platform.files.inspection.sheets import SheetOut, as_csv, as_xlsx
from finmart.products import service
from finmart.products.editing import table
from finmart.products.editing.sheet import sheet_of
from finmart.products.editing.table import NAMES, read_drafts, rows_of
from finmart.products.models import ProductVersion
from tests.factories.files import xlsx
from tests.fixtures.databases import rolled_back
from tests.fixtures.people import enter, new_person
from tests.fixtures.stock import Stock

IMPORT, EXPORT = "/institution/products/import", "/institution/products/export"


@pytest.fixture
def database(stock: Stock, settings: Settings) -> Iterator[Database]:
    """The published catalogue and its index."""
    stock.copy_index(settings.data)
    with rolled_back(stock.engine) as current:
        yield current


@pytest.fixture
def clerk(app: Flask) -> FlaskClient:
    """A clerk of Jiujiang Bank, signed in."""
    with unit_of_work(readonly=True):
        organisation_id = service.institution("jjb").organisation_id
    client = app.test_client()
    enter(client, new_person("institution_clerk", organisation_id=organisation_id).token)
    return client


def _send(client: FlaskClient, content: bytes, step: str = "import", name: str = "products.xlsx") -> Any:
    return client.post(IMPORT, data={"file": (io.BytesIO(content), name), "step": step})


def _versions() -> int:
    with unit_of_work(readonly=True):
        return session().scalar(select(func.count()).select_from(ProductVersion)) or 0


def _book(*rows: dict[str, str], names: tuple[str, ...] = NAMES) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, names)
        for number, row in enumerate(rows, start=1):
            page.write_row(number, 0, [row.get(name, "") for name in names])
    return out.getvalue()


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_product_goes_out_and_comes_in_as_it_was(kind: str) -> None:
    """Of the whole catalogue, not of one institution alone."""
    with unit_of_work(readonly=True):
        single = [one for one in service.published_catalogue().products if len(one.variants) == 1]
    assert len(single) > 150
    for start in range(0, len(single), 100):
        part = single[start : start + 100]
        rows = [row for one in part for row in rows_of(one.code, one)]
        content = as_csv(NAMES, rows) if kind == "csv" else as_xlsx([SheetOut("产品", NAMES, rows)])
        for product, read in zip(part, read_drafts(content).rows, strict=True):
            stands = sheet_of(product)
            assert (read.code, read.sheet.cells, read.sheet.ways) == (product.code, stands.cells, stands.ways)
            assert tuple(word for word in read.sheet.words) == tuple(word.strip() for word in stands.words)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_own_products_come_as_a_file(clerk: FlaskClient, kind: str) -> None:
    answer = clerk.get(f"{EXPORT}.{kind}")
    assert answer.status_code == 200
    with unit_of_work(readonly=True):
        own = {one.code for one in service.products_of("jjb") if len(one.variants) == 1}
    assert {row.code for row in read_drafts(answer.data).rows} == own


def test_the_template_offers_lists_and_reads_back(clerk: FlaskClient) -> None:
    content = clerk.get(f"{IMPORT}/template.xlsx").data
    head = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[0]
    assert [str(title).rpartition("(")[2].rstrip(")") for title in head] == list(NAMES)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.read("xl/worksheets/sheet1.xml").count(b"<dataValidation ") == len(table.WORDS_OF)


def test_words_of_the_lists_are_read_as_their_codes() -> None:
    row = {
        "name_zh": "新产品",
        "product_type": "税务贷款 (tax_loan)",
        "guarantee_modes": "信用；抵押 (mortgage);pledge",
    }
    read = read_drafts(_book(row)).rows[0].sheet
    assert read.cells["product_type"] == "tax_loan"
    assert read.ways[0]["guarantee_modes"] == "credit;mortgage;pledge"


def test_checking_says_what_would_come_and_writes_nothing(clerk: FlaskClient) -> None:
    before = _versions()
    text = _send(clerk, _book({"name_zh": "新产品甲", "product_type": "credit_loan"}), "check").get_data(as_text=True)
    assert "检查通过，还没有导入" in text
    assert "新产品甲" in text
    assert _versions() == before


def test_rows_become_drafts(clerk: FlaskClient) -> None:
    before = _versions()
    types = ("credit_loan", "信用贷款 (credit_loan)", "Credit loan (credit_loan)")
    answer = _send(clerk, _book(*({"name_zh": f"新产品{name}", "product_type": name} for name in types)))
    assert answer.status_code == 302
    assert _versions() == before + 3


def test_faults_come_back_behind_their_rows(clerk: FlaskClient) -> None:
    before = _versions()
    good = {"name_zh": "新产品甲", "product_type": "credit_loan"}
    bad = {
        "name_zh": "",
        "product_type": "no_such_type",
        "amount_max_wan": "很多",
        "rate_min_pct": "5",
        "rate_max_pct": "3",
    }
    content = _book(good, bad)
    page = _send(clerk, content)
    assert page.status_code in (400, 422)
    assert "所有产品都没有导入" in page.get_data(as_text=True)
    file = _send(clerk, content, "faults")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.data)).get_sheet_by_index(0).to_python()
    assert rows[0][:-1] == list(NAMES)
    assert rows[1][-1] == ""
    for word in ("中文名称", "产品类型", "最高额度"):
        assert word in str(rows[2][-1])
    assert _versions() == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "旧版 Office 格式"),
        (b"PK\x03\x04" + b"\0" * 100, "损坏"),
        (xlsx(**{"xl/vbaProject.bin": b"x"}), "宏"),
        (_book({"name_zh": "x"}, names=("name_zh", "利率是多少")), "不认识这些列"),
        (_book(), "没有产品"),
        (_book(*({"name_zh": "x", "product_type": "credit_loan"} for _ in range(301))), "最多读 301 行"),
        (b"x" * 100_001, "超过 2 MB"),
    ],
)
def test_a_file_that_cannot_be_used_gets_one_sentence(
    clerk: FlaskClient, content: bytes, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_BYTES", 100_000)
    before = _versions()
    for step in ("check", "faults", "import"):
        answer = _send(clerk, content, step)
        assert 400 <= answer.status_code < 500
        assert sentence in answer.get_data(as_text=True)
    assert _versions() == before


def test_a_name_that_begins_a_formula_goes_out_harmless(clerk: FlaskClient) -> None:
    bad = {"name_zh": "=1+1", "product_type": "no_such_type"}
    content = _send(clerk, _book(bad), "faults").data
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")
