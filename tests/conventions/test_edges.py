"""Who may end a transaction, and who may see a table."""

import ast
from pathlib import Path

from tests.conventions.tree import imported_modules, parsed, python_files, relative

# The unit of work and the migration runner; everybody else opens a unit of work and lets it commit.
COMMITTERS = {"finmart/platform/db/session.py", "finmart/platform/db/migrate.py"}
PAGES = {"routes", "forms", "api", "cli"}
INNER = {"service", "repository", "models", "types", "search"}


def _calls(path: Path, *names: str) -> list[str]:
    found = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in names:
                found.append(f"{relative(path)}:{node.lineno} {name}")
    return found


def _role(path: Path) -> set[str]:
    """The file names and folder names that say which layer of its domain a module belongs to."""
    return {path.stem, *path.parent.parts[path.parent.parts.index("finmart") :]}


def test_only_the_edge_commits() -> None:
    found = [
        call
        for path in python_files("finmart")
        if relative(path) not in COMMITTERS
        for call in _calls(path, "commit", "rollback")
    ]
    assert found == []


def test_services_and_repositories_open_no_unit_of_work() -> None:
    found = [
        call
        for path in python_files("finmart")
        if path.stem in INNER or path.parent.name in INNER
        for call in _calls(path, "unit_of_work", "use_database")
    ]
    assert found == []


def test_pages_see_neither_tables_nor_queries() -> None:
    found = [
        f"{relative(path)} imports {name}"
        for path in python_files("finmart")
        if _role(path) & PAGES
        for name in imported_modules(path)
        if {"models", "repository"} & set(name.split(".")) or name.split(".")[0] == "sqlalchemy"
    ]
    assert found == []


def _package(module: str) -> str:
    """The domain a module belongs to: ``finmart.products``, ``finmart.platform.accounts`` …"""
    parts = module.split(".")
    return ".".join(parts[: 3 if parts[1] == "platform" else 2])


def test_outside_a_package_only_repositories_import_its_models() -> None:
    # The officials' nightly facts read the tables of others, which the contracts allow by name.
    found = [
        f"{relative(path)} imports {name}"
        for path in python_files("finmart")
        if not _role(path) & {"repository", "insights"}
        for name in imported_modules(path)
        if name.startswith("finmart.") and "models" in name.split(".")
        if _package(name) != _package(relative(path).removesuffix(".py").replace("/", "."))
    ]
    assert found == []


def test_only_pages_know_the_signed_in_user() -> None:
    found = [
        f"{relative(path)} imports {name}"
        for path in python_files("finmart")
        if path.stem in INNER
        for name in imported_modules(path)
        if name.startswith(("flask", "wtforms"))
    ]
    assert found == []
