"""The test command: everything is run, everything that failed is shown, and the status says it."""

from pathlib import Path

import pytest

from launch import checks
from launch.places import Places, find_places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """An environment whose programs pass."""
    places = find_places({}, root=tmp_path)
    programs = {check.arguments[0] for check in [*checks.static_checks(), *checks.test_runs("given")]}
    for program in programs:
        _program(places, program, "echo fine")
    return places


def _program(places: Places, name: str, script: str) -> None:
    path = places.tool(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def test_everything_passed(places: Places, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(checks.POSTGRES, raising=False)
    assert checks.run_all(places) == 0
    printed = capsys.readouterr().out
    assert "All passed" in printed
    assert f"none was given; set {checks.POSTGRES}=" in printed
    assert "tests on PostgreSQL" not in printed


def test_the_tests_run_again_on_a_given_postgresql(
    places: Places, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(checks.POSTGRES, "postgresql+psycopg://h/d")
    _program(places, "pytest", 'test "$FINMART_TEST_DATABASE" = sqlite || echo "PostgreSQL 15.18: 3 tests ran on it"')
    assert checks.run_all(places) == 0
    assert capsys.readouterr().out.rstrip().splitlines()[-2].strip() == "PostgreSQL 15.18: 3 tests ran on it"


@pytest.mark.parametrize("program", ["ruff", "mypy", "lint-imports", "djlint", "pytest"])
def test_one_failure_fails_the_run_and_is_shown(
    program: str, places: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    _program(places, program, "echo the reason; exit 3")
    assert checks.run_all(places) == 1
    printed = capsys.readouterr().out
    assert "the reason" in printed
    assert "Failed:" in printed.splitlines()[-1]
