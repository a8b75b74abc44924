"""The commands of the demonstration, as they are typed."""

import json
from pathlib import Path

from click.testing import CliRunner

from finmart.demo.cli import group


def test_export_writes_every_file_and_says_how_much(tmp_path: Path) -> None:
    answer = CliRunner().invoke(group, ["export", str(tmp_path), "--json"])
    assert answer.exit_code == 0
    rows = json.loads(answer.stdout)["rows"]
    assert {str(path.relative_to(tmp_path).as_posix()) for path in tmp_path.rglob("*.csv")} == set(rows)
    for name, count in rows.items():
        assert len((tmp_path / name).read_text(encoding="utf-8").splitlines()) == count + 1


def test_help_says_what_load_does_and_when_it_is_refused() -> None:
    answer = CliRunner().invoke(group, ["load", "--help"])
    assert "Refused in production" in answer.output
