"""The judged queries that the project ships are those that the rules make, and each of them can be answered."""

import json

from finmart.products.catalogue import DATA
from tests.golden.search.judging import judged
from tests.golden.search.rules import RULES

FILE = DATA / "search" / "queries.jsonl"


def test_the_file_is_what_the_rules_make() -> None:
    """Whoever changes a rule or the catalogue writes the file again: see the README beside the rules."""
    lines = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    assert lines == judged(RULES)


def test_there_are_enough_queries_and_each_has_a_best_answer() -> None:
    """A query without a product of grade 2 or 3 measures nothing."""
    lines = judged(RULES)
    assert len(lines) >= 100
    assert len({line["query"] for line in lines}) == len(lines)
    assert [line["query"] for line in lines if max(line["relevant"].values(), default=0) < 2] == []
