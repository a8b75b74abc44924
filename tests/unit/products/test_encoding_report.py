"""Counting what is encoded: sound conditions, faulty ones, what stays in words, and files that are none."""

import json
from pathlib import Path
from typing import Any

import pytest

from finmart.products.catalogue import DATA, variant_keys
from finmart.products.encoding import STATED, FileUnreadable, Line, read_clauses, report

GOLDEN = Path(__file__).parents[2] / "golden" / "clauses.jsonl"
SOUND = {"ge": [{"fact": "sales_12m"}, {"value": 300_000_000, "unit": "money"}]}


def _line(of: str = "condition", **more: object) -> Line:
    return {"product_code": "x", "clause_zh": "近1年有效开票收入≥300万", "kind": of, **more}


def test_the_projects_own_clauses_are_sound_and_shown_on_facts() -> None:
    lines = read_clauses((DATA / "conditions.jsonl").read_text(encoding="utf-8"))
    found = report(lines, read_clauses(GOLDEN.read_text(encoding="utf-8"), names=STATED))
    assert found.clauses == 563
    assert found.faults == []
    assert report(lines, variants=variant_keys()).faults == []
    assert found.conditions == found.structured + len(found.in_words)
    assert found.shown == sum("condition" in line for line in lines)
    assert found.aside <= found.clauses * 0.2


def test_each_line_counts_once() -> None:
    lines = [
        _line(version=1, condition=SOUND),
        _line(part_of=1),
        _line(why_zh="由机构自行判断"),
        _line("preference", condition=SOUND),
        _line("step"),
        _line("term", limit={"fact": "sales_12m"}),
    ]
    found = report(lines)
    assert (found.clauses, found.conditions, found.structured, found.unstructured, found.aside) == (6, 3, 2, 1, 1)
    assert [(each.line, each.text) for each in found.in_words] == [(3, "由机构自行判断")]
    assert len(found.sentences) == 3


@pytest.mark.parametrize(
    "condition",
    [
        {"ge": [{"fact": "no_such_fact"}, {"value": 1}]},
        {"ge": [{"fact": "sales_12m"}, {"value": 3, "unit": "years"}]},
        {"ge": [{"fact": "controller.age"}, {"value": 500}]},
        {"all": []},
        {},
    ],
)
def test_a_condition_that_cannot_be_used_is_no_structured_one(condition: object) -> None:
    found = report([_line(version=1, condition=condition)])
    assert (found.conditions, found.structured, len(found.faults)) == (1, 0, 1)


def test_facts_that_give_something_else_are_a_fault() -> None:
    sets: dict[str, Any] = {"met": {"sales_12m": 300_000_000}, "not_met": {"sales_12m": 299_999_999}, "unknown": {}}
    assert report([_line(condition=SOUND, **sets)]).shown == 1
    wrong = report([_line(condition=SOUND, **{**sets, "not_met": {"sales_12m": 300_000_001}})])
    assert (wrong.shown, [each.text for each in wrong.faults]) == (0, ["not_met: these facts give met"])
    strange = report([_line(condition=SOUND, **{**sets, "unknown": {"no_such_fact": 1}})])
    assert "no_such_fact" in strange.faults[0].text


@pytest.mark.parametrize(
    "text", ["x", "[]", "{}", '{"product_code": "x", "clause_zh": "y", "kind": "magic"}', "[" * 9999]
)
def test_a_line_that_is_none_is_named(text: str) -> None:
    with pytest.raises(FileUnreadable, match="2"):
        read_clauses(json.dumps(_line(), ensure_ascii=False) + "\n" + text)


def test_a_way_that_the_product_does_not_have_is_a_fault() -> None:
    line = _line("term", variant="小巨人")
    known = {"x": frozenset({"credit", "mortgage"})}
    assert [each.text for each in report([line], variants=known).faults] == [
        "variant: the product has no variant 小巨人; it has: credit, mortgage"
    ]
    assert report([_line("term", variant="credit")], variants=known).faults == []
    assert report([line], variants={"x": frozenset()}).faults[0].text.endswith("it has: none")
    # Nobody knows the ways of a product that is not in the catalogue.
    assert report([line], variants={}).faults == report([line]).faults == []
