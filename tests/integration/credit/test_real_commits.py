"""Imports on a database where commits are real: two at once, and one that is killed."""

import signal
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from finmart.config import ROOT, Settings
from finmart.credit.models import Batch
from finmart.credit.pipeline import claims, facts, publishing
from finmart.credit.repository import batches
from finmart.credit.service import deliveries
from finmart.credit.store import parquet
from finmart.credit.types.errors import ImportUnderWay
from finmart.platform.audit.events import AuditEvent
from finmart.platform.audit.service import record
from finmart.platform.db.session import Database, after_commit, session, unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from tests.factories.credit import IMPORTER, Line, write_invoices

AS_OF = date(2020, 2, 21)

pytestmark = pytest.mark.usefixtures("own_database")


def load(folder: Path) -> str:
    """Import the invoices in a folder; how it ended."""
    try:
        deliveries.import_dataset(IMPORTER, "invoices", folder, as_of=AS_OF)
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


def test_what_fails_after_the_commit_takes_nothing_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    def tell_and_be_interrupted(actor: Actor, event: AuditEvent) -> None:
        record(actor, event)
        after_commit(interrupted)

    monkeypatch.setattr(publishing, "record", tell_and_be_interrupted)
    with pytest.raises(KeyboardInterrupt):
        load(write_invoices(tmp_path))
    assert states() == ["published"]
    with unit_of_work(readonly=True):
        places = batches.stored_places("invoices")
        rows = parquet.scan(places)
        assert rows is not None
        assert rows.collect().height == 2
        assert session().scalars(select(Batch.landing_key)).one() is not None
    monkeypatch.setattr(publishing, "record", record)
    assert load(write_invoices(tmp_path)) == "published"


def test_what_fails_before_the_commit_leaves_nothing(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(parquet, "publish", broken)
    with pytest.raises(OSError, match="no space"):
        load(write_invoices(tmp_path))
    assert states() == ["failed"]
    assert [path for path in (settings.data / "shared").rglob("*") if path.is_file()] == []


def test_an_import_taken_for_dead_publishes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, compute = write_invoices(tmp_path), facts.computed

    def slowly(*arguments: Any, **keywords: Any) -> facts.Facts:
        monkeypatch.setattr(facts, "computed", compute)
        with unit_of_work():
            session().scalars(select(Batch)).one().received_at -= 2 * claims.GIVEN_UP
        assert load(write_invoices(tmp_path / "other", sales=[Line(number="5")])) == "published"
        found: facts.Facts = compute(*arguments, **keywords)
        return found

    monkeypatch.setattr(facts, "computed", slowly)
    assert load(folder) == "conflict"
    assert states() == ["failed", "published"]
    with unit_of_work(readonly=True):
        assert len(batches.stored_places("invoices")) == 1
        assert parquet.scan(batches.stored_places("invoices")) is not None


def test_facts_of_another_day_are_worked_out_without_holding_up_writers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, compute = write_invoices(tmp_path), facts.computed
    assert load(folder) == "published"
    readers = []

    def noting(*arguments: Any, **keywords: Any) -> facts.Facts:
        readers.append(session().info["readonly"])
        found: facts.Facts = compute(*arguments, **keywords)
        return found

    monkeypatch.setattr(facts, "computed", noting)
    later = deliveries.import_dataset(IMPORTER, "invoices", folder, as_of=date(2020, 2, 1))
    assert (later.already, later.profiles, readers) == (True, 1, [True])
    with unit_of_work():
        row = session().scalars(select(Batch)).one()
        assert row.under_way is None
        session().add(_other_at_work(row))
    with pytest.raises(ImportUnderWay):
        deliveries.import_dataset(IMPORTER, "invoices", folder, as_of=date(2020, 2, 2))


def _other_at_work(like: Batch) -> Batch:
    return Batch(
        dataset=like.dataset,
        state="received",
        under_way=like.dataset,
        process="another machine:1",
        fingerprint="0" * 64,
        as_of=like.as_of,
        received_at=now(),
        landing_until=like.landing_until,
    )


KILLED = """
import sys, time
from datetime import date
from pathlib import Path
from finmart.credit.service import deliveries
from finmart.credit.pipeline import publishing
from finmart.factory import prepare
from tests.factories.credit import IMPORTER

prepare()
def wait(*_arguments):
    print("renaming", flush=True)
    time.sleep(60)
publishing.parquet.publish = wait
deliveries.import_dataset(IMPORTER, "invoices", Path(sys.argv[1]), as_of=date(2020, 2, 21))
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
