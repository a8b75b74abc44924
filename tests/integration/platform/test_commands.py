"""The console command on an installation of its own: before the tables exist, where nothing may be written, at work."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from finmart.cli import main
from finmart.config import ROOT, Settings
from finmart.platform.db import migrate, session
from finmart.platform.db.session import use_database

PROGRAM = "import sys; from finmart.cli import main; main(sys.argv[1:])"


@pytest.fixture
def installation_of_its_own(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings of an installation that nobody has prepared."""
    monkeypatch.setenv("FINMART_DATABASE_URL", settings.database_url)
    before = session._Holder.database
    yield settings
    use_database(before)


@pytest.mark.parametrize(
    "words",
    [
        "credit batches",
        "products list",
        "accounts list",
        "match count",
        "jobs drain",
        "jobs work",
        "demo load",
        "serve",
    ],
)
@pytest.mark.usefixtures("installation_of_its_own")
def test_before_the_tables_exist_a_command_says_what_to_run(words: str) -> None:
    with pytest.raises(SystemExit, match="finmart db upgrade"):
        main(words.split())


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("FINMART_DATA", str(tmp_path / "file" / "var"))
    with pytest.raises(SystemExit, match=r"^Error: .*file"):
        main(["products", "list"])


def test_a_database_that_does_not_answer_is_one_sentence(
    installation_of_its_own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = installation_of_its_own.data / "taken.db"
    folder.mkdir()
    monkeypatch.setenv("FINMART_DATABASE_URL", f"sqlite:///{folder}")
    with pytest.raises(SystemExit, match="FINMART_DATABASE_URL"):
        main(["products", "list"])


@pytest.mark.usefixtures("installation_of_its_own")
def test_drain_does_the_periodic_work_too(capsys: pytest.CaptureFixture[str]) -> None:
    main(["db", "upgrade"])
    capsys.readouterr()
    main(["jobs", "drain", "--json"])
    first = json.loads(capsys.readouterr().out)
    assert {"credit.retention", "figures.nightly"} <= set(first["periodic"])
    main(["jobs", "drain", "--json"])
    assert json.loads(capsys.readouterr().out)["periodic"] == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking it")
def test_the_worker_works_until_it_is_told_to_stop(installation_of_its_own: Settings) -> None:
    house = installation_of_its_own
    main(["db", "upgrade"])
    environ = {**os.environ, "FINMART_DATA": str(house.data), "FINMART_DATABASE_URL": house.database_url}
    worker = subprocess.Popen([sys.executable, "-c", PROGRAM, "jobs", "work", "--pause", "0.1"], cwd=ROOT, env=environ)
    try:
        _wait_for_a_lease(time.monotonic() + 60)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0
    finally:
        worker.kill()


def _wait_for_a_lease(until: float) -> None:
    engine = session.database().engine.execution_options(finmart_readonly=True)
    while time.monotonic() < until:
        with engine.connect() as connection:
            if connection.exec_driver_sql("SELECT count(*) FROM lease").scalar_one():
                return
        time.sleep(0.1)
    raise AssertionError("the worker has taken no lease")


@pytest.mark.usefixtures("installation_of_its_own")
def test_the_state_of_the_tables_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    main(["db", "status", "--json"])
    said = json.loads(capsys.readouterr().out)
    assert (said["current"], said["up_to_date"]) == (None, False)
    main(["db", "upgrade"])
    assert migrate.revisions(session.database().engine) == (said["head"], said["head"])
