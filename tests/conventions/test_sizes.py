"""Long modules and functions hide things; the ceilings keep the tails short."""

import ast

from tests.conventions.tree import parsed, python_files, relative

MODULE_LINES = 400
FUNCTION_LINES = 50


def test_no_module_passes_its_ceiling() -> None:
    # A generated migration is as long as the tables it makes, and is never read as code again.
    long = {
        relative(path): lines
        for path in python_files()
        if not relative(path).startswith("migrations/versions/")
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > MODULE_LINES
    }
    assert long == {}


def test_no_function_passes_its_ceiling() -> None:
    long = {
        f"{relative(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in python_files()
        if not relative(path).startswith("migrations/versions/")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    }
    assert long == {}
