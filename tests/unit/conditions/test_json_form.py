"""What the JSON form refuses, where, and with which sentence."""

from typing import Any

import pytest

from finmart.conditions.errors import BadCondition
from finmart.conditions.json_form import dump_clause, parse_clause, parse_condition, parse_expression

SALES = {"fact": "sales_12m"}
ONE = {"value": 1}
MET = {"ge": [SALES, ONE]}


def nested(levels: int) -> dict[str, Any]:
    """A comparison inside ``levels`` groups."""
    inner: dict[str, Any] = MET
    for _ in range(levels):
        inner = {"all": [inner]}
    return inner


@pytest.mark.parametrize(
    ("source", "code", "path"),
    [
        (None, "not_an_object", "/"),
        ([], "not_an_object", "/"),
        ({}, "one_operator", "/"),
        ({"all": [MET], "any": [MET]}, "one_operator", "/"),
        ({"approx": [SALES, ONE]}, "unknown_operator", "/"),
        ({"ge": [SALES]}, "too_few", "/ge"),
        ({"ge": [SALES, ONE, ONE]}, "too_many", "/ge"),
        ({"ge": "sales"}, "too_few", "/ge"),
        ({"ge": [SALES, {"value": 1.5}]}, "not_an_integer", "/ge/1/value"),
        ({"ge": [SALES, {"value": True}]}, "not_an_integer", "/ge/1/value"),
        ({"ge": [SALES, {"value": 10**19}]}, "not_an_integer", "/ge/1/value"),
        ({"ge": [SALES, {"value": 1, "unit": "yuan"}]}, "unknown_unit", "/ge/1/unit"),
        ({"ge": [SALES, {"value": 1, "unit": ["money"]}]}, "unknown_unit", "/ge/1/unit"),
        ({"ge": [{"fact": "sales_12m", "unit": "money"}, ONE]}, "one_operator", "/ge/0"),
        ({"ge": [{"fact": ""}, ONE]}, "not_a_key", "/ge/0/fact"),
        ({"ge": [{"power": [ONE, ONE]}, ONE]}, "unknown_operator", "/ge/0"),
        ({"ge": [{"divide": [ONE, ONE, ONE]}, ONE]}, "too_many", "/ge/0/divide"),
        ({"all": []}, "too_few", "/all"),
        ({"all": [MET, {"in": [SALES, []]}]}, "too_few", "/all/1/in/1"),
        ({"in": [SALES, ["A", "A"]]}, "code_twice", "/in/1"),
        ({"in": [SALES, [7]]}, "not_codes", "/in/1"),
        ({"in": [ONE, ["A"]]}, "not_a_fact", "/in/0"),
        ({"is": [SALES, "yes"]}, "not_a_flag", "/is/1"),
        ({"at_least": [3, [MET, MET]]}, "never_met", "/at_least"),
        ({"at_least": [0, [MET]]}, "too_small", "/at_least/0"),
        ({"unless": [MET]}, "too_few", "/unless"),
        ({"on_list": {"fact": "x", "days": 3}}, "unknown_field", "/on_list"),
    ],
)
def test_refusals(source: Any, code: str, path: str) -> None:
    with pytest.raises(BadCondition) as refused:
        parse_condition(source)
    assert (refused.value.code, refused.value.path) == (code, path)
    assert str(refused.value).endswith("。")


@pytest.mark.parametrize(
    ("window", "code"),
    [
        ({"series": "sales_monthly", "months": 0, "of": "sum"}, "too_small"),
        ({"series": "sales_monthly", "months": 3, "of": "median"}, "unknown_window"),
        ({"series": "sales_monthly", "months": 3, "of": ["sum"]}, "unknown_window"),
        ({"series": "sales_monthly", "months": 3, "of": "sum", "skip": -1}, "too_small"),
        ({"series": "sales_monthly", "months": 3, "of": "sum", "last": 1}, "unknown_field"),
        ({"months": 3, "of": "sum"}, "not_a_key"),
        ("sales", "unknown_field"),
    ],
)
def test_bad_windows(window: Any, code: str) -> None:
    with pytest.raises(BadCondition) as refused:
        parse_expression({"window": window})
    assert refused.value.code == code


def test_depth_is_bounded() -> None:
    assert parse_condition(nested(10))
    with pytest.raises(BadCondition, match="12") as refused:
        parse_condition(nested(11))
    assert refused.value.code == "too_deep"


def test_a_nest_of_a_thousand_groups_is_refused_like_any_other() -> None:
    with pytest.raises(BadCondition) as refused:
        parse_condition(nested(900))
    assert refused.value.code == "too_deep"


def test_a_nest_of_a_thousand_values_by_case_is_refused_too() -> None:
    value: Any = {"value": 1}
    for _ in range(1000):
        value = {"case": [[{"gt": [value, {"value": 0}]}, {"value": 2}]], "else": {"to": ["months", {"value": 3}]}}
    with pytest.raises(BadCondition, match="12") as refused:
        parse_expression(value)
    assert refused.value.code == "too_deep"


def test_a_huge_list_is_refused_without_reading_it_to_the_end() -> None:
    with pytest.raises(BadCondition) as refused:
        parse_condition({"all": [MET] * 1_000_000})
    assert refused.value.code == "too_large"
    with pytest.raises(BadCondition) as refused:
        parse_condition({"in": [{"fact": "tax_grade"}, ["A"] * 1_000_000]})
    assert refused.value.code == "too_many"


@pytest.mark.parametrize("day", ["2026-02-30", "20260101", "yesterday", 20260101, None])
def test_a_day_stands_in_the_calendar(day: Any) -> None:
    with pytest.raises(BadCondition, match="2026-01-31") as refused:
        parse_expression({"date": day})
    assert refused.value.code == "not_a_day"


def test_size_is_bounded() -> None:
    assert parse_condition({"any": [MET] * 66})
    with pytest.raises(BadCondition, match="200") as refused:
        parse_condition({"any": [MET] * 67})
    assert refused.value.code == "too_large"


def test_a_clause_carries_the_version_of_the_language() -> None:
    clause = parse_clause({"version": 1, "condition": MET, "required": False})
    assert dump_clause(clause) == {"version": 1, "condition": MET, "required": False}
    assert parse_clause({"version": 1, "condition": MET}).required is True


@pytest.mark.parametrize("source", [{"condition": MET}, {"version": 2, "condition": MET}])
def test_another_version_is_refused(source: Any) -> None:
    with pytest.raises(BadCondition) as refused:
        parse_clause(source)
    assert refused.value.code == "unknown_version"
