"""Everything the language says has its place and its fields in the editor, and comes back as it was."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from finmart.conditions import pieces, shapes, tree
from finmart.conditions.errors import BadCondition
from finmart.conditions.json_form import dump_condition, dump_expression, parse_condition, parse_expression
from finmart.conditions.leaves import fields_of, leaf_of
from finmart.conditions.shapes import Json, Role
from finmart.conditions.types import Condition, Expression
from finmart.conditions.validate import problems, value_problems
from tests.unit.conditions.samples import conditions, expressions

ENCODED = [
    json.loads(line) for line in Path("finmart/products/data/conditions.jsonl").read_text(encoding="utf-8").splitlines()
]
WHOLES: list[tuple[Json, Role]] = [
    *((line["condition"], "condition") for line in ENCODED if "condition" in line),
    *((line["limit"], "value") for line in ENCODED if "limit" in line),
]


def written_again(node: Json, role: Role) -> Json:
    """``node`` after each part that has fields was opened and filled in as it stands."""
    for path, part in list(tree.places(node)):
        try:
            here = tree.role_at(node, path, role)
        except LookupError:
            continue
        if here == "condition" and (leaf := fields_of(part)) is not None:
            node = tree.replaced(node, path, leaf_of(leaf))
        elif here == "value" and (piece := pieces.fields_of(part)) is not None:
            node = tree.replaced(node, path, pieces.piece_of(piece))
        else:
            # What has no fields is a box around parts that have.
            assert shapes.kind_of(part), part
    return node


@pytest.mark.parametrize(("whole", "role"), WHOLES)
def test_every_encoded_part_has_fields_and_comes_back(whole: Json, role: Role) -> None:
    assert tree.read(json.dumps(whole)) == whole
    assert written_again(whole, role) == whole


@given(conditions)
def test_every_condition_can_be_edited_part_by_part(condition: Condition) -> None:
    assume(not problems(condition))
    plain = dump_condition(condition)
    assert written_again(plain, "condition") == plain


@given(expressions)
def test_every_formula_can_be_edited_part_by_part(expression: Expression) -> None:
    assume(not value_problems(expression))
    plain = dump_expression(expression)
    assert written_again(plain, "value") == plain


def numbers_of(node: Any) -> list[int]:
    """Every literal number, in order."""
    if isinstance(node, dict) and "value" in node:
        return [node["value"]]
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [found for each in inner for found in numbers_of(each)]


@given(st.one_of(st.sampled_from(WHOLES), conditions.map(lambda each: (dump_condition(each), "condition"))), st.data())
def test_one_number_changes_alone(sample: tuple[Json, Role], data: st.DataObject) -> None:
    whole, _role = sample
    literals = [path for path, part in tree.places(whole) if "value" in part]
    assume(literals)
    path = data.draw(st.sampled_from(literals))
    old = pieces.fields_of(tree.at(whole, path))
    assert old is not None
    new = pieces.piece_of(pieces.PieceFields("number", value="7654321", unit=old.unit))
    changed = tree.replaced(whole, path, new)
    assert tree.replaced(changed, path, tree.at(whole, path)) == whole
    place = literals.index(path)
    before, after = numbers_of(whole), numbers_of(changed)
    assert [n for n in range(len(before)) if before[n] != after[n]] in ([place], [])
    assert tree.at(changed, path) == new


@given(expressions, st.sampled_from(pieces.HOLDING), st.data())
def test_reckoning_on_keeps_what_stood_and_can_be_taken_back(
    expression: Expression, kind: str, data: st.DataObject
) -> None:
    plain = dump_expression(expression)
    path = data.draw(st.sampled_from([path for path, _part in tree.places(plain) if tree.role_at(plain, path, "value")
                                      == "value"]))  # fmt: skip
    around, empty = shapes.wrapped(tree.at(plain, path), kind)
    grown = tree.replaced(plain, path, around)
    if kind in shapes.CALCULATIONS or kind == "share":
        assert tree.without(grown, tree.below(path, empty)) == plain
    else:
        assert tree.at(plain, path) in [part for _path, part in tree.places(grown)]


@pytest.mark.parametrize("kind", shapes.CALCULATIONS)
@pytest.mark.parametrize("wanted", shapes.CALCULATIONS)
def test_another_calculation_keeps_every_operand(kind: str, wanted: str) -> None:
    names = ["a", "b", "c"] if kind in shapes.LISTS else ["a", "b"]
    turned = shapes.turned({kind: [{"fact": name} for name in names]}, wanted)
    assert [part["fact"] for _path, part in tree.places(turned) if "fact" in part] == names
    assert shapes.kind_of(turned) == wanted


def test_a_case_gets_branches_and_loses_them() -> None:
    case: Json = {"case": [[{"is": [{"fact": "overdue_now"}, False]}, {"value": 1}]]}
    grown, path = tree.added(case, "", {})
    assert path == "2"
    assert tree.empty_places(grown) == ["2", "3"]
    last, number = shapes.otherwise(grown)
    assert tree.empty_places(last) == ["2", "3", "4"]
    assert number == 4
    assert tree.without(tree.without(last, "4"), "3") == case
    assert tree.role_at(last, "2") == "condition"
    assert tree.role_at(last, "4") == "value"


@pytest.mark.parametrize("typed", ["1e999999", "NaN", "-Infinity", "9" * 40, "", "三百"])
def test_what_is_no_number_is_refused_in_one_sentence(typed: str) -> None:
    with pytest.raises(BadCondition, match=r"请填写数字|整数"):
        parse_expression(pieces.piece_of(pieces.PieceFields("number", value=typed, unit="money")))


@pytest.mark.parametrize(
    ("sent", "path"),
    [({"plus": [{}]}, ""), ({"times": [{}, {}, {}]}, ""), ({"case": [[{}]]}, ""), ({"to": [1, {}]}, ""),
     ({"ge": {"fact": "x"}}, ""), ({"at_least": [True, [{}]]}, ""), ({"ge": [{"min": []}, {}]}, "/0")],
)  # fmt: skip
def test_a_part_that_holds_the_wrong_things_is_refused(sent: Json, path: str) -> None:
    with pytest.raises(BadCondition) as refused:
        tree.read(json.dumps(sent))
    assert refused.value.path.rstrip("/") == path


def test_a_number_takes_the_unit_of_what_it_stands_beside() -> None:
    whole: Json = {"le": [{"divide": [{"fact": "loans_outstanding"}, {"fact": "annual_revenue"}]}, {}]}
    assert pieces.unit_hint(whole, "1") == "ratio"
    limit: Json = {"min": [{"case": [[{}, {}]]}, {"times": [{}, {"fact": "sales_12m"}]}]}
    assert pieces.unit_hint(limit, "1.0") == "ratio"
    assert pieces.unit_hint({"ge": [{"fact": "sales_12m"}, {"plus": [{}, {}]}]}, "1.0") == "money"
    assert pieces.unit_hint({"ge": [{"fact": "sales_12m"}, {}]}, "1") == "money"
    # Nothing stands beside it yet: a limit is money, a comparison may be of anything.
    assert pieces.unit_hint({"min": [{}, {}]}, "0") == "money"
    assert pieces.unit_hint({"case": [[{}, {}]]}, "1") == "money"
    assert pieces.unit_hint({"ge": [{}, {}]}, "0") == ""


def test_a_condition_of_every_form_is_parsed_after_editing() -> None:
    for whole, role in WHOLES:
        (parse_condition if role == "condition" else parse_expression)(written_again(whole, role))
