"""The data folder: marked as ours, filled once, emptied only when it is ours and somebody agrees."""

import contextlib
import shlex
import sqlite3
from pathlib import Path

import pytest

from launch import folder, records, site
from launch.places import Places, find_places
from launch.trouble import Trouble


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A project folder with an empty data folder."""
    (tmp_path / "var").mkdir()
    return find_places({}, root=tmp_path)


@pytest.fixture
def commands(places: Places) -> Path:
    """A ``finmart`` that writes down how it was called and says that the tables are not there yet."""
    program = places.tool("finmart")
    program.parent.mkdir(parents=True)
    called = places.root / "called.txt"
    program.write_text(
        f'#!/bin/sh\necho "$@" >> {shlex.quote(str(called))}\n'
        'echo \'{"current": null, "head": "0001", "up_to_date": false}\'\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    return called


def _fill(places: Places) -> None:
    folder.mark_data_folder(places)
    (places.data / "finmart.db").touch()
    (places.data / "landing").mkdir()
    (places.data / "landing" / "batch").touch()


def test_the_environment_says_where_the_data_are(tmp_path: Path) -> None:
    places = find_places({"FINMART_DATA": str(tmp_path / "x"), "FINMART_DATABASE_URL": "postgresql+psycopg://h/d"})
    assert places.data == tmp_path / "x"
    assert not places.own_database


def test_a_new_database_gets_the_demonstration_once(places: Places, commands: Path) -> None:
    records.upgrade_tables(places)
    records.settle_demonstration(places, empty=False)
    records.settle_demonstration(places, empty=False)
    assert commands.read_text(encoding="utf-8").splitlines() == ["db upgrade", "demo load"]


def _at_revision(places: Places, revision: str) -> None:
    with contextlib.closing(sqlite3.connect(places.data / "finmart.db")) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", (revision,))


def _migrations(places: Places, *names: str) -> None:
    folder = places.root / "migrations" / "versions"
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).touch()


def test_tables_that_are_up_to_date_are_left_alone(places: Places, commands: Path) -> None:
    _migrations(places, "0001_first.py", "0002_second.py")
    _at_revision(places, "0002")
    records.upgrade_tables(places)
    assert not commands.exists()


def test_older_tables_are_brought_up_to_date_without_a_demonstration(places: Places, commands: Path) -> None:
    _migrations(places, "0001_first.py", "0002_second.py")
    _at_revision(places, "0001")
    records.upgrade_tables(places)
    records.settle_demonstration(places, empty=False)
    assert commands.read_text(encoding="utf-8").splitlines() == ["db upgrade"]


def test_a_database_of_its_own_server_is_asked_through_the_command(tmp_path: Path, commands: Path) -> None:
    places = find_places({"FINMART_DATABASE_URL": "postgresql+psycopg://h/d"}, root=tmp_path)
    records.upgrade_tables(places)
    records.settle_demonstration(places, empty=False)
    assert commands.read_text(encoding="utf-8").splitlines() == ["db status --json", "db upgrade", "demo load"]


def test_a_damaged_database_is_said(places: Places) -> None:
    (places.data / "finmart.db").write_text("not a database at all", encoding="utf-8")
    with pytest.raises(Trouble, match="--reset"):
        records.upgrade_tables(places)


def test_an_empty_start_loads_none_then_or_later(places: Places, commands: Path) -> None:
    records.upgrade_tables(places)
    records.settle_demonstration(places, empty=True)
    records.settle_demonstration(places, empty=False)
    assert "demo" not in commands.read_text(encoding="utf-8")


def test_a_failed_load_is_tried_again_at_the_next_start(places: Places, commands: Path) -> None:
    records.upgrade_tables(places)
    good = places.tool("finmart").read_text(encoding="utf-8")
    places.tool("finmart").write_text("#!/bin/sh\necho broken >&2\nexit 1\n", encoding="utf-8")
    with pytest.raises(Trouble) as caught:
        records.settle_demonstration(places, empty=False)
    assert caught.value.detail == "broken"
    places.tool("finmart").write_text(good, encoding="utf-8")
    records.settle_demonstration(places, empty=False)
    assert commands.read_text(encoding="utf-8").splitlines()[-1] == "demo load"


def test_reset_empties_a_folder_of_ours(places: Places) -> None:
    _fill(places)
    asked: list[str] = []

    def yes(question: str) -> str:
        asked.append(question)
        return "yes"

    folder.reset(places, assured=False, ask=yes)
    assert len(asked) == 1
    assert str(places.data) in asked[0]
    assert [path.name for path in places.data.iterdir()] == [folder.MARK]


@pytest.mark.parametrize("answer", ["", "no", "y"])
def test_reset_leaves_everything_without_a_clear_yes(answer: str, places: Places) -> None:
    _fill(places)
    with pytest.raises(Trouble, match=r"Nothing was removed\."):
        folder.reset(places, assured=False, ask=lambda _question: answer)
    assert (places.data / "landing" / "batch").exists()


def test_reset_without_a_terminal_removes_nothing(places: Places) -> None:
    _fill(places)

    def closed(_question: str) -> str:
        raise EOFError

    with pytest.raises(Trouble, match=r"Nothing was removed\."):
        folder.reset(places, assured=False, ask=closed)


def test_reset_never_touches_a_folder_of_somebody_else(tmp_path: Path) -> None:
    places = find_places({"FINMART_DATA": str(tmp_path / "home")}, root=tmp_path)
    places.data.mkdir()
    (places.data / "thesis.odt").touch()
    folder.mark_data_folder(places)
    with pytest.raises(Trouble, match=r"not made by run\.py"):
        folder.reset(places, assured=True)
    assert (places.data / "thesis.odt").exists()


def test_reset_leaves_a_database_server_to_its_own_tools(tmp_path: Path) -> None:
    places = find_places({"FINMART_DATABASE_URL": "postgresql+psycopg://h/d"}, root=tmp_path)
    with pytest.raises(Trouble, match="FINMART_DATABASE_URL"):
        folder.reset(places, assured=True)


def test_only_this_machine_sees_the_demonstration(places: Places) -> None:
    site.check_demonstration_host(places, "127.0.0.1", empty=False)
    site.check_demonstration_host(places, "192.0.2.7", empty=True)
    places.signins.touch()
    with pytest.raises(Trouble, match="--empty"):
        site.check_demonstration_host(places, "192.0.2.7", empty=False)


def test_the_sign_ins_are_shown_as_they_were_written(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    places.signins.write_text("official  13800000000  secret\n", encoding="utf-8")
    site.finish_without_serving(places)
    assert "official  13800000000  secret" in capsys.readouterr().out
