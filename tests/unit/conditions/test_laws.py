"""What must hold for every condition: Kleene's laws, round trips, and knowledge that never flips an answer."""

import re
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from finmart.conditions.evaluate import at_least, compute, evaluate, negated
from finmart.conditions.json_form import dump_condition, dump_expression, parse_condition, parse_expression
from finmart.conditions.sentence import sentence, words_of
from finmart.conditions.types import All, AnyOf, AtLeast, Condition, Expression, FactValue, Not, State, Unless
from finmart.conditions.validate import problems
from finmart.conditions.walk import keys_of, keys_of_expression
from tests.unit.conditions.samples import conditions, expressions, profiles, strange_profiles

states = st.sampled_from(list(State))
Profile = dict[str, FactValue]
_ORDER = {State.NOT_MET: 0, State.UNKNOWN: 1, State.MET: 2}
#: Keys with an underscore or a dot are never words of ours.
RAW_KEY = re.compile(r"[a-z]+[_.][a-z_]+")


def _least(found: Iterable[State]) -> State:
    return min(found, key=_ORDER.__getitem__)


def _most(found: Iterable[State]) -> State:
    return max(found, key=_ORDER.__getitem__)


@given(st.lists(states, min_size=1, max_size=6))
def test_and_or_are_the_least_and_the_most(found: list[State]) -> None:
    assert at_least(len(found), found) is _least(found)
    assert at_least(1, found) is _most(found)


@given(st.lists(states, min_size=1, max_size=6), st.integers(1, 6))
def test_at_least_k_is_the_kth_most(found: list[State], count: int) -> None:
    ordered = sorted(found, key=lambda state: -_ORDER[state])
    expected = ordered[count - 1] if count <= len(found) else State.NOT_MET
    assert at_least(count, found) is expected


@given(st.lists(states, min_size=1, max_size=6))
def test_de_morgan(found: list[State]) -> None:
    assert negated(at_least(len(found), found)) is at_least(1, [negated(state) for state in found])


@given(conditions, conditions, profiles())
def test_groups_follow_their_parts(left: Condition, right: Condition, facts: Profile) -> None:
    first, second = evaluate(left, facts).state, evaluate(right, facts).state
    assert evaluate(All((left, right)), facts).state is _least([first, second])
    assert evaluate(AnyOf((left, right)), facts).state is _most([first, second])
    assert evaluate(AtLeast(2, (left, right)), facts).state is _least([first, second])
    assert evaluate(Unless(left, right), facts).state is _most([first, second])
    assert evaluate(Not(Not(left)), facts).state is first


@given(conditions)
def test_a_condition_survives_json(condition: Condition) -> None:
    form = dump_condition(condition)
    assert parse_condition(form) == condition
    assert dump_condition(parse_condition(form)) == form


@given(expressions)
def test_an_expression_survives_json(expression: Expression) -> None:
    form = dump_expression(expression)
    assert parse_expression(form) == expression
    assert dump_expression(parse_expression(form)) == form


@given(conditions, profiles(), st.data())
@settings(max_examples=300)
def test_learning_a_fact_never_flips_an_answer(condition: Condition, facts: Profile, data: st.DataObject) -> None:
    forgotten = data.draw(st.sets(st.sampled_from([*keys_of(condition), "industry"])))
    fewer = {key: value for key, value in facts.items() if key not in forgotten}
    before, after = evaluate(condition, fewer).state, evaluate(condition, facts).state
    assert before in {after, State.UNKNOWN}


@given(conditions, strange_profiles())
def test_no_well_formed_condition_ever_raises(condition: Condition, facts: Profile) -> None:
    result = evaluate(condition, facts)
    assert result.leaves
    problems(condition)


@given(expressions, strange_profiles())
def test_an_expression_is_known_or_says_why_not(expression: Expression, facts: Profile) -> None:
    value = compute(expression, facts)
    assert (value.amount is None) == (value.exact is None)
    assert value.exact is not None or value.missing or not keys_of_expression(expression)


@given(conditions)
def test_only_missing_facts_keep_a_condition_unknown(condition: Condition) -> None:
    for leaf in evaluate(condition, {}).leaves:
        assert set(leaf.missing) <= set(keys_of(condition))
        assert (leaf.state is State.UNKNOWN) or not leaf.missing


@given(conditions, st.sampled_from(["zh", "en"]))
def test_a_sentence_speaks_in_words(condition: Condition, language: str) -> None:
    said = sentence(condition, language)
    assert said.strip() == said != ""
    assert not RAW_KEY.search(said), said
    assert "未知数据项" not in said


@given(expressions, st.sampled_from(["zh", "en"]))
def test_a_formula_speaks_in_words(expression: Expression, language: str) -> None:
    assert not RAW_KEY.search(words_of(expression, language))


@given(conditions, profiles())
def test_denied_conditions_are_said_and_judged_alike(condition: Condition, facts: Profile) -> None:
    assert evaluate(Not(condition), facts).state is negated(evaluate(condition, facts).state)
    assert sentence(Not(condition)) != sentence(condition)
