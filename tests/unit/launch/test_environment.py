"""The virtual environment is made once, and only what changed is done again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from launch import environment
from launch.places import Places, find_places
from launch.trouble import Trouble


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A project folder with its lists."""
    for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    return find_places({}, root=tmp_path)


@pytest.fixture
def calls(places: Places, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would have been run; the programs appear as ``venv`` and pip would have made them."""
    made: list[str] = []

    def record(arguments: Sequence[str | Path], **_: Any) -> str:
        words = [str(argument) for argument in arguments]
        made.append(" ".join(word for word in words[1:] if not word.startswith(str(places.root))))
        for name in ("python", "finmart"):
            places.tool(name).parent.mkdir(parents=True, exist_ok=True)
            places.tool(name).touch()
        return ""

    monkeypatch.setattr(environment, "run_quietly", record)
    return made


def test_a_second_start_does_nothing(places: Places, calls: list[str]) -> None:
    environment.prepare_environment(places)
    assert calls[0].startswith("-m venv")
    assert "--require-hashes --only-binary :all: --requirement requirements.txt" in calls[1]
    assert "--no-deps --no-build-isolation --editable ." in calls[2]
    calls.clear()
    environment.prepare_environment(places)
    assert calls == []


def test_tests_add_their_own_list_once(places: Places, calls: list[str]) -> None:
    environment.prepare_environment(places)
    calls.clear()
    environment.prepare_environment(places, testing=True)
    environment.prepare_environment(places, testing=True)
    environment.prepare_environment(places)
    assert len(calls) == 1
    assert calls[0].endswith("requirements-dev.txt")


def test_postgresql_brings_its_driver(places: Places, calls: list[str]) -> None:
    (places.root / "requirements-postgresql.txt").touch()
    url = "postgresql+psycopg://user@127.0.0.1/finmart"
    environment.prepare_environment(find_places({"FINMART_DATABASE_URL": url}, root=places.root))
    assert calls[1].endswith("requirements-postgresql.txt")


def test_a_changed_list_is_installed_again(places: Places, calls: list[str]) -> None:
    environment.prepare_environment(places)
    calls.clear()
    (places.root / "requirements.txt").write_text("changed", encoding="utf-8")
    environment.prepare_environment(places)
    assert len(calls) == 1
    assert calls[0].endswith("requirements.txt")


def test_an_environment_of_another_folder_is_made_anew(places: Places, calls: list[str]) -> None:
    environment.prepare_environment(places)
    calls.clear()
    stamp = places.venv / environment.STAMP
    stamp.write_text(stamp.read_text(encoding="utf-8").replace(str(places.venv), "elsewhere"), encoding="utf-8")
    environment.prepare_environment(places)
    assert calls[0].startswith("-m venv --clear")
    assert len(calls) == 3


def test_a_missing_list_is_named(places: Places, calls: list[str]) -> None:
    (places.root / "requirements.txt").unlink()
    with pytest.raises(Trouble, match=r"requirements\.txt"):
        environment.prepare_environment(places)
    assert len(calls) == 1


def test_a_newer_catalogue_is_compiled(places: Places, calls: list[str]) -> None:
    environment.prepare_environment(places)
    calls.clear()
    catalogue = places.root / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.touch()
    environment.prepare_environment(places)
    assert calls == ["compile --directory translations"]
    catalogue.with_suffix(".mo").touch()
    environment.prepare_environment(places)
    assert len(calls) == 1
