"""What the dictionary forbids: unknown facts, wrong kinds and units, codes that do not exist, what nobody can meet."""

from typing import Any

import pytest

from finmart.conditions.json_form import parse_condition, parse_expression
from finmart.conditions.validate import expression_problems, problems

SALES = {"fact": "sales_12m"}
YEARS = {"fact": "years_established"}
MONEY = {"value": 100, "unit": "money"}


def window(of: str, **more: Any) -> dict[str, Any]:
    """A window over a year of monthly sales."""
    return {"window": {"series": "sales_monthly", "months": 12, "of": of, **more}}


def found(source: dict[str, Any]) -> list[tuple[str, str]]:
    """Code and path of everything wrong with a condition."""
    return [(problem.code, problem.path) for problem in problems(parse_condition(source))]


@pytest.mark.parametrize(
    ("source", "code", "path"),
    [
        ({"ge": [{"fact": "sale_12m"}, MONEY]}, "unknown_fact", "/ge/0/fact"),
        ({"is": [{"fact": "sale"}, True]}, "unknown_fact", "/is/0"),
        ({"ge": [{"fact": "tax_grade"}, {"value": 1}]}, "wrong_kind", "/ge/0/fact"),
        ({"ge": [{"fact": "demand.as_of"}, {"value": 1}]}, "wrong_unit", "/"),
        ({"ge": [{"fact": "sales_12m"}, {"date": "2020-01-01"}]}, "wrong_unit", "/"),
        ({"ge": [{"fact": "controller.age"}, {"value": 500}]}, "impossible", "/"),
        ({"ge": [window("sum", skip=109), MONEY]}, "window_too_long", "/ge/0/window"),
        ({"ge": [{"since": {"fact": "sales_12m", "in": "days"}}, {"value": 1}]}, "wrong_kind", "/ge/0/since/fact"),
        ({"ge": [{"to": ["months", {"fact": "sales_12m"}]}, {"value": 1}]}, "wrong_unit", "/ge/0"),
        (
            {"ge": [{"minus": [{"fact": "established_on"}, {"date": "2020-01-01"}]}, {"value": 1}]},
            "wrong_unit",
            "/ge/0",
        ),
        (
            {"ge": [{"fact": "sales_12m"}, {"case": [[{"is": [{"fact": "no_such"}, True]}, MONEY]]}]},
            "unknown_fact",
            "/ge/1/case/0/0/is/0",
        ),
        (
            {
                "ge": [
                    {"fact": "sales_12m"},
                    {"case": [[{"is": [{"fact": "overdue_now"}, True]}, MONEY]], "else": {"value": 1, "unit": "ratio"}},
                ]
            },
            "wrong_unit",
            "/ge/1",
        ),
        ({"in": [SALES, ["A"]]}, "wrong_kind", "/in/0"),
        ({"has_any": [{"fact": "tax_grade"}, ["A"]]}, "wrong_kind", "/has_any/0"),
        ({"is": [SALES, True]}, "wrong_kind", "/is/0"),
        ({"on_list": {"fact": "tax_grade"}}, "wrong_kind", "/on_list/fact"),
        ({"ge": [{"window": {"series": "sales_12m", "months": 3, "of": "sum"}}, MONEY]}, "wrong_kind", "/ge/0/window"),
        ({"in": [{"fact": "tax_grade"}, ["A", "E"]]}, "unknown_code", "/in/1/1"),
        ({"region_in": [{"fact": "demand.region"}, ["999999"]]}, "unknown_code", "/region_in/1/0"),
        ({"industry_in": [{"fact": "industry"}, ["A3911"]]}, "unknown_code", "/industry_in/1/0"),
        ({"ge": [SALES, {"value": 3, "unit": "years"}]}, "wrong_unit", "/"),
        ({"ge": [YEARS, {"fact": "months_established"}]}, "wrong_unit", "/"),
        ({"ge": [SALES, {"times": [SALES, {"fact": "annual_tax"}]}]}, "wrong_unit", "/ge/1"),
        ({"ge": [{"plus": [SALES, YEARS]}, MONEY]}, "wrong_unit", "/ge/0"),
        ({"ge": [{"divide": [YEARS, SALES]}, {"value": 1}]}, "wrong_unit", "/ge/0"),
        ({"ge": [{"divide": [SALES, {"value": 0}]}, MONEY]}, "division_by_zero", "/ge/0"),
        ({"ge": [window("growth"), MONEY]}, "wrong_unit", "/"),
        ({"ge": [{"value": 1}, {"value": 2}]}, "no_fact", "/"),
        ({"lt": [YEARS, {"value": 0}]}, "impossible", "/"),
        ({"ge": [{"fact": "annual_tax"}, {"value": 10**15 + 1}]}, "impossible", "/"),
        ({"gt": [{"fact": "employees"}, {"value": 10**12}]}, "impossible", "/"),
        ({"ge": [window("count"), {"value": 13}]}, "impossible", "/"),
        ({"ge": [window("count", every=3), {"value": 5}]}, "impossible", "/"),
        ({"gt": [window("longest_gap"), {"value": 12}]}, "impossible", "/"),
        ({"ge": [window("sum", every=3), MONEY]}, "bad_every", "/ge/0/window"),
        ({"ge": [window("count", every=13), {"value": 1}]}, "bad_every", "/ge/0/window"),
        ({"all": [{"ge": [YEARS, {"value": 5}]}, {"lt": [YEARS, {"value": 3}]}]}, "contradiction", "/"),
        ({"all": [{"gt": [YEARS, {"value": 5}]}, {"le": [YEARS, {"value": 5}]}]}, "contradiction", "/"),
        ({"all": [{"eq": [YEARS, {"value": 5}]}, {"eq": [YEARS, {"value": 6}]}]}, "contradiction", "/"),
        (
            {"all": [{"in": [{"fact": "tax_grade"}, ["A"]]}, {"in": [{"fact": "tax_grade"}, ["B"]]}]},
            "contradiction",
            "/",
        ),
        (
            {"all": [{"in": [{"fact": "tax_grade"}, ["A"]]}, {"not_in": [{"fact": "tax_grade"}, ["A", "B"]]}]},
            "contradiction",
            "/",
        ),
        ({"any": [{"is": [{"fact": "tax_arrears"}, True]}] * 2}, "part_twice", "/"),
        (
            {"any": [{"is": [{"fact": "tax_arrears"}, True]}, {"not": {"lt": [YEARS, {"value": 0}]}}]},
            "impossible",
            "/any/1/not",
        ),
        (
            {"at_least": [1, [{"unless": [{"is": [{"fact": "nothing"}, True]}, {"ge": [YEARS, {"value": 1}]}]}]]},
            "unknown_fact",
            "/at_least/1/0/unless/0/is/0",
        ),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(source: dict[str, Any], code: str, path: str) -> None:
    assert found(source) == [(code, path)]


def test_each_problem_is_a_whole_sentence() -> None:
    (problem,) = problems(parse_condition({"in": [{"fact": "tax_grade"}, ["E"]]}))
    assert str(problem) == "“纳税信用级别”没有代码“E”。"
    assert problem.params["key"] == "tax_grade"


@pytest.mark.parametrize(
    "source",
    [
        {"ge": [{"fact": "employees"}, {"value": 10, "unit": "count"}]},
        {"all": [{"ge": [YEARS, {"value": 5}]}, {"le": [YEARS, {"value": 5}]}]},
        {"any": [{"ge": [YEARS, {"value": 5}]}, {"lt": [YEARS, {"value": 3}]}]},
        {
            "all": [
                {"in": [{"fact": "qualifications"}, ["exporter"]]},
                {"in": [{"fact": "qualifications"}, ["high_tech"]]},
            ]
        },
        {"ge": [{"divide": [SALES, {"fact": "employees"}]}, MONEY]},
        {"ge": [{"times": [{"fact": "annual_tax"}, {"fact": "demand.term_months"}]}, SALES]},
        {"ge": [{"divide": [SALES, {"fact": "annual_tax"}]}, {"value": 30, "unit": "ratio"}]},
        {"ge": [window("mean"), MONEY]},
        {"lt": [{"fact": "net_profit"}, {"value": 0}]},
    ],
)
def test_what_makes_sense_passes(source: dict[str, Any]) -> None:
    assert found(source) == []


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ({"times": [{"value": 300_000, "unit": "ratio"}, SALES]}, []),
        ({"min": [{"value": 300}, {"times": [{"value": 5}, {"fact": "annual_tax"}]}]}, []),
        ({"value": 300, "unit": "money"}, []),
        ({"divide": [SALES, {"fact": "annual_tax"}]}, ["wrong_unit"]),
        ({"times": [{"value": 300_000, "unit": "ratio"}, {"value": 100}]}, ["wrong_unit"]),
        (window("count"), ["wrong_unit"]),
        ({"plus": [{"fact": "no"}, YEARS]}, ["unknown_fact"]),
        ({"value": -1}, ["impossible"]),
        ({"value": 10**15 + 1, "unit": "money"}, ["impossible"]),
    ],
)
def test_a_limit_is_money(source: dict[str, Any], codes: list[str]) -> None:
    assert [problem.code for problem in expression_problems(parse_expression(source))] == codes
