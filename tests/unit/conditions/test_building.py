"""What the editor does with conditions: every leaf it can show comes back as it was, every change keeps the rest."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finmart.conditions.errors import BadCondition
from finmart.conditions.json_form import dump_condition, parse_condition
from finmart.conditions.leaves import LeafFields, fields_of, leaf_of, operators_of
from finmart.conditions.shapes import GROUPS, Json
from finmart.conditions.tree import (
    added,
    at,
    count_of,
    empty_places,
    group_of,
    grouped,
    parts_of,
    read,
    regrouped,
    replaced,
    walked,
    without,
)
from finmart.conditions.types import Condition
from finmart.reference.facts import facts
from tests.unit.conditions.samples import conditions

LEAVES = st.sampled_from(
    [
        {"is": [{"fact": "overdue_now"}, False]},
        {"ge": [{"fact": "sales_12m"}, {"value": 300_000_000, "unit": "money"}]},
        {"in": [{"fact": "tax_grade"}, ["A", "B"]]},
        {},
    ]
)


def _groups(parts: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    return st.builds(
        grouped, st.sampled_from(GROUPS), st.lists(parts, min_size=1, max_size=4), st.integers(min_value=1, max_value=3)
    )


TREES = st.recursive(LEAVES, _groups, max_leaves=12)


def _leaves(node: Json) -> list[str]:
    return sorted(json.dumps(part, sort_keys=True) for _path, part in walked(node) if part and not group_of(part))


@given(conditions)
def test_a_leaf_that_the_form_can_show_comes_back_as_it_was(condition: Condition) -> None:
    for _path, part in walked(dump_condition(condition)):
        if not parts_of(part):
            fields = fields_of(part)
            assert fields is None or leaf_of(fields) == part


@given(conditions)
def test_a_tree_is_read_as_it_was_sent(condition: Condition) -> None:
    document = dump_condition(condition)
    assert read(json.dumps(document)) == document
    for path, part in walked(document):
        assert replaced(document, path, part) == document
        if group_of(part):
            assert grouped(group_of(part), parts_of(part), count_of(part)) == part


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ('{"not":' * 1000 + "{}" + "}" * 1000, "too_deep"),
        ('{"all":[' * 5000 + "{}" + "]}" * 5000, "too_deep"),
        ('{"not":' * 20 + "{}" + "}" * 20, "too_deep"),
        ('{"in":[{"fact":"x"},["\\ud800"]]}', "not_json"),
        ('{"in":[{"fact":"x"},["\\u0000"]]}', "not_json"),
        ('{"value":1' + "0" * 5000 + "}", "not_json"),
        ("{", "not_json"),
    ],
)
def test_what_cannot_be_a_tree_is_named(sent: str, code: str) -> None:
    with pytest.raises(BadCondition) as refused:
        read(sent)
    assert refused.value.code == code


@given(TREES, st.data())
def test_adding_and_taking_away_keep_everything_else(node: Json, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([path for path, _part in walked(node)]))
    new = {"is": [{"fact": "listed"}, True]} if "listed" in facts() else {"is": [{"fact": "overdue_now"}, True]}
    bigger, place = added(node, path, new)
    assert at(bigger, place) == new
    assert _leaves(bigger) == sorted([*_leaves(node), json.dumps(new, sort_keys=True)])
    assert _leaves(without(bigger, place)) == _leaves(node)


@given(TREES, st.sampled_from(GROUPS), st.integers(1, 5), st.data())
def test_another_kind_of_group_keeps_its_parts(node: Json, group: str, count: int, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([path for path, part in walked(node) if group_of(part)] or [""]))
    if not group_of(at(node, path)):
        return
    changed = regrouped(node, path, group, count)
    assert group_of(at(changed, path)) == group
    assert _leaves(changed) == _leaves(node)


def test_places_that_say_nothing_are_known() -> None:
    node = {"all": [{}, {"not": {}}, {"is": [{"fact": "overdue_now"}, False]}]}
    assert empty_places(node) == ["0", "1.0"]
    with pytest.raises(BadCondition):
        parse_condition(node)


@pytest.mark.parametrize("key", sorted(facts()))
def test_every_fact_can_be_asked_for(key: str) -> None:
    """Each operator of each fact has fields that make a leaf, and the leaf leads back to the same fields' leaf."""
    definition = facts()[key]
    if definition.kind == "text":
        return
    for operator in operators_of(definition):
        codes = tuple(choice.code for choice in definition.choices[:2]) or {
            "industry": ("C",),
            "region": ("360100",),
        }.get(definition.kind, ("x",))
        value = {"is": "yes", "on_list": "3"}.get(operator, "2026-01-01" if definition.kind == "date" else "5")
        of = "sum" if definition.kind == "series" else "months"
        leaf = leaf_of(LeafFields(key, operator, value=value, codes=codes, months="12", of=of))
        found = fields_of(leaf)
        assert found is not None
        assert leaf_of(found) == leaf
        parse_condition(leaf)
