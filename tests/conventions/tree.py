"""The project's files as the convention tests read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Made by tools or by a running site; nothing of it is the project's text.
NOT_OURS = {".git", ".venv", "var", "node_modules", "__pycache__", "build", ".mypy_cache", ".ruff_cache"}
NOT_OURS |= {".hypothesis", ".import_linter_cache", "finmart.egg-info", ".pytest_cache"}
CODE = ("finmart", "launch", "migrations", "tests", "benchmarks")


def relative(path: Path) -> str:
    """The path as a reader of the repository names it."""
    return path.relative_to(ROOT).as_posix()


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project."""
    return tuple(sorted(_walk(ROOT)))


def _walk(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name in NOT_OURS:
            continue
        if entry.is_dir():
            yield from _walk(entry)
        elif entry.is_file():
            yield entry


def files_below(*folders: str, suffix: str = "") -> tuple[Path, ...]:
    """The files below one of ``folders`` whose names end with ``suffix``."""
    starts = tuple(f"{folder}/" for folder in folders)
    return tuple(path for path in files() if relative(path).startswith(starts) and path.name.endswith(suffix))


def python_files(*folders: str) -> tuple[Path, ...]:
    """The Python modules below ``folders`` (default: all code), with the two scripts at the root when not narrowed."""
    at_root = () if folders else tuple(path for path in files() if path.parent == ROOT and path.suffix == ".py")
    return (*at_root, *files_below(*(folders or CODE), suffix=".py"))


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=relative(path))


def imported_modules(path: Path) -> Iterator[str]:
    """The full names of what a module imports: ``a.b`` and, for ``from a import b``, both ``a`` and ``a.b``."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
