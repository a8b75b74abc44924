"""The page about the language: whole, its examples real, its dictionary the one the program uses."""

import json
import re
from pathlib import Path

from finmart.conditions.json_form import parse_condition, parse_expression
from finmart.conditions.page import BEGIN, PAGE, TOPICS, with_tables
from finmart.conditions.sentence import expression_words, sentence
from finmart.conditions.types import LANGUAGE_VERSION, Arithmetic, Compare, Direction, MemberOf, TimeUnit, WindowOf
from finmart.conditions.validate import expression_problems, problems
from finmart.reference.facts import facts
from finmart.reference.tables import table_names

TEXT = (Path(__file__).parents[3] / PAGE).read_text(encoding="utf-8")
WORDED, _, DICTIONARY = TEXT.partition(BEGIN)
EXAMPLES = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", WORDED.partition("## Examples")[2], re.S)]
#: Words in code marks that look like facts and are parts of the language or fields of a line.
OTHER_WORDS = {
    *(
        "condition",
        "preference",
        "term",
        "fee",
        "step",
        "case",
        "all",
        "any",
        "not",
        "unless",
        "is",
        "in",
        "to",
        "date",
    ),
    *("at_least", "on_list", "since", "until", "value", "fact", "window", "else", "every", "skip", "money", "ratio"),
    *("flag", "code", "codes", "count", "limit", "variant", "version", "months", "years", "days", "unit", "medium"),
    *("mainland", "clause", "clause_zh", "product_code", "kind", "note_zh", "part_of", "of", "validate.problems"),
}


def test_the_examples_hold() -> None:
    assert len(EXAMPLES) >= 40
    for example in EXAMPLES:
        if next(iter(example)) in {*Arithmetic, "case"}:
            formula = parse_expression(example)
            assert expression_problems(formula) == ()
            assert expression_words(formula)
        else:
            condition = parse_condition(example)
            assert problems(condition) == ()
            assert sentence(condition) != sentence(condition, "en")


def test_nothing_is_left_out() -> None:
    kinds = (Arithmetic, Compare, MemberOf, WindowOf, Direction, TimeUnit)
    words = {operator.value for kind in kinds for operator in kind}
    words |= {"fact", "value", "date", "window", "to", "case", "else"}
    words |= {"is", "on_list", "remaining_months", "remaining_days", "all", "any", "not", "at_least", "unless"}
    assert [word for word in words if f"`{word}`" not in WORDED and f'"{word}"' not in WORDED] == []


def test_the_six_kinds_are_explained() -> None:
    section = WORDED.partition("## Which kind a clause is")[2].partition("## From words")[0]
    kinds = re.findall(r"^\d\. \*\*`([a-z]+)`\*\*", section, re.M)
    assert sorted(kinds) == ["case", "condition", "fee", "preference", "step", "term"]
    assert f"version {LANGUAGE_VERSION} of the language" in WORDED


def test_the_facts_it_names_exist() -> None:
    named = set(re.findall(r"`([a-z]+(?:_[a-z0-9]+)*(?:\.[a-z0-9_]*[a-z0-9])?)`", WORDED.partition("## Examples")[0]))
    operators = {each.value for kind in (Arithmetic, Compare, MemberOf, WindowOf) for each in kind}
    relation = {key.partition(".")[2] for key in facts() if key.startswith("institution_relation.")}
    assert named - operators - relation - OTHER_WORDS - facts().keys() == set()


def test_the_dictionary_is_whole_and_fresh() -> None:
    assert with_tables(TEXT) == TEXT, "run: python -m finmart.conditions.page"
    assert set(re.findall(r"^\| `([^`]+)`", DICTIONARY, re.M)) == facts().keys()
    assert len(TOPICS) == len(table_names("facts"))
