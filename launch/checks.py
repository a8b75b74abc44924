"""All checks and tests: the tests on one core, the checks and PostgreSQL's tests on another, one summary at the end."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from launch.places import Places
from launch.steps import clean_environment, say

POSTGRES = "FINMART_TEST_POSTGRES_URL"
# Lines that the tests print about themselves and that are worth repeating after everything else.
REPEATED = ("PostgreSQL ", "Chromium ", "../shared ", "kill -9 ")


@dataclass
class Check:
    """One program to run; its outcome is filled in when it ends."""

    name: str
    arguments: Sequence[str]
    environ: dict[str, str] = field(default_factory=dict)
    status: int | None = None
    seconds: float = 0.0
    lines: list[str] = field(default_factory=list)


def static_checks() -> list[Check]:
    """What reads the code without running it; quick ones first, so that a slip shows early."""
    return [
        Check("ruff check", ["ruff", "check", "--no-cache", "."]),
        Check("ruff format", ["ruff", "format", "--check", "--no-cache", "."]),
        Check("import directions", ["lint-imports", "--no-logo"]),
        Check("djlint lint", ["djlint", "templates", "--lint", "--quiet"]),
        Check("djlint format", ["djlint", "templates", "--check"]),
        Check("mypy --strict", ["mypy"]),
    ]


def test_runs(postgres_url: str) -> list[Check]:
    """Every test on SQLite; those about the database once more on PostgreSQL when one was given."""
    runs = [Check("tests on SQLite", ["pytest"], {"FINMART_TEST_DATABASE": "sqlite"})]
    if postgres_url:
        runs.append(
            Check(
                "tests on PostgreSQL",
                ["pytest", "-m", "database and not browser"],
                {"FINMART_TEST_DATABASE": "postgresql"},
            )
        )
    return runs


def run_all(places: Places) -> int:
    """Run everything, print everything, return 0 only when everything passed."""
    started = time.monotonic()
    static = static_checks()
    shown, *again = test_runs(os.environ.get(POSTGRES, ""))
    beside = threading.Thread(target=_run_all, args=(places, [*static, *again]))
    beside.start()
    _run(places, shown, live=True)
    beside.join()
    for check in [*static, *again]:
        if check.status != 0 or check in again:
            _show(check)
    return _summarise([*static, shown, *again], time.monotonic() - started)


def _run_all(places: Places, checks: Sequence[Check]) -> None:
    for check in checks:
        _run(places, check, live=False)


def _run(places: Places, check: Check, *, live: bool) -> None:
    started = time.monotonic()
    program, *rest = check.arguments
    if live:
        say(f"── {check.name}")
    with subprocess.Popen(
        [str(places.tool(program)), *rest],
        cwd=places.root,
        env=clean_environment(check.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            check.lines.append(line.rstrip("\n"))
            if live:
                say(check.lines[-1])
    check.status = process.returncode
    check.seconds = time.monotonic() - started


def _show(check: Check) -> None:
    say(f"── {check.name}")
    for line in check.lines:
        say(line)


def _summarise(checks: Sequence[Check], seconds: float) -> int:
    say()
    for check in checks:
        mark = "✓" if check.status == 0 else "✗"
        say(f"  {mark} {check.name:<22} {check.seconds:6.1f} s")
    for line in dict.fromkeys(line for check in checks for line in check.lines if line.startswith(REPEATED)):
        say(f"  {line}")
    if not os.environ.get(POSTGRES):
        say(
            f"  PostgreSQL: no tests ran on it, none was given; set {POSTGRES}="
            "postgresql+psycopg://user:password@127.0.0.1:5432/database (an empty one), or run .ci/run"
        )
    failed = [check.name for check in checks if check.status != 0]
    if failed:
        say(f"  有 {len(failed)} 项未通过 Failed: {', '.join(failed)} ({seconds:.0f} s)")
        return 1
    say(f"  全部通过 All passed ({len(checks)} checks, {seconds:.0f} s, Python {sys.version.split()[0]})")
    return 0
