"""The operator's pages: deliveries that add up, and quarantine that is worked on."""

import csv
import io
import re

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from finmart.credit.types.errors import ColumnMissing
from finmart.credit.types.states import FAULT_WORDS
from finmart.platform.db.session import session, unit_of_work
from tests.fixtures.city import CityVisit

OPERATOR = "operator"
NOTE = "已请提供单位更正，将随下一批重新提供。"


def _page(response: TestResponse) -> str:
    assert response.status_code == 200
    return response.get_data(as_text=True)


def _rows(query: str) -> list[dict[str, object]]:
    with unit_of_work(readonly=True):
        return [dict(row) for row in session().execute(text(query)).mappings()]


@pytest.fixture
def desk(visit: CityVisit) -> CityVisit:
    visit.enter(OPERATOR)
    return visit


def test_each_delivery_of_the_city_is_listed_and_adds_up(desk: CityVisit) -> None:
    page = _page(desk.send("credit.batches"))
    batches = _rows("SELECT * FROM credit_batch WHERE state = 'published'")
    assert {batch["dataset"] for batch in batches} == {"invoices", "registration", "tax", "adverse"}
    for batch in batches:
        assert str(batch["public_id"]) in page
        detail = _page(desk.send("credit.batch", values={"public_id": batch["public_id"]}))
        assert "行数核对一致" in detail
        assert "行数核对不一致" not in detail
        parts = [int(str(batch[f"rows_{part}"])) for part in ("stored", "duplicate", "quarantined")]
        assert sum(parts) == batch["rows_read"]
        assert f"入库 {parts[0]:,} + 重复 {parts[1]:,} + 隔离 {parts[2]:,}" in detail


def test_a_delivery_shows_whole_checksums_and_what_was_measured(desk: CityVisit) -> None:
    files = _rows(
        "SELECT b.public_id, f.checksum FROM credit_landed_file f JOIN credit_batch b ON b.id = f.batch_id"
        " WHERE b.dataset = 'invoices'"
    )
    assert len(files) == 3
    page = _page(desk.send("credit.batch", values={"public_id": files[0]["public_id"]}))
    assert all(str(file["checksum"]) in page for file in files)
    assert "隔离的行不超过 1%" in page
    assert "通过" in page


def test_a_refused_delivery_says_in_a_sentence_why(desk: CityVisit) -> None:
    error = ColumnMissing("tax.csv", "主体代码")
    with unit_of_work():
        session().execute(
            text("UPDATE credit_batch SET state = 'failed', error = :error WHERE dataset = 'tax'"),
            {"error": '{"msgid": "' + error.message.msgid + '", "params": {"file": "tax.csv", "column": "主体代码"}}'},
        )
    batch = _rows("SELECT public_id FROM credit_batch WHERE dataset = 'tax'")[0]
    page = _page(desk.send("credit.batch", values=batch))
    assert str(error) in page
    assert "行数核对一致" not in page, "what was refused was not stored, so there is nothing to add up"


@pytest.mark.parametrize(
    ("query", "datasets"),
    [
        ({"dataset": "tax"}, {"tax"}),
        ({"state": "published", "dataset": "tax"}, {"tax"}),
        ({"state": "failed"}, set()),
        ({"state": "nonsense", "dataset": "nonsense"}, {"invoices", "registration", "tax", "adverse"}),
    ],
)
def test_deliveries_are_filtered(desk: CityVisit, query: dict[str, str], datasets: set[str]) -> None:
    page = _page(desk.send("credit.batches", query=query))
    shown = {str(row["dataset"]) for row in _rows("SELECT * FROM credit_batch") if str(row["public_id"]) in page}
    assert shown == datasets


def test_every_row_in_quarantine_has_its_reason(desk: CityVisit) -> None:
    page = _page(desk.send("credit.quarantine"))
    rows = _rows("SELECT * FROM credit_quarantined_row")
    assert len(rows) >= 4
    for row in rows:
        sentence = FAULT_WORDS[str(row["fault"])].format(file=row["file"], row=row["row"], column=row["column"])
        assert sentence in page


def test_codes_that_name_somebody_are_masked(desk: CityVisit) -> None:
    page = _page(desk.send("credit.quarantine", query={"show": "all"}))
    assert not re.search(r"\b[0-9A-Z]{18}\b", page)
    assert "***" in page


def test_the_file_to_take_away_holds_what_is_listed_and_no_cell(desk: CityVisit) -> None:
    batch = _rows("SELECT public_id, rows_quarantined FROM credit_batch WHERE dataset = 'invoices'")[0]
    answer = desk.send("credit.quarantine_csv", query={"batch": batch["public_id"]})
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert len(lines) == 1 + int(str(batch["rows_quarantined"]))
    assert "十月三十日" not in answer.get_data(as_text=True)
    assert all(line[0] == batch["public_id"] for line in lines[1:])


def test_a_handled_row_leaves_the_list_and_stands_in_the_audit_trail(desk: CityVisit) -> None:
    row = _rows("SELECT r.public_id, r.file, r.row FROM credit_quarantined_row r ORDER BY r.id LIMIT 1")[0]
    place = f"{row['file']} 第 {row['row']} 行"
    assert place in _page(desk.send("credit.quarantine"))
    values = {"public_id": row["public_id"]}
    assert desk.send("credit.handle", "POST", values=values, form={"note": NOTE}).status_code == 302
    assert place not in _page(desk.send("credit.quarantine"))
    everything = _page(desk.send("credit.quarantine", query={"show": "all"}))
    assert place in everything
    assert NOTE in everything
    assert NOTE in _page(desk.send("credit.quarantined", values=values))
    audited = _page(desk.send("desk.audit", query={"name": "quarantine.handled", "target": row["public_id"]}))
    assert str(row["public_id"]) in audited
    again = desk.send("credit.handle", "POST", values=values, form={"note": NOTE})
    assert again.status_code == 409


@pytest.mark.parametrize("note", ["", "好", "     ", "长" * 501])
def test_a_row_is_not_handled_without_saying_how(desk: CityVisit, note: str) -> None:
    row = _rows("SELECT public_id FROM credit_quarantined_row ORDER BY id LIMIT 1")[0]
    response = desk.send("credit.handle", "POST", values=row, form={"note": note})
    assert response.status_code == 422
    assert "请更正以下内容再提交" in response.get_data(as_text=True)
    assert _rows("SELECT public_id FROM credit_quarantined_row WHERE handled_at IS NOT NULL") == []


def test_what_does_not_exist_is_not_found(desk: CityVisit) -> None:
    for endpoint in ("credit.batch", "credit.quarantined"):
        assert desk.send(endpoint, values={"public_id": "nothinghere1"}).status_code == 404
    assert desk.send("credit.quarantine", query={"batch": "nothinghere1"}).status_code == 404
