"""``run.py`` as somebody starts it: refusals are one sentence in two languages, and nothing is changed before them."""

import ast
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
RUN = ROOT / "run.py"


def _started(*arguments: str, data: Path, before: str = "") -> subprocess.CompletedProcess[str]:
    """Start run.py as a program; ``before`` changes what it finds out about its Python."""
    code = f"import sys; {before or 'pass'}; sys.argv = {['run.py', *arguments]!r}; sys.path.insert(0, {str(ROOT)!r}); "
    code += f"import runpy; runpy.run_path({str(RUN)!r}, run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=data,
        env={**os.environ, "FINMART_DATA": str(data / "var"), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def _is_one_sentence_in_two_languages(text: str) -> bool:
    lines = text.strip().splitlines()
    return len(lines) == 1 and bool(re.search("[\u4e00-\u9fff]", lines[0]) and re.search("[a-z]{4}", lines[0]))


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13), (3, 14, 0)])
def test_another_python_is_told_which_one_is_needed(version: tuple[int, int, int], tmp_path: Path) -> None:
    done = _started(data=tmp_path, before=f"sys.version_info = {version!r}")
    assert done.returncode == 1
    assert _is_one_sentence_in_two_languages(done.stderr)
    assert "3.11" in done.stderr
    assert ".".join(map(str, version)) in done.stderr


def test_a_very_old_python_can_read_the_file() -> None:
    tree = ast.parse(RUN.read_text(encoding="utf-8"), feature_version=(3, 0))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.AsyncFunctionDef, ast.Starred, ast.Nonlocal)
    assert [node for node in ast.walk(tree) if isinstance(node, newer)] == []
    assert [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)] == []


def test_a_taken_port_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = _started("--port", str(port), data=tmp_path)
    assert done.returncode == 1
    assert _is_one_sentence_in_two_languages(done.stderr)
    assert f"127.0.0.1:{port}" in done.stderr
    assert "--port" in done.stderr
    assert list((tmp_path / "var").iterdir()) == []


def test_an_unwritable_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the folder should be", encoding="utf-8")
    done = _started("--no-serve", data=tmp_path)
    assert done.returncode == 1
    assert _is_one_sentence_in_two_languages(done.stderr)
    assert str(tmp_path / "var") in done.stderr


def test_demonstration_accounts_are_not_offered_to_a_network(tmp_path: Path) -> None:
    done = _started("--host", "0.0.0.0", "--port", "0", data=tmp_path)  # noqa: S104 - what is refused.
    assert done.returncode == 1
    assert _is_one_sentence_in_two_languages(done.stderr)
    assert "--empty" in done.stderr


def test_help_names_every_option(tmp_path: Path) -> None:
    done = _started("--help", data=tmp_path)
    assert done.returncode == 0
    for option in ("--port", "--host", "--no-serve", "--empty", "--reset", "--yes", "test"):
        assert option in done.stdout
