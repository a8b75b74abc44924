"""Branches as a file: the template, checking, the error file, all rows or none."""

import io
import zipfile
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from finmart.platform.accounts.service import branches
from finmart.platform.accounts.service.branch_file import check_branches, import_branches
from finmart.platform.accounts.types.branch_file import COLUMNS, MOST_ROWS, BranchFileRefused
from finmart.platform.accounts.types.branches import BranchDetails
from finmart.platform.audit.models import AuditRow
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.files.inspection.sheets import SheetOut, as_csv, as_xlsx
from finmart.platform.files.types.errors import FileRefused
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from tests.factories import accounts as made
from tests.fixtures.people import enter, new_person

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

IMPORT = "/institution/branches/import"
HEAD = ("code", "name", "parent", "region", "phone", "active_from")
GOOD = [
    # Children may stand before their parents, and name them by code or by name.
    ["", "八一网点", "东湖支行", "东湖区 (360102)", "0791-2", ""],
    ["02", "东湖支行", "01", "360102", "", "2026-01-05"],
    ["01", "南昌分行", "", "南昌市", "", "2026/1/5"],
]


def _csv(rows: list[list[str]], head: tuple[str, ...] = HEAD) -> bytes:
    return as_csv(head, rows)


def _faults(actor: Actor, content: bytes) -> list[tuple[int, str]]:
    return [(fault.row, fault.column) for fault in check_branches(actor, content).faults]


def _send(client: FlaskClient, content: bytes, step: str) -> TestResponse:
    return client.post(IMPORT, data={"file": (io.BytesIO(content), "branches.csv"), "step": step})


def _visitor(app: Flask) -> FlaskClient:
    client = app.test_client()
    enter(client, new_person("institution_admin").token)
    return client


@pytest.mark.parametrize("content", [_csv(GOOD), as_xlsx([SheetOut("网点", HEAD, GOOD)])], ids=["csv", "xlsx"])
def test_every_row_becomes_a_branch_in_its_place(content: bytes) -> None:
    with unit_of_work():
        admin = made.member("institution_admin")
        checked = check_branches(admin, content)
        assert [(row.row, row.name, row.parent, row.level) for row in checked.planned] == [
            (2, "八一网点", "东湖支行", 4),
            (3, "东湖支行", "南昌分行", 3),
            (4, "南昌分行", "", 2),
        ]
        assert branches.list_branches(admin) == []
        assert import_branches(admin, content) == 3
        found = branches.list_branches(admin)
        assert [(each.details.name, each.level, each.details.region) for each in found] == [
            ("南昌分行", 2, "360100"),
            ("东湖支行", 3, "360102"),
            ("八一网点", 4, "360102"),
        ]
        assert found[2].details.active_from == today()
        opened = session().query(AuditRow).where(AuditRow.name == "branch.opened").count()
        assert opened == 3


def test_each_wrong_cell_is_named_and_nothing_is_written() -> None:
    rows = [
        ["01", "一", "", "360102", "", ""],
        ["01", "东湖支行", "没有的行", "360102", "", ""],
        ["", "西湖支行", "", "火星", "", "昨天"],
        ["a", "甲支行", "b", "360102", "", ""],
        ["b", "乙支行", "a", "360102", "", ""],
        ["", "西湖支行", "", "360103", "0" * 41, ""],
        ["", "老支行", "", "360103", "", ""],
    ]
    with unit_of_work():
        admin = made.member("institution_admin")
        branches.add_branch(admin, BranchDetails("老支行", "360103", today()))
        assert _faults(admin, _csv(rows)) == [
            (2, "code"),
            (2, "name"),
            (3, "code"),
            (3, "parent"),
            (4, "name"),
            (4, "region"),
            (4, "active_from"),
            (5, "parent"),
            (6, "parent"),
            (7, "name"),
            (7, "phone"),
            (8, "name"),
        ]
        with pytest.raises(BranchFileRefused):
            import_branches(admin, _csv([*GOOD, *rows]))
        assert [each.details.name for each in branches.list_branches(admin)] == ["老支行"]


def test_a_file_does_not_build_a_tree_that_is_too_deep() -> None:
    chain = [
        ["", f"第{number}级", f"第{number - 1}级" if number > 2 else "", "360102", "", ""] for number in range(2, 7)
    ]
    with unit_of_work():
        admin = made.member("institution_admin")
        assert _faults(admin, _csv(chain)) == [(6, "parent")]
        assert import_branches(admin, _csv(chain[:-1])) == 4
        assert _faults(admin, _csv([["", "更深", "第5级", "360102", "", ""]])) == [(2, "parent")]


def test_somebody_of_a_branch_adds_below_it_alone() -> None:
    with unit_of_work():
        admin = made.member("institution_admin")
        own = branches.add_branch(admin, BranchDetails("甲支行", "360102", today()))
        branches.add_branch(admin, BranchDetails("乙支行", "360103", today()))
        local = replace(admin, branch_id=branches.read_branch(admin, own).id)
        rows = [[name, parent, "360102"] for name, parent in (("丙", "甲支行"), ("丁", "乙支行"), ("戊", ""))]
        head = ("name", "parent", "region")
        rows = [[name * 2, parent, region] for name, parent, region in rows]
        assert _faults(local, _csv(rows, head)) == [(3, "parent"), (4, "parent")]
        assert import_branches(local, _csv(rows[:1], head)) == 1
        assert [each.details.name for each in branches.list_branches(local)] == ["甲支行", "丙丙"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"name\r\nx\r\n",
        b"name,region,colour\r\nx,y,z\r\n",
        b"name,name,region\r\nx,x,y\r\n",
        b"name,region\r\n",
        b"name,region\r\nonly one\r\n",
        b"\xff\xfe\xff",
        b"PK\x03\x04broken",
        b"\xd0\xcf\x11\xe0old",
        _csv([["", f"网点{number}", "", "360102", "", ""] for number in range(MOST_ROWS + 1)]),
        as_xlsx([SheetOut("网点", ("name", "region"), [["x" * 10, "360102"]] * (MOST_ROWS + 2))]),
    ],
    ids=["empty", "lacking", "unknown", "twice", "no rows", "short", "letters", "broken", "old", "long", "long book"],
)
def test_what_is_no_such_file_is_refused_with_one_sentence(content: bytes) -> None:
    with unit_of_work(), pytest.raises(FileRefused):
        check_branches(made.member("institution_admin"), content)


def test_pages_check_mark_the_faults_and_import(app: Flask) -> None:
    client = _visitor(app)
    assert "检查通过，还没有导入" in _send(client, _csv(GOOD), "check").get_data(as_text=True)
    wrong = _csv([["", "=1+1", "", "360102", "", ""], ["", "西湖支行", "", "火星", "", ""]])
    refused = _send(client, wrong, "import")
    assert refused.status_code == 400
    assert "请从下拉选项里选择地区" in refused.get_data(as_text=True)
    assert _send(client, wrong, "check").status_code == 200
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(_send(client, wrong, "faults").get_data())).get_sheet_by_index(0)
    rows = sheet.to_python()
    assert [rows[1][-1], rows[2][3]] == ["", "火星"]
    assert str(rows[2][-1]).startswith("服务地区：")
    assert _send(client, b"", "import").status_code in {400, 422}
    for content, said in (
        (b"name\r\n", "缺少这些列：region"),
        (_csv([*GOOD[:1]] * (MOST_ROWS + 1)), f"一个文件最多 {MOST_ROWS} 行"),
        (b"PK\x03\x04 broken", "文件不完整或已损坏"),
    ):
        whole = _send(client, content, "check")
        assert whole.status_code == 400
        assert said in whole.get_data(as_text=True)
    assert _send(client, _csv(GOOD), "import").status_code == 302
    assert "八一网点" in client.get("/institution/branches").get_data(as_text=True)
    again = _send(client, _csv(GOOD), "import")
    assert again.status_code == 400
    assert again.get_data(as_text=True).count("已有同名的网点") == 3


def test_the_template_offers_regions_and_the_branches_that_stand(app: Flask) -> None:
    client = _visitor(app)
    assert _send(client, _csv(GOOD), "import").status_code == 302
    answer = client.get(f"{IMPORT}/template.xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as package:
        assert package.read("xl/worksheets/sheet1.xml").count(b"<dataValidation ") == 2
        words = package.read("xl/sharedStrings.xml").decode()
    assert "东湖区 (360102)" in words
    assert "南昌分行" in words
    assert client.get(f"{IMPORT}/template.csv").get_data().decode("utf-8-sig").strip() == ",".join(COLUMNS)
