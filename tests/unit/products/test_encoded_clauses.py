"""Every encoded clause on stated facts: met, not met and unknown, or the limit to the 分, and how it prints in Chinese.

The fact sets in ``tests/golden/clauses.jsonl`` were written from the clause's words, not from its encoding; bounds are
tried at their edge.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from finmart.conditions.evaluate import compute, evaluate
from finmart.conditions.json_form import parse_clause, parse_expression
from finmart.conditions.sentence import expression_words, sentence
from finmart.conditions.types import FactValue, Value
from finmart.conditions.validate import expression_problems, problems
from finmart.products.catalogue import DATA, read_catalogue
from finmart.reference.facts import fact

KINDS = frozenset({"condition", "preference", "term", "fee", "step", "case"})
GOLDEN = Path(__file__).parents[2] / "golden" / "clauses.jsonl"


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


LINES = _read(DATA / "conditions.jsonl")
ENCODED = {(line["product_code"], line["clause"]): line for line in LINES if "version" in line}
STATED = {(line["product_code"], line["clause"]): line for line in _read(GOLDEN)}
CONDITIONS = [key for key, line in ENCODED.items() if "condition" in line]
LIMITS = [key for key, line in ENCODED.items() if "limit" in line]


def _facts(values: dict[str, Any]) -> dict[str, FactValue]:
    found = {}
    for key, value in values.items():
        assert fact(key), key
        found[key] = FactValue(_held(value), None, "stated", "declared")
    return found


def _held(value: Any) -> Value:
    """A value as facts hold it: lists are tuples, and a day stands as ``{"date": "2026-12-21"}``."""
    if isinstance(value, dict):
        return date.fromisoformat(value["date"])
    held: Value = tuple(value) if isinstance(value, list) else value
    return held


def test_each_encoded_clause_has_its_stated_facts() -> None:
    assert ENCODED.keys() == STATED.keys()
    assert all(ENCODED[key]["clause_zh"] == STATED[key]["clause_zh"] for key in ENCODED)


@pytest.mark.parametrize("key", CONDITIONS, ids=lambda key: f"{key[0]}-{key[1]}")
def test_a_condition_on_stated_facts(key: tuple[str, int]) -> None:
    line, stated = ENCODED[key], STATED[key]
    condition = parse_clause({"version": line["version"], "condition": line["condition"]}).condition
    assert problems(condition) == ()
    assert sentence(condition) == stated["sentence_zh"]
    found = {name: evaluate(condition, _facts(stated[name])).state.value for name in ("met", "not_met", "unknown")}
    assert found == {"met": "met", "not_met": "not_met", "unknown": "unknown"}


@pytest.mark.parametrize("key", LIMITS, ids=lambda key: f"{key[0]}-{key[1]}")
def test_a_limit_on_stated_facts(key: tuple[str, int]) -> None:
    stated = STATED[key]
    formula = parse_expression(ENCODED[key]["limit"])
    assert expression_problems(formula) == ()
    assert expression_words(formula) == stated["sentence_zh"]
    for known in stated["amounts"]:
        assert compute(formula, _facts(known["facts"])).amount == known["fen"]
    value = compute(formula, _facts(stated["unknown"]))
    assert value.amount is None
    assert value.missing


def test_every_clause_of_the_catalogue_has_one_line_of_a_known_kind() -> None:
    places = [(line["product_code"], line["clause"]) for line in LINES]
    assert len(set(places)) == len(places)
    assert {line["kind"] for line in LINES} <= KINDS
    assert all(line["version"] == 1 for line in LINES if {"condition", "limit"} & line.keys())


def test_few_clauses_are_only_steps_or_cases() -> None:
    asides = [line for line in LINES if line["kind"] in {"step", "case"}]
    assert len(asides) <= len(LINES) // 5


def test_a_tier_by_revenue_asks_only_its_own_variant() -> None:
    (product,) = [each for each in read_catalogue().products if each.code == "xa_kejizuhe_danbao"]
    caps = {variant.key: variant.amount_max for variant in product.variants}
    assert caps == {"to_50m": 416_000_000, "to_200m": 600_000_000, "to_400m": 875_000_000}
    for variant in product.variants:
        (own,) = [clause for clause in variant.clauses if clause.origin.startswith("variant:")]
        assert (own.origin, own.required) == (f"variant:{variant.key}", True)
        assert own.condition["le" if variant.key == "to_50m" else "all"]
