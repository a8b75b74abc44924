"""Typical clauses of products that the catalogue does not hold, by kind of product (``note_zh``): all can be said.

Written from what tax, invoice, farming, trade, lodging, transport, health, energy and carbon products of other places
commonly ask, with the words of the field and no product's own text. The later ones also state facts that meet them, do
not, and leave them open; limits, two amounts to the 分.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from finmart.conditions.evaluate import compute, evaluate
from finmart.conditions.json_form import dump_condition, parse_clause, parse_expression
from finmart.conditions.sentence import expression_words, sentence
from finmart.conditions.types import FactValue, State
from finmart.conditions.validate import expression_problems, problems
from finmart.products.encoding import report

FURTHER = Path(__file__).parents[2] / "golden" / "further_clauses.jsonl"
LINES: list[dict[str, Any]] = [json.loads(line) for line in FURTHER.read_text(encoding="utf-8").splitlines()]
CONDITIONS = [line for line in LINES if "condition" in line]
LIMITS = [line for line in LINES if "limit" in line]
#: Whatever is said in words names facts and codes, never their keys.
KEY = re.compile(r"[a-z]+_[a-z]+")


def _place(line: dict[str, Any]) -> str:
    return f"{line['product_code']}-{line['clause']}"


def _facts(values: dict[str, Any]) -> dict[str, FactValue]:
    return {
        key: FactValue(tuple(value) if isinstance(value, list) else value, None, "stated", "declared")
        for key, value in values.items()
    }


@pytest.mark.parametrize("line", CONDITIONS, ids=_place)
def test_a_further_clause_can_be_said(line: dict[str, Any]) -> None:
    clause = parse_clause({"version": line["version"], "condition": line["condition"]})
    assert problems(clause.condition) == ()
    assert dump_condition(clause.condition) == line["condition"]
    assert evaluate(clause.condition, {}).state is State.UNKNOWN
    assert not KEY.search(sentence(clause.condition))


@pytest.mark.parametrize("line", LIMITS, ids=_place)
def test_a_further_limit_comes_to_what_it_says(line: dict[str, Any]) -> None:
    formula = parse_expression(line["limit"])
    assert expression_problems(formula) == ()
    assert not KEY.search(expression_words(formula))
    for known in line["amounts"]:
        amount = compute(formula, _facts(known["facts"])).amount
        assert amount is not None
        assert max(amount, 0) == known["fen"]
    assert compute(formula, _facts(line["unknown"])).amount is None


def test_they_are_many_and_of_many_kinds() -> None:
    assert len(LINES) >= 250
    assert len({line["note_zh"] for line in LINES}) >= 120


def test_stated_facts_give_what_they_are_said_to() -> None:
    found = report(LINES)
    assert found.faults == []
    assert found.in_words == []
    assert found.shown == sum("met" in line for line in LINES) >= 100
    assert len(LIMITS) >= 10
