"""Refused forms answer alike: 422 for what a form sees by itself, the error's own status for what a service refuses."""

import ast

from tests.conventions.tree import python_files, relative

#: Numbers that a route may write itself; all others come from ``web.errors.status_of``.
OWN = {200, 303, 404, 422}


def _statuses(text: str) -> set[int]:
    return {
        node.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, int) and 300 <= node.value < 600
    }


def test_routes_write_no_other_status() -> None:
    found = {
        relative(path): sorted(_statuses(path.read_text(encoding="utf-8")) - OWN)
        for path in python_files("finmart")
        if "/routes/" in relative(path) or relative(path).endswith("routes.py")
    }
    assert {path: statuses for path, statuses in found.items() if statuses} == {}
