"""The published schema: every form that is read fits it, and what does not fit is not read."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from finmart.conditions.errors import BadCondition
from finmart.conditions.json_form import dump_clause, dump_condition, dump_expression, parse_clause
from finmart.conditions.page import SCHEMA, schema_text
from finmart.conditions.schema import schema
from finmart.conditions.types import LANGUAGE_VERSION, Clause, Condition, Expression
from tests.unit.conditions.samples import conditions, expressions

PUBLISHED = json.loads((Path(__file__).parents[3] / SCHEMA).read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(PUBLISHED)
#: Faults that are a matter of counting or of the calendar, which a schema cannot say.
BEYOND = frozenset({"too_deep", "too_large", "never_met", "not_a_day"})
#: What stands in for a part of a form, to see it refused.
_STRANGE: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        -1,
        1.0,
        1.5,
        10**19,
        "",
        "x",
        "ge",
        "money",
        "2020-01-01",
        [],
        [1],
        {},
        {"fact": ""},
        {"all": []},
    ]
)


def clause(condition: Any) -> dict[str, Any]:
    return {"version": LANGUAGE_VERSION, "condition": condition}


def fits(document: Any) -> bool:
    return bool(VALIDATOR.is_valid(document))


def test_the_published_schema_is_the_language() -> None:
    Draft202012Validator.check_schema(PUBLISHED)
    assert schema() == PUBLISHED
    assert (Path(__file__).parents[3] / SCHEMA).read_text(encoding="utf-8") == schema_text()
    assert PUBLISHED["properties"]["version"] == {"const": LANGUAGE_VERSION}


@given(conditions, st.booleans())
def test_every_condition_fits(condition: Condition, required: bool) -> None:
    assert fits(dump_clause(Clause(condition, required)))


@given(expressions)
def test_every_expression_fits(expression: Expression) -> None:
    assert fits(clause({"gt": [dump_expression(expression), {"value": 0}]}))


def _places(form: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = form.items() if isinstance(form, dict) else enumerate(form) if isinstance(form, list) else ()
    return [path, *(place for key, part in inner for place in _places(part, (*path, key)))]


def _changed(form: Any, path: tuple[Any, ...], put: Any) -> Any:
    if not path:
        return put
    copied = dict(form) if isinstance(form, dict) else list(form)
    copied[path[0]] = _changed(form[path[0]], path[1:], put)
    return copied


def _refusal(document: Any) -> str | None:
    try:
        parse_clause(document)
    except BadCondition as fault:
        return fault.code
    return None


@given(conditions, st.data())
@settings(max_examples=300)
def test_schema_and_reader_agree_on_broken_forms(condition: Condition, data: st.DataObject) -> None:
    document = clause(dump_condition(condition))
    broken = _changed(document, data.draw(st.sampled_from(_places(document))), data.draw(_STRANGE))
    code = _refusal(broken)
    assert fits(broken) == (code is None) or code in BEYOND, (broken, code)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"version": 2, "condition": {"is": [{"fact": "overdue_now"}, False]}},
        clause({"is": [{"fact": "overdue_now"}, "no"]}),
        clause({"ge": [{"fact": "sales_12m"}]}),
        clause({"ge": [{"fact": "sales_12m"}, {"value": 1.5}]}),
        clause({"ge": [{"fact": "sales_12m"}, {"value": 1, "unit": "yuan"}]}),
        clause({"in": [{"fact": "tax_grade"}, []]}),
        clause({"in": [{"fact": "tax_grade"}, ["A", "A"]]}),
        clause({"all": [], "any": []}),
        clause({"perhaps": []}),
        clause({"gt": [{"since": {"fact": "established_on", "in": "weeks"}}, {"value": 1}]}),
        clause({"gt": [{"case": []}, {"value": 1}]}),
    ],
)
def test_what_is_no_clause_is_refused_by_both(document: Any) -> None:
    assert not fits(document)
    with pytest.raises(BadCondition):
        parse_clause(document)
