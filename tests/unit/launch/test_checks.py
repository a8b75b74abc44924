"""The test command: everything is run, everything that failed is shown, and the status says it."""

from pathlib import Path

import pytest

from launch import checks
from launch.places import Places, find_places


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that was given no service, whatever this one was given."""
    for name in (checks.POSTGRES, checks.ELASTICSEARCH, "FINMART_SERVICES"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """An environment whose programs pass."""
    places = find_places({}, root=tmp_path)
    programs = {check.arguments[0] for check in [*checks.static_checks(), *checks.test_runs("given", "given")]}
    for program in programs:
        _program(places, program, "echo fine")
    return places


def _program(places: Places, name: str, script: str) -> None:
    path = places.tool(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def test_everything_passed(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    assert checks.run_all(places) == 0
    printed = capsys.readouterr().out
    assert "All passed" in printed
    assert f"none was given; set {checks.POSTGRES}=" in printed
    assert f"Elasticsearch: no tests ran on it, none was given; set {checks.ELASTICSEARCH}=" in printed
    assert "tests on PostgreSQL" not in printed


def test_services_may_be_left_out_and_it_is_said(
    places: Places, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FINMART_SERVICES", "skip")
    assert checks.run_all(places) == 0
    printed = capsys.readouterr().out
    assert "PostgreSQL: skipped by FINMART_SERVICES=skip\n" in printed
    assert "Elasticsearch: skipped by FINMART_SERVICES=skip\n" in printed


@pytest.mark.parametrize(
    ("postgres", "elastic", "marks", "database", "engine"),
    [
        ("url", "url", "(search or database or huey) and not browser", "postgresql", "elasticsearch"),
        ("url", "", "(database or huey) and not browser", "postgresql", "embedded"),
        ("", "url", "(search) and not browser", "sqlite", "elasticsearch"),
    ],
)
def test_the_second_run_is_of_what_the_given_services_are_for(
    postgres: str, elastic: str, marks: str, database: str, engine: str
) -> None:
    first, second = checks.test_runs(postgres, elastic)
    assert first.environ == {"FINMART_TEST_DATABASE": "sqlite", "FINMART_TEST_SEARCH": "embedded"}
    assert first.arguments == ["pytest"]
    assert second.arguments == ["pytest", "-m", marks]
    assert second.environ == {"FINMART_TEST_DATABASE": database, "FINMART_TEST_SEARCH": engine}


def test_the_tests_run_again_on_a_given_postgresql(
    places: Places, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(checks.POSTGRES, "postgresql+psycopg://h/d")
    monkeypatch.setenv(checks.ELASTICSEARCH, "http://h:9200")
    _program(places, "pytest", 'test "$FINMART_TEST_DATABASE" = sqlite || echo "PostgreSQL 15.18: 3 tests ran on it"')
    assert checks.run_all(places) == 0
    assert capsys.readouterr().out.rstrip().splitlines()[-2].strip() == "PostgreSQL 15.18: 3 tests ran on it"


@pytest.mark.parametrize("program", ["ruff", "mypy", "lint-imports", "djlint", "bandit", "pytest"])
def test_one_failure_fails_the_run_and_is_shown(
    program: str, places: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    _program(places, program, "echo the reason; exit 3")
    assert checks.run_all(places) == 1
    printed = capsys.readouterr().out
    assert "the reason" in printed
    assert "Failed:" in printed.splitlines()[-1]
