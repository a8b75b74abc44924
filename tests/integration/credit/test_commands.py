"""``finmart credit`` as it is typed: figures as JSON, progress and reasons beside them, errors in one sentence."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from finmart.cli import command
from finmart.credit.cli import group
from finmart.credit.types.errors import FileMissing
from finmart.platform.jobs import outbox
from tests.factories.credit import Line, write_invoices


@pytest.fixture(autouse=True)
def quiet_outbox() -> Iterator[None]:
    """Commands do work at once; the tests after these ones must not."""
    yield
    outbox.on_commit(None)


def run(*arguments: str) -> Result:
    """Run a command of the group on the test's own database, which is prepared already."""
    return CliRunner().invoke(group, arguments, obj=lambda: None)


def printed(*arguments: str) -> Any:
    """What a command prints with ``--json``."""
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.mark.usefixtures("database", "settings")
def test_from_import_to_profile(tmp_path: Path) -> None:
    lines = [Line(), Line(), *(Line(number=str(number)) for number in range(200)), Line(number="x", amount="?")]
    folder = str(write_invoices(tmp_path / "good", sales=lines))
    done = run("import", "invoices", folder, "--as-of", "2020-02-21", "--json")
    found = json.loads(done.stdout)
    counts = ("rows_read", "rows_stored", "rows_duplicate", "rows_quarantined", "subjects", "profiles")
    assert [found[name] for name in counts] == [204, 202, 1, 1, 1, 1]
    assert "output_invoices.csv 第 204 行：“金额”不是金额" in done.stderr
    assert "computing facts" in done.stderr
    [batch] = printed("batches")["batches"]
    assert batch["batch"] == found["batch"]
    [row] = printed("quarantine", "--batch", found["batch"])["rows"]
    assert (row["row"], row["fault"]) == (204, "not_money")
    profile = printed("profile", "E1")
    assert {fact["key"]: fact["value"] for fact in profile["facts"]}["sales_12m"] == 201 * 10_000
    assert "sales_12m" in run("profile", "E1").stdout
    assert "read 204 = 202 stored + 1 duplicate + 1 quarantined" in run("batches").stdout
    assert "第 204 行" in run("quarantine").stdout
    assert printed("retention") == {"batches_erased": 0}


@pytest.mark.usefixtures("database", "settings")
def test_a_refused_delivery_is_an_expected_error(tmp_path: Path) -> None:
    done = run("import", "tax", str(tmp_path), "--as-of", "2020-02-21")
    assert isinstance(done.exception, FileMissing)


@pytest.mark.parametrize("name", ["", "import", "profile", "facts", "batches", "quarantine", "retention"])
def test_every_command_explains_itself(name: str) -> None:
    done = CliRunner().invoke(command, [word for word in ("credit", name, "--help") if word])
    assert done.exit_code == 0
    assert "Usage:" in done.output
    assert "\b" not in done.output


def test_the_dictionary_is_printed() -> None:
    keys = {row["key"] for row in printed("facts")["facts"]}
    assert {"sales_12m", "tax_grade", "customer_hhi_12m", "demand.region"} <= keys
    assert "sales_12m" in run("facts").stdout
