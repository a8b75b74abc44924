"""The page about the language: its examples are real, and no operator, figure or kind is missing from it."""

import json
import re
from pathlib import Path

from finmart.conditions.json_form import parse_condition, parse_expression
from finmart.conditions.types import Arithmetic, Compare, MemberOf, WindowOf
from finmart.conditions.validate import expression_problems, problems
from finmart.reference.facts import facts

PAGE = (Path(__file__).parents[3] / "docs" / "conditions.md").read_text(encoding="utf-8")
EXAMPLES = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE.partition("## Examples")[2], re.S)]


def test_the_examples_hold() -> None:
    assert len(EXAMPLES) >= 7
    for example in EXAMPLES:
        if next(iter(example)) in set(Arithmetic):
            assert expression_problems(parse_expression(example)) == ()
        else:
            assert problems(parse_condition(example)) == ()


def test_nothing_is_left_out() -> None:
    words = {operator.value for kind in (Arithmetic, Compare, MemberOf, WindowOf) for operator in kind}
    words |= {"fact", "value", "window", "is", "on_list", "all", "any", "not", "at_least", "unless"}
    assert [word for word in words if f"`{word}`" not in PAGE and f'"{word}"' not in PAGE] == []


def test_the_facts_it_names_exist() -> None:
    section = PAGE.partition("## Facts")[2].partition("## Where")[0]
    named = set(re.findall(r"`([a-z]+[a-z_]*(?:\.[a-z_]+)?(?:_12m)?)`", section))
    assert named - set(WindowOf) - facts().keys() == set()
