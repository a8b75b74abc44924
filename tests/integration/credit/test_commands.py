"""``finmart credit`` as it is typed: figures as JSON, progress and reasons beside them, errors in one sentence."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from finmart.cli import command
from finmart.config import ROOT, Settings
from tests.factories.credit import Line, write_invoices


def finmart(settings: Settings, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the console command on the test's own installation."""
    environ = {**os.environ, "FINMART_DATA": str(settings.data), "FINMART_DATABASE_URL": settings.database_url}
    program = "import sys; from finmart.cli import main; main(sys.argv[1:])"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )


def printed(settings: Settings, *arguments: str) -> Any:
    """What a command prints with ``--json``."""
    done = finmart(settings, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_from_import_to_profile(settings: Settings, tmp_path: Path) -> None:
    assert finmart(settings, "db", "upgrade").returncode == 0
    lines = [Line(), Line(), *(Line(number=str(number)) for number in range(200)), Line(number="x", amount="?")]
    folder = str(write_invoices(tmp_path / "good", sales=lines))
    done = finmart(settings, "credit", "import", "invoices", folder, "--as-of", "2020-02-21", "--json")
    found = json.loads(done.stdout)
    assert (found["rows_read"], found["rows_stored"], found["rows_duplicate"], found["rows_quarantined"]) == (
        *(204, 202, 1),
        1,
    )
    assert (found["subjects"], found["profiles"]) == (1, 1)
    assert "output_invoices.csv 第 204 行：“金额”不是金额" in done.stderr
    assert "computing facts" in done.stderr
    [batch] = printed(settings, "credit", "batches")["batches"]
    assert batch["batch"] == found["batch"]
    [row] = printed(settings, "credit", "quarantine", "--batch", found["batch"])["rows"]
    assert (row["row"], row["fault"]) == (204, "not_money")
    profile = printed(settings, "credit", "profile", "E1")
    assert {fact["key"]: fact["value"] for fact in profile["facts"]}["sales_12m"] == 201 * 10_000
    plain = finmart(settings, "credit", "profile", "E1")
    assert "sales_12m" in plain.stdout
    refused = finmart(settings, "credit", "import", "tax", folder, "--as-of", "2020-02-21")
    assert refused.returncode == 1
    assert "tax.csv" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("name", ["", "import", "profile", "facts", "batches", "quarantine", "retention"])
def test_every_command_explains_itself(name: str) -> None:
    done = CliRunner().invoke(command, [word for word in ("credit", name, "--help") if word])
    assert done.exit_code == 0
    assert "Usage:" in done.output
    assert "\b" not in done.output


def test_the_dictionary_is_printed(settings: Settings) -> None:
    keys = {row["key"] for row in printed(settings, "credit", "facts")["facts"]}
    assert {"sales_12m", "tax_grade", "customer_hhi_12m", "demand.region"} <= keys
