"""Typical clauses of products that the catalogue does not hold, by kind of product (``note_zh``): all can be said.

Written from what tax, invoice, farming, trade, lodging, transport, health, energy and carbon products of other places
commonly ask, with the words of the field and no product's own text. The later ones also state facts that meet them, do
not, and leave them open.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from finmart.conditions.evaluate import evaluate
from finmart.conditions.json_form import dump_condition, parse_clause
from finmart.conditions.sentence import sentence
from finmart.conditions.types import State
from finmart.conditions.validate import problems
from finmart.products.encoding import report

FURTHER = Path(__file__).parents[2] / "golden" / "further_clauses.jsonl"
LINES: list[dict[str, Any]] = [json.loads(line) for line in FURTHER.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['product_code']}-{line['clause']}")
def test_a_further_clause_can_be_said(line: dict[str, Any]) -> None:
    clause = parse_clause({"version": line["version"], "condition": line["condition"]})
    assert problems(clause.condition) == ()
    assert dump_condition(clause.condition) == line["condition"]
    assert evaluate(clause.condition, {}).state is State.UNKNOWN
    # Whatever is said in words names facts and codes, never their keys.
    assert not re.search(r"[a-z]+_[a-z]+", sentence(clause.condition))


def test_they_are_many_and_of_many_kinds() -> None:
    assert len(LINES) >= 250
    assert len({line["note_zh"] for line in LINES}) >= 120


def test_stated_facts_give_what_they_are_said_to() -> None:
    found = report(LINES)
    assert found.faults == []
    assert found.in_words == []
    assert found.shown == sum("met" in line for line in LINES) >= 100
