"""A delivery from files to profiles: counted, stored once, published whole, and read only by whom it may be."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from finmart.config import Settings
from finmart.credit.models import Batch, Fact, LandedFile, ProfileVersion, QuarantinedRow, StoredFile
from finmart.credit.repository import batches
from finmart.credit.service import bulk, deliveries
from finmart.credit.store import landing, parquet
from finmart.credit.types.errors import StoreDamaged
from finmart.credit.types.values import ImportReport
from finmart.platform.accounts.service.subjects import find_subject, subject_cards
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.kernel.actor import system_actor
from finmart.platform.kernel.errors import NotAllowed
from tests.factories.credit import IMPORTER, OPERATOR, Line, write_dataset, write_invoices

AS_OF = date(2020, 2, 21)

pytestmark = pytest.mark.usefixtures("database", "settings")


def load(folder: Path, *, as_of: date = AS_OF) -> ImportReport:
    """Import the invoices in a folder."""
    return deliveries.import_dataset(IMPORTER, "invoices", folder, as_of=as_of)


def count(table: type) -> int:
    """Rows of a table."""
    with unit_of_work(readonly=True):
        return session().scalar(select(func.count()).select_from(table)) or 0


def facts_of(code: str, *, as_of: date = AS_OF) -> dict[str, object]:
    """key → value of the newest profile of a firm."""
    with unit_of_work():
        found = {one.identifier: one for one in bulk.profiles_for_run(IMPORTER, basis="test", as_of=as_of)}
    return {key: fact.value for key, fact in found[code].facts.items()}


def test_counts_add_up_and_everything_is_published(tmp_path: Path) -> None:
    sales = [
        Line(),
        Line(),
        Line(status=" 作废发票 "),
        Line(amount="200.0", total="213.0"),
        Line(number="1002", firm="E2"),
        *(Line(number=str(2000 + number)) for number in range(400)),
        Line(number="9", amount="约三千"),
    ]
    report = load(write_invoices(tmp_path, sales=sales))
    assert (report.rows_read, report.rows_stored, report.rows_duplicate, report.rows_quarantined) == (407, 405, 1, 1)
    assert report.rows_read == report.rows_stored + report.rows_duplicate + report.rows_quarantined
    assert (report.rows_voided, report.rows_voided_stored) == (1, 1)
    assert (report.subjects, report.profiles) == (2, 2)
    assert report.facts == count(Fact)
    assert facts_of("E1")["sales_12m"] == 10_000 + 20_000 + 400 * 10_000
    assert facts_of("E2")["sales_12m"] == 10_000


def test_a_second_import_adds_nothing(tmp_path: Path) -> None:
    folder = write_invoices(tmp_path)
    first = load(folder)
    before = [count(table) for table in (Batch, Fact, ProfileVersion, StoredFile, LandedFile)]
    second = load(folder)
    assert second.already
    assert second.batch == first.batch
    assert (second.rows_read, second.rows_stored, second.rows_duplicate) == (2, 0, 2)
    assert (second.facts, second.profiles) == (0, 0)
    assert [count(table) for table in (Batch, Fact, ProfileVersion, StoredFile, LandedFile)] == before


def test_a_longer_delivery_adds_only_its_new_rows(tmp_path: Path) -> None:
    load(write_invoices(tmp_path / "first"))
    both = load(write_invoices(tmp_path / "second", sales=[Line(), Line(number="1002", amount="50.0", total="63.0")]))
    assert (both.rows_read, both.rows_stored, both.rows_duplicate) == (3, 1, 2)
    assert facts_of("E1")["sales_12m"] == 15_000
    assert count(ProfileVersion) == 2


def test_facts_as_of_another_day_are_added_and_none_is_changed(tmp_path: Path) -> None:
    folder = write_invoices(tmp_path, sales=[Line(), Line(number="2", day="2020/2/20")])
    load(folder)
    later = load(folder, as_of=date(2020, 2, 1))
    assert later.already
    assert later.profiles == 1
    assert facts_of("E1")["sales_12m"] == 20_000
    assert facts_of("E1", as_of=date(2020, 2, 1))["sales_12m"] == 10_000


def test_names_and_codes_enter_no_stored_file_and_ratings_no_fact(tmp_path: Path, settings: Settings) -> None:
    load(write_invoices(tmp_path, sales=[Line(party="PARTY-NUMBER-ONE")], firms={"E1": "某某贸易有限公司"}))
    stored = [path.read_bytes() for path in settings.data.rglob("*") if path.is_file() and path.suffix != ".json"]
    assert stored
    for secret in ("PARTY-NUMBER-ONE", "某某贸易", "有效发票"):
        assert not any(secret.encode() in content for content in stored)
    with unit_of_work(readonly=True):
        columns = parquet.scan(batches.stored_places("invoices"))
        assert columns is not None
        names = set(columns.collect_schema())
    assert names.isdisjoint({"subject_code", "name", "rating", "信誉评级", "是否违约"})


def test_three_months_of_lines_are_no_years_revenue(tmp_path: Path) -> None:
    lines = [Line(number=str(month), day=f"2020/{month}/1") for month in (1, 2)]
    short = load(write_invoices(tmp_path / "short", sales=lines, purchases=[Line(number="9", party="A1")]))
    assert short.rows_stored == 3
    assert facts_of("E1").keys().isdisjoint({"sales_12m", "purchases_12m", "customers_12m", "annual_revenue"})
    long = [*lines, Line(firm="E2", day="2018/1/1"), Line(firm="E3")]
    load(write_invoices(tmp_path / "long", sales=long, purchases=[Line(firm="E3", number="9", party="A1")]))
    # The longer delivery covers a year of E3, which is young: its sales are known, a year's revenue is not.
    assert facts_of("E3")["sales_12m"] == 10_000
    assert "annual_revenue" not in facts_of("E3")


def test_kinds_are_told_by_name_where_the_list_has_none(tmp_path: Path) -> None:
    load(write_invoices(tmp_path, firms={"E1": "个体经营E1"}))
    with unit_of_work(readonly=True):
        subject = find_subject("supplier_code", "E1")
        assert subject is not None
        assert subject_cards([subject])[subject].kind == "individual_business"


def test_landed_files_are_the_bytes_that_came_and_only_the_key_opens_them(tmp_path: Path, settings: Settings) -> None:
    folder = write_invoices(tmp_path)
    load(folder)
    with unit_of_work(readonly=True):
        batch = session().scalars(select(Batch)).one()
        assert batch.landing_key is not None
        key, rows, name = bytes.fromhex(batch.landing_key), batches.landed_files(batch.id), batch.public_id
        assert {row.name: row.rows for row in rows} == {
            "enterprises.csv": 1,
            "input_invoices.csv": 1,
            "output_invoices.csv": 1,
        }
        for row in rows:
            assert landing.unsealed(row.place, key=key) == (folder / row.name).read_bytes()
            assert landing.checksum_of(folder / row.name) == row.checksum
            with pytest.raises(StoreDamaged):
                landing.unsealed(row.place, key=landing.new_key())
    sealed = next((settings.data / "landing").rglob("output*"))
    sealed.write_bytes(sealed.read_bytes()[:-20])
    with pytest.raises(StoreDamaged):
        landing.unsealed(f"{name}/{sealed.name}", key=key)


def test_a_landing_longer_than_a_chunk_comes_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(bytes(range(256)) * (landing.CHUNK // 128))
    key = landing.new_key()
    landed = landing.land(path, batch="abc", key=key)
    assert landing.unsealed(landed.place, key=key) == path.read_bytes()
    (tmp_path / "empty.csv").touch()
    empty = landing.land(tmp_path / "empty.csv", batch="abc", key=key)
    assert landing.unsealed(empty.place, key=key) == b""


def test_files_that_no_row_names_are_swept_by_the_next_import(tmp_path: Path, settings: Settings) -> None:
    stray = settings.data / "shared" / "invoices" / "bucket=01" / "stray.parquet"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"left by a crash")
    load(write_invoices(tmp_path))
    assert not stray.exists()
    with unit_of_work(readonly=True):
        places = set(batches.stored_places("invoices"))
    on_disk = {
        path.relative_to(settings.data / "shared").as_posix() for path in (settings.data / "shared").rglob("*.*")
    }
    assert on_disk == places


def test_other_data_sets_join_the_profile(tmp_path: Path) -> None:
    load(write_invoices(tmp_path / "invoices"))
    register = {
        "subject_code": "E1",
        "name": "E1有限公司",
        "kind": "企业",
        "date": "2020-02-01",
        "industry": "5292",
        "established_on": "2015-03-01",
        "employees": "20",
        "status": "存续",
        "qualifications": "high_tech",
    }
    tax = [
        {"subject_code": "E1", "record": "纳税信用级别", "date": "2019-04-20", "grade": "B"},
        {"subject_code": "E1", "record": "营业收入", "date": "2019-12-31", "amount": "12,000,000.00"},
        {"subject_code": "E9", "record": "纳税信用级别", "date": "2019-04-20", "grade": "A"},
        *({"subject_code": "E1", "record": "缴纳税款", "date": f"2019-{m:02}-15", "amount": "1"} for m in range(1, 13)),
        *({"subject_code": "E1", "record": "缴纳税款", "date": f"2018-{m:02}-15", "amount": "1"} for m in range(1, 13)),
    ]
    folder = tmp_path / "others"
    write_dataset(folder, "registration", [register])
    write_dataset(folder, "tax", tax)
    write_dataset(folder, "adverse", [{"subject_code": "E1", "record": "无记录", "date": "2020-02-20"}])
    deliveries.import_dataset(IMPORTER, "registration", folder, as_of=AS_OF)
    taxed = deliveries.import_dataset(IMPORTER, "tax", folder / "tax.csv", as_of=AS_OF)
    deliveries.import_dataset(IMPORTER, "adverse", folder, as_of=AS_OF)
    assert [(one.row, one.fault) for one in taxed.quarantined] == [(4, "subject_unknown")]
    found = facts_of("E1")
    assert found["sales_12m"] == 10_000
    assert found["annual_revenue"] == 1_200_000_000
    assert (found["tax_grade"], found["years_established"], found["judgment_debtor"]) == ("B", 4, False)
    assert found["firm_size"] == "small"
    assert found["qualifications"] == ("high_tech",)


def test_what_a_person_earns_needs_written_consent(tmp_path: Path) -> None:
    person = {"subject_code": "P1", "name": "个体经营P1", "kind": "个体工商户", "date": "2020-02-01"}
    write_dataset(tmp_path, "registration", [person])
    deliveries.import_dataset(IMPORTER, "registration", tmp_path, as_of=AS_OF)
    paid = {"subject_code": "P1", "record": "营业收入", "date": "2019-12-31", "amount": "5"}
    graded = [
        {"subject_code": "P1", "record": "纳税信用级别", "date": f"20{y:02}-04-20", "grade": "B"} for y in range(1, 20)
    ]
    write_dataset(tmp_path, "tax", [paid, {**paid, "amount": "7", "consent_on": "2019-06-01"}, *graded])
    report = deliveries.import_dataset(IMPORTER, "tax", tmp_path, as_of=AS_OF)
    assert [(one.row, one.column, one.fault) for one in report.quarantined] == [(2, "金额", "consent_missing")]
    # The amount may not be kept, so it is not kept as the reason for its being set aside either.
    assert [one.value for one in report.quarantined] == [""]
    with unit_of_work(readonly=True):
        assert list(session().scalars(select(QuarantinedRow.value))) == [""]
    assert facts_of("P1")["annual_revenue"] == 700


def test_an_import_needs_its_permission(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        deliveries.import_dataset(system_actor("x", "y"), "invoices", tmp_path, as_of=AS_OF)
    assert count(Batch) == 0


def test_the_operator_sees_counts_and_closes_rows(tmp_path: Path) -> None:
    lines = [*(Line(number=str(number)) for number in range(200)), Line(number="x", day="never")]
    report = load(write_invoices(tmp_path, sales=lines))
    with unit_of_work():
        view = deliveries.read_batch(OPERATOR, report.batch)
        assert view.rows_read == view.rows_stored + view.rows_duplicate + view.rows_quarantined
        assert all(each.passed for each in view.assertions)
        assert (view.covers_from, view.covers_until) == (date(2018, 1, 15), date(2020, 1, 15))
        assert view.open_quarantine == 1
        [row] = deliveries.list_quarantine(OPERATOR, open_only=True).items
        assert (row.row, row.column, row.value) == (202, "开票日期", "never")
        assert deliveries.handle_quarantined(OPERATOR, row.public_id, note="已请提供单位更正") == report.batch
        assert deliveries.list_quarantine(OPERATOR, open_only=True).total == 0
        assert deliveries.list_quarantine(OPERATOR, batch=report.batch).items[0].note == "已请提供单位更正"
    assert count(QuarantinedRow) == 1


def test_the_end_of_retention_destroys_key_and_bytes(tmp_path: Path, settings: Settings, database: Database) -> None:
    load(write_invoices(tmp_path))
    with unit_of_work():
        assert deliveries.erase_expired_landings(IMPORTER) == 0
        batch = session().scalars(select(Batch)).one()
        batch.landing_until = date(2020, 1, 1)
    with unit_of_work():
        assert deliveries.erase_expired_landings(IMPORTER) == 1
        assert deliveries.erase_expired_landings(IMPORTER) == 0
    with unit_of_work(readonly=True):
        assert session().scalars(select(Batch)).one().landing_key is None
    assert list((settings.data / "landing").rglob("*.sealed")) == []
    assert database.connection is not None
