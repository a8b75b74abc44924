"""Imports on a database where commits are real: two at once, and one that is killed."""

import signal
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from finmart.config import ROOT, Settings
from finmart.credit import service
from finmart.credit.models import Batch
from finmart.credit.store import parquet
from finmart.credit.types.errors import ImportUnderWay
from finmart.platform.db.session import Database, session, unit_of_work
from tests.factories.credit import IMPORTER, Line, write_invoices

AS_OF = date(2020, 2, 21)

pytestmark = pytest.mark.usefixtures("own_database")


def load(folder: Path) -> str:
    """Import the invoices in a folder; how it ended."""
    try:
        service.import_dataset(IMPORTER, "invoices", folder, as_of=AS_OF)
    except ImportUnderWay:
        return "conflict"
    return "published"


def states() -> list[str]:
    """The states of all batches, oldest first."""
    with unit_of_work(readonly=True):
        return list(session().scalars(select(Batch.state).order_by(Batch.id)))


def test_what_is_published_has_its_final_name(tmp_path: Path, settings: Settings) -> None:
    assert load(write_invoices(tmp_path)) == "published"
    files = list((settings.data / "shared").rglob("*.*"))
    assert files
    assert all(path.suffix == ".parquet" and parquet.DRAFT not in path.name for path in files)


def test_two_imports_at_once_never_store_a_row_twice(tmp_path: Path, settings: Settings) -> None:
    folder = write_invoices(tmp_path, sales=[Line(number=str(number)) for number in range(2000)])
    start, ends = threading.Barrier(2), list[str]()

    def run() -> None:
        start.wait()
        ends.append(load(folder))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # The slower one meets the other at work, or finds that it has published.
    assert "published" in ends
    assert states() == ["published"]
    with unit_of_work(readonly=True):
        assert session().scalars(select(Batch.rows_stored)).one() == 2001
    assert len(list((settings.data / "shared").rglob("*.parquet"))) == 1


KILLED = """
import sys, time
from datetime import date
from pathlib import Path
from finmart.credit import service
from finmart.credit.pipeline import publishing
from finmart.factory import prepare
from tests.factories.credit import IMPORTER

prepare()
def wait(*_arguments):
    print("renaming", flush=True)
    time.sleep(60)
publishing.parquet.publish = wait
service.import_dataset(IMPORTER, "invoices", Path(sys.argv[1]), as_of=date(2020, 2, 21))
"""


def test_a_killed_import_leaves_nothing_that_counts(
    tmp_path: Path, settings: Settings, own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_invoices(tmp_path)
    monkeypatch.setenv("FINMART_DATABASE_URL", own_database.engine.url.render_as_string(hide_password=False))
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline().strip() == "renaming"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert states() == ["received"]
    _until_released(folder)
    assert states() == ["failed", "published"]
    names = {path.name for path in (settings.data / "shared").rglob("*.*")}
    with unit_of_work(readonly=True):
        published = session().scalars(select(Batch.public_id).where(Batch.state == "published")).one()
    assert names == {f"{published}.parquet"}
    assert {path.name for path in (settings.data / "landing").iterdir()} == {published}


def _until_released(folder: Path) -> None:
    """PostgreSQL notices a moment later that the killed process is gone."""
    for _ in range(50):
        if load(folder) == "published":
            return
        time.sleep(0.1)
    raise AssertionError("the killed import still holds the data set")
