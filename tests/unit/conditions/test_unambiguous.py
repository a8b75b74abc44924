"""Whatever is nested how: two conditions that are said alike are judged alike, and so are two formulas."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import permutations, product

import pytest

from finmart.conditions.evaluate import compute, evaluate
from finmart.conditions.sentence import sentence, words_of
from finmart.conditions.types import (
    All,
    AnyOf,
    Arithmetic,
    AtLeast,
    Calculation,
    Case,
    Compare,
    Comparison,
    Condition,
    Expression,
    Fact,
    FactValue,
    Flag,
    Literal,
    Not,
    Unless,
)
from tests.unit.conditions.samples import facts

LEAVES = (Flag("overdue_now", True), Flag("tax_arrears", False), Flag("wage_arrears", True))
KEYS = tuple(leaf.key for leaf in LEAVES)
FORMS = ("net_profit", "annual_revenue", "total_debt")


def _grown(parts: tuple[Condition, ...], others: tuple[Condition, ...]) -> Iterator[Condition]:
    yield from (Not(part) for part in parts)
    for left, right in product(parts, others):
        if left != right:
            yield from (All((left, right)), AnyOf((left, right)), Unless(left, right), Unless(right, left))
            yield AtLeast(2, (left, right))
            yield All((right, left))


def _conditions() -> tuple[Condition, ...]:
    first = (*LEAVES, *_grown(LEAVES, LEAVES))
    return tuple(dict.fromkeys((*first, *_grown(first, first))))


#: Every way in which three yes-no facts can be known or not.
WORLDS = tuple(
    facts(**{key: value for key, value in zip(KEYS, values, strict=True) if value is not None})
    for values in product((True, False, None), repeat=3)
)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_groups_said_alike_are_judged_alike(language: str) -> None:
    meanings: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for condition in _conditions():
        judged = tuple(evaluate(condition, world).state.value for world in WORLDS)
        meanings[sentence(condition, language)].add(judged)
    assert len(meanings) > 1000
    assert {said: len(found) for said, found in meanings.items() if len(found) > 1} == {}


def _calculated(parts: tuple[Expression, ...]) -> Iterator[Expression]:
    for left, right in permutations(parts, 2):
        yield from (Calculation(operator, (left, right)) for operator in Arithmetic)


def _formulas() -> tuple[Expression, ...]:
    leaves: tuple[Expression, ...] = tuple(map(Fact, FORMS))
    chosen = Case(((LEAVES[0], leaves[0]),), leaves[1])
    first = (*leaves, chosen, *_calculated(leaves))
    return tuple(dict.fromkeys((*first, *_calculated(first))))


NUMBERS: tuple[dict[str, FactValue], ...] = tuple(
    facts(net_profit=a, annual_revenue=b, total_debt=c, overdue_now=flag)
    for (a, b, c), flag in product([(2, 3, 5), (7, 11, 13), (30, 10, 4), (-8, 9, 17)], (True, False))
)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_formulas_said_alike_come_to_the_same(language: str) -> None:
    values: dict[str, set[tuple[object, ...]]] = defaultdict(set)
    for formula in _formulas():
        values[words_of(formula, language)].add(tuple(compute(formula, known).exact for known in NUMBERS))
    assert len(values) > 1000
    assert {said: len(found) for said, found in values.items() if len(found) > 1} == {}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_brackets_are_whole(language: str) -> None:
    for condition in _conditions():
        compared = Comparison(Compare.LE, Fact("total_debt"), Case(((condition, Literal(1)),), Literal(2)))
        said = sentence(compared, language)
        for opening, closing in ("（）", "〔〕", "“”", "()", "[]"):
            assert said.count(opening) == said.count(closing)
