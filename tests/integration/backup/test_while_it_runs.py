"""Backups while others write: one moment of the database, and every file that moment names."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from finmart.config import ROOT
from finmart.platform.audit.models import AuditRow
from finmart.platform.backup import making
from finmart.platform.backup.archive.reading import opened
from finmart.platform.db.engine import make_engine
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.files import service as files
from finmart.platform.files.models import StoredFileRow
from finmart.platform.kernel.actor import system_actor
from tests.factories.files import pdf
from tests.fixtures.databases import in_use
from tests.integration.backup.installations import Installation, new_installation

KEEPER = system_actor("tests", "files of a test")
WRITER = """
import itertools, sys
from finmart.factory import prepare
from finmart.platform.db.session import unit_of_work
from finmart.platform.files import service as files
from finmart.platform.kernel.actor import system_actor
from tests.factories.files import pdf

prepare()
keeper = system_actor("tests", "files of a test")
print("writing", flush=True)
for number in itertools.count():
    with unit_of_work():
        one = files.keep(keeper, name="a.pdf", content=pdf(f"{sys.argv[1]} {number}"))
    if number % 3 == 0:
        with unit_of_work():
            files.discard(keeper, one.public_id)
"""


@pytest.fixture
def source(installation: Path, template_engine: Engine, tmp_path: Path) -> Iterator[Installation]:
    """An installation of the run's kind of database."""
    with new_installation(template_engine, tmp_path / "source", installation / "keys.json") as made:
        yield made


@pytest.fixture
def writers(source: Installation) -> Iterator[None]:
    """Two processes that keep and discard files, each with the audit row of it, until the test is over."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(number)],
            cwd=ROOT,
            env=source.environ,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(2)
    ]
    try:
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "writing\n"
        yield
        assert [process.poll() for process in started] == [None, None]
    finally:
        for process in started:
            process.kill()
            process.communicate()


def kept_and_named(archive: Path) -> tuple[int, list[str], set[str]]:
    """What the audit trail in an archive says is kept, what its rows name, and the files it holds."""
    with opened(archive) as found:
        tables = {table.name: table for table in found.manifest.tables}

        def column(table: str, name: str) -> list[Any]:
            place = [each.name for each in tables[table].columns].index(name)
            return [row[place] for row in found.rows(tables[table])]

        happened = column("audit_row", "name")
        named = sorted(column("stored_file", "fingerprint"))
        held = {Path(str(member.place)).stem for member in found.manifest.files if "/" in str(member.place)}
    return happened.count("file.kept") - happened.count("file.discarded"), named, held


@pytest.mark.usefixtures("writers")
def test_an_archive_holds_one_moment(source: Installation, template_engine: Engine, tmp_path: Path) -> None:
    sizes = []
    for number in range(4):
        time.sleep(0.3)
        archive = tmp_path / f"{number}.tar"
        source.run("backup", archive)
        kept, named, held = kept_and_named(archive)
        assert kept == len(named)
        assert held == set(named)
        sizes.append(kept)
    assert sizes == sorted(set(sizes))
    assert sizes[-1] > sizes[0] > 0
    with new_installation(template_engine, tmp_path / "target", source.data / "keys.json") as target:
        target.run("restore", archive, "--yes")
        assert len(_contents(target)) == sizes[-1]


def _contents(installation: Installation) -> list[bytes]:
    """What every row's file holds, read as the site reads it."""
    engine = make_engine(installation.url)
    with pytest.MonkeyPatch.context() as patch, in_use(Database(engine)), unit_of_work(readonly=True):
        patch.setenv("FINMART_DATA", str(installation.data))
        found = [files.read(public_id).content for public_id in session().scalars(select(StoredFileRow.public_id))]
    engine.dispose()
    return found


@pytest.fixture
def inside(source: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The installation in this process, with three files; their public ids."""
    monkeypatch.setenv("FINMART_DATA", str(source.data))
    engine = make_engine(source.url)
    with in_use(Database(engine)):
        ids = []
        for number in range(3):
            with unit_of_work():
                ids.append(files.keep(KEEPER, name="a.pdf", content=pdf(str(number))).public_id)
        yield ids
    engine.dispose()


def elsewhere(work: Any) -> None:
    """Let somebody else, at the same time, do something in a unit of work of their own."""

    def run() -> None:
        with unit_of_work():
            work()

    other = threading.Thread(target=run)
    other.start()
    other.join()


def test_a_file_removed_meanwhile_is_left_out_with_its_row(
    inside: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, attempts = making._copy_file, list[int]()

    def remove_first(*arguments: Any) -> None:
        if not attempts:
            for public_id in inside[:2]:
                elsewhere(lambda public_id=public_id: files.discard(KEEPER, public_id))
            elsewhere(lambda: files.sweep(-60))
        attempts.append(1)
        copy(*arguments)

    monkeypatch.setattr(making, "_copy_file", remove_first)
    making.make_backup(KEEPER, tmp_path / "backup.tar")
    kept, named, held = kept_and_named(tmp_path / "backup.tar")
    assert (kept, set(named)) == (1, held)
    assert len(held) == 1


def test_a_backup_is_written_down(inside: list[str], tmp_path: Path) -> None:
    made = making.make_backup(KEEPER, tmp_path / "backup.tar")
    with unit_of_work(readonly=True):
        row = session().scalars(select(AuditRow).where(AuditRow.name == "backup.made")).one()
    assert row.target == made.manifest.id
    assert row.payload == json.loads(
        json.dumps({"rows": made.manifest.rows, "files": len(inside), "size": made.path.stat().st_size})
    )
