"""A demand comes onto the board by one door, which asks the operator's switch; the demonstration has its own."""

import ast

from tests.conventions.tree import parsed, python_files, relative


def _opens_the_board(call: ast.Call) -> bool:
    return any(isinstance(argument, ast.Attribute) and argument.attr == "OPEN_BOARD" for argument in call.args)


def test_only_the_door_that_asks_the_switch_opens_the_board() -> None:
    doors = {
        f"{relative(path)} {function.name}"
        for path in python_files()
        if relative(path).startswith("finmart/")
        for function in ast.walk(parsed(path))
        if isinstance(function, ast.FunctionDef)
        and any(isinstance(node, ast.Call) and _opens_the_board(node) for node in ast.walk(function))
    }
    assert doors == {
        "finmart/matching/leads/service/applicant.py open_to_institutions",
        "finmart/demo/needs.py _publish",
    }
