"""All checks and tests: the tests on one core, checks and the services' tests on another, one summary at the end."""

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
ELASTICSEARCH = "FINMART_TEST_ELASTICSEARCH_URL"
#: Each service: its name in the last lines, where the run is told of it, and what that looks like.
SERVICES = (
    ("PostgreSQL", POSTGRES, "postgresql+psycopg://user:password@127.0.0.1:5432/database (an empty one)"),
    ("Elasticsearch", ELASTICSEARCH, "http://127.0.0.1:9200"),
)
# Lines that the tests print about themselves and that are worth repeating after everything else.
REPEATED = ("PostgreSQL ", "PostgresHuey ", "Elasticsearch ", "Chromium ", "../shared ", "kill -9 ")


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
        Check("bandit", ["bandit", "--quiet", "-c", "pyproject.toml", "-r", "finmart", "launch", "app.py", "run.py"]),
    ]


def test_runs(postgres_url: str, elasticsearch_url: str) -> list[Check]:
    """Every test on what every installation has; those about services once more on the services that were given."""
    runs = [
        Check("tests on SQLite", ["pytest"], {"FINMART_TEST_DATABASE": "sqlite", "FINMART_TEST_SEARCH": "embedded"})
    ]
    if not (postgres_url or elasticsearch_url):
        return runs
    marks = ["search"] if elasticsearch_url else []
    marks += ["database", "huey"] if postgres_url else []
    chosen = {
        "FINMART_TEST_DATABASE": "postgresql" if postgres_url else "sqlite",
        "FINMART_TEST_SEARCH": "elasticsearch" if elasticsearch_url else "embedded",
    }
    name = "tests on PostgreSQL" if postgres_url else "tests on Elasticsearch"
    return [*runs, Check(name, ["pytest", "-m", f"({' or '.join(marks)}) and not browser"], chosen)]


def run_all(places: Places) -> int:
    """Run everything, print everything, return 0 only when everything passed."""
    started = time.monotonic()
    static = static_checks()
    shown, *again = test_runs(os.environ.get(POSTGRES, ""), os.environ.get(ELASTICSEARCH, ""))
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


def _services_left_out() -> list[str]:
    """A line for each service that was not given; .ci/run may have been told to do without."""
    skipped = os.environ.get("FINMART_SERVICES") == "skip"
    why = "skipped by FINMART_SERVICES=skip" if skipped else "no tests ran on it, none was given"
    return [
        f"{name}: {why}" + ("" if skipped else f"; set {variable}={example}, or run .ci/run")
        for name, variable, example in SERVICES
        if not os.environ.get(variable)
    ]


def _summarise(checks: Sequence[Check], seconds: float) -> int:
    say()
    for check in checks:
        mark = "✓" if check.status == 0 else "✗"
        say(f"  {mark} {check.name:<22} {check.seconds:6.1f} s")
    for line in dict.fromkeys(line for check in checks for line in check.lines if line.startswith(REPEATED)):
        say(f"  {line}")
    for line in _services_left_out():
        say(f"  {line}")
    failed = [check.name for check in checks if check.status != 0]
    if failed:
        say(f"  有 {len(failed)} 项未通过 Failed: {', '.join(failed)} ({seconds:.0f} s)")
        return 1
    say(f"  全部通过 All passed ({len(checks)} checks, {seconds:.0f} s, Python {sys.version.split()[0]})")
    return 0
