"""A delivery that cannot be used: a clear error naming file, row and column, a trace, and nothing half-stored."""

import gzip
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from finmart.config import Settings
from finmart.credit.datasets.invoices import INVOICES
from finmart.credit.models import Batch, Fact, LandedFile, ProfileVersion, QuarantinedRow, StoredFile
from finmart.credit.pipeline import claims, publishing, reading
from finmart.credit.service import deliveries
from finmart.credit.store import landing
from finmart.credit.types.errors import (
    AssertionFailed,
    CellUnusable,
    CodeMangled,
    ColumnMissing,
    FactsFromTheFuture,
    FileFault,
    FileTruncated,
    ImportUnderWay,
    WrongDataset,
)
from finmart.platform.accounts.models.subjects import Subject
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.errors import Conflict
from tests.factories.credit import IMPORTER, OPERATOR, Line, write_csv, write_invoices

AS_OF = date(2020, 2, 21)
TABLES = (Fact, LandedFile, ProfileVersion, QuarantinedRow, StoredFile, Subject)

pytestmark = pytest.mark.usefixtures("database", "settings")


def load(folder: Path) -> None:
    """Import the invoices in a folder."""
    deliveries.import_dataset(IMPORTER, "invoices", folder, as_of=AS_OF)


def left_behind(settings: Settings) -> list[str]:
    """Everything a refused delivery left: rows by table, and files."""
    with unit_of_work(readonly=True):
        rows = [table.__tablename__ for table in TABLES if session().scalars(select(table).limit(1)).first()]
    files = [path.name for folder in ("landing", "shared") for path in (settings.data / folder).rglob("*.*")]
    return rows + files


def drop_column(folder: Path) -> None:
    """A sales file without its tax column."""
    path = folder / "output_invoices.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("税额", "备注"), encoding="utf-8")


def mangle_code(folder: Path) -> None:
    """A sales file that went through a spreadsheet."""
    path = folder / "output_invoices.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",1001,", ",1.00123E+11,"), encoding="utf-8")


def truncate(folder: Path) -> None:
    """A purchase file whose transfer broke off."""
    plain = folder / "input_invoices.csv"
    whole = gzip.compress(os.urandom(2000).hex().encode() + plain.read_bytes())
    (folder / "input_invoices.csv.gz").write_bytes(whole[:900])
    plain.unlink()


def swap(folder: Path) -> None:
    """Purchases where sales should be."""
    (folder / "output_invoices.csv").write_bytes((folder / "input_invoices.csv").read_bytes())


def nameless(folder: Path) -> None:
    """A firm without a name in the list on which everything hangs."""
    write_csv(folder / "enterprises.csv", [["企业代号", "企业名称"], ["E1", "甲"], ["E2", ""]])


def listed_twice(folder: Path) -> None:
    """A firm that the list names twice, differently."""
    write_csv(folder / "enterprises.csv", [["企业代号", "企业名称"], ["E1", "甲"], ["E2", "乙"], ["E1", "丙"]])


def unknown_firms(folder: Path) -> None:
    """Invoices of firms that the list does not name."""
    write_invoices(folder, sales=[Line(), Line(firm="E2")], firms={"E1": "甲"})


def many_bad_rows(folder: Path) -> None:
    """A delivery of which more than 1 % cannot be used."""
    write_invoices(folder, sales=[Line(), Line(number="2", amount="?")])


def wrong_sums(folder: Path) -> None:
    """A delivery whose totals do not belong to their amounts."""
    write_invoices(folder, sales=[Line(total="500.0")])


CASES: list[tuple[Callable[[Path], None], type[FileFault], str]] = [
    (drop_column, ColumnMissing, r"output_invoices\.csv 第 1 行.*“税额”"),
    (mangle_code, CodeMangled, r"output_invoices\.csv 第 2 行“发票号码”列的“1\.00123E\+11”"),
    (truncate, FileTruncated, r"input_invoices\.csv\.gz.*第 \d+ 行"),
    (swap, WrongDataset, r"output_invoices\.csv 第 1 行.*进项发票.*销项发票"),
    (nameless, CellUnusable, r"enterprises\.csv 第 3 行：“企业名称”"),
    (listed_twice, CellUnusable, r"enterprises\.csv 第 4 行：“企业代号”"),
    (unknown_firms, AssertionFailed, r"output_invoices\.csv 第 3 行：“企业代号”不是平台已知的主体"),
    (many_bad_rows, AssertionFailed, r"增值税发票.*隔离的行不超过 1%.*33\.33%.*output_invoices\.csv 第 3 行：“金额”"),
    (wrong_sums, AssertionFailed, "价税合计不符"),
]


@pytest.mark.parametrize(("spoil", "error", "sentence"), CASES, ids=[case[0].__name__ for case in CASES])
def test_nothing_half_stored(
    spoil: Callable[[Path], None], error: type[FileFault], sentence: str, tmp_path: Path, settings: Settings
) -> None:
    folder = write_invoices(tmp_path)
    spoil(folder)
    with pytest.raises(error, match=sentence):
        load(folder)
    assert left_behind(settings) == []
    with unit_of_work(readonly=True):
        [batch] = deliveries.list_batches(OPERATOR).items
        assert batch.state == "failed"
        assert batch.error is not None
        assert batch.landing_erased
    load(write_invoices(tmp_path / "corrected"))


def test_a_defect_in_the_last_step_leaves_nothing(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("somebody's secret amount")

    monkeypatch.setattr(publishing, "_tell", broken)
    with pytest.raises(RuntimeError):
        load(write_invoices(tmp_path))
    assert [name for name in left_behind(settings) if name != "subject"] == []
    with unit_of_work(readonly=True):
        [batch] = deliveries.list_batches(OPERATOR).items
        assert batch.error is not None
        assert "secret" not in str(batch.error)
    monkeypatch.undo()
    load(write_invoices(tmp_path))


def test_a_day_that_has_not_come_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FactsFromTheFuture):
        deliveries.import_dataset(IMPORTER, "invoices", write_invoices(tmp_path), as_of=date(2999, 1, 1))


def test_the_same_file_twice_at_once_is_a_conflict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_invoices(tmp_path)
    seen: list[str] = []
    genuine = landing.unsealed

    def meanwhile(place: str, *, key: bytes) -> bytes:
        if not seen:
            seen.append(place)
            with pytest.raises(ImportUnderWay, match="正在导入"):
                load(folder)
        return genuine(place, key=key)

    monkeypatch.setattr(reading, "unsealed", meanwhile)
    monkeypatch.setattr(reading, "ThreadPoolExecutor", OneAfterTheOther)
    load(folder)
    assert issubclass(ImportUnderWay, Conflict)
    with unit_of_work(readonly=True):
        [batch] = deliveries.list_batches(OPERATOR).items
        assert batch.state == "published"


class OneAfterTheOther:
    """An executor without threads: a test's one connection belongs to its thread."""

    def __init__(self, max_workers: int) -> None:
        self.max_workers = max_workers

    def __enter__(self) -> "OneAfterTheOther":
        return self

    def __exit__(self, *_error: object) -> None:
        return None

    map = staticmethod(map)


def claimed(process: str) -> None:
    """A batch whose import was interrupted in ``process``."""
    with unit_of_work():
        made = claims.claim(IMPORTER, INVOICES, fingerprint="0" * 64, as_of=AS_OF, files=(), demonstration=False)
        session().get_one(Batch, made.batch_id).process = process


def test_what_a_killed_import_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    node = claims.process_name().rpartition(":")[0]
    claimed(f"{node}:999999999")
    load(write_invoices(tmp_path))
    with unit_of_work(readonly=True):
        states = [batch.state for batch in deliveries.list_batches(OPERATOR).items]
    assert states == ["published", "failed"]


def test_an_import_on_another_machine_is_waited_for(tmp_path: Path) -> None:
    claimed("another-machine:1")
    with pytest.raises(ImportUnderWay):
        load(write_invoices(tmp_path))


def test_a_missing_stored_file_is_said_and_not_guessed_around(tmp_path: Path, settings: Settings) -> None:
    load(write_invoices(tmp_path))
    next((settings.data / "shared").rglob("*.parquet")).unlink()
    with pytest.raises(Conflict, match="缺失"):
        load(write_invoices(tmp_path / "more", sales=[Line(), Line(number="2")]))
