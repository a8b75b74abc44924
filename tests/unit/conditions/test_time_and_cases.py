"""Days, lengths of time, ages at maturity, certificates that run out, and values that differ by case."""

from datetime import date
from typing import Any

import pytest

from finmart.conditions.evaluate import compute, evaluate
from finmart.conditions.json_form import parse_condition, parse_expression
from finmart.conditions.sentence import sentence, words_of
from finmart.conditions.types import FactValue
from tests.unit.conditions.samples import facts

ON = date(2026, 3, 31)
BY_INDUSTRY = {
    "le": [
        {"fact": "debt_to_assets"},
        {
            "case": [
                [{"industry_in": [{"fact": "industry"}, ["C"]]}, {"value": 550_000}],
                [{"industry_in": [{"fact": "industry"}, ["F"]]}, {"value": 650_000}],
            ],
            "else": {"value": 600_000},
        },
    ]
}


def value(source: dict[str, Any], **known: Any) -> int | None:
    return compute(parse_expression(source), facts(demand__as_of=ON, **known)).amount


def state(source: dict[str, Any], known: dict[str, FactValue]) -> str:
    return evaluate(parse_condition(source), known).state.value


@pytest.mark.parametrize(
    ("since", "days", "months", "years"),
    [
        (date(2026, 3, 31), 0, 0, 0),
        (date(2026, 2, 28), 31, 1, 0),
        (date(2025, 4, 1), 364, 11, 0),
        (date(2025, 3, 31), 365, 12, 1),
        (date(2024, 2, 29), 761, 25, 2),
        (date(2026, 5, 1), -31, -1, 0),
    ],
)
def test_whole_units_since_a_day(since: date, days: int, months: int, years: int) -> None:
    found = [
        value({"since": {"fact": "established_on", "in": unit}}, established_on=since)
        for unit in ("days", "months", "years")
    ]
    assert found == [days, months, years]


def test_time_until_a_day_is_the_other_way_round() -> None:
    until = {"until": {"fact": "licence_valid_until", "in": "days"}}
    assert value(until, licence_valid_until=date(2026, 4, 30)) == 30
    assert value(until, licence_valid_until=date(2026, 3, 1)) == -30
    assert value(until) is None
    assert words_of(parse_expression(until)) == "“经营许可证”到期前剩余的天数"


def test_without_the_day_of_the_match_no_time_is_known() -> None:
    elapsed = compute(
        parse_expression({"since": {"fact": "established_on", "in": "days"}}), facts(established_on=date(2020, 1, 1))
    )
    assert (elapsed.exact, elapsed.missing) == (None, ("demand.as_of",))


def test_a_day_is_compared_with_a_day() -> None:
    source = {"ge": [{"fact": "established_on"}, {"date": "2020-01-01"}]}
    assert state(source, facts(established_on=date(2020, 1, 1))) == "met"
    assert state(source, facts(established_on=date(2019, 12, 31))) == "not_met"
    assert state(source, facts()) == "unknown"
    assert sentence(parse_condition(source)) == "成立日期 ≥ 2020年1月1日"
    (leaf,) = evaluate(parse_condition(source), facts(established_on=date(2020, 1, 1))).leaves
    assert (leaf.left, leaf.right) == (None, None)


def test_an_age_and_a_term_add_up_in_one_unit() -> None:
    source = {
        "le": [
            {"plus": [{"to": ["months", {"fact": "controller.age"}]}, {"fact": "demand.term_months"}]},
            {"value": 780, "unit": "months"},
        ]
    }
    assert state(source, facts(controller__age=62, demand__term_months=36)) == "met"
    assert state(source, facts(controller__age=62, demand__term_months=37)) == "not_met"
    assert state(source, facts(controller__age=62)) == "unknown"


@pytest.mark.parametrize(("unit", "found"), [("years", 1), ("months", 18), ("days", 540)])
def test_a_length_of_time_is_said_in_another_unit(unit: str, found: int) -> None:
    assert value({"to": [unit, {"fact": "demand.term_months"}]}, demand__term_months=18) == found


def test_a_certificate_must_run_on_for_so_many_days() -> None:
    source = {"on_list": {"fact": "tobacco_licence_valid_until", "remaining_days": 30}}
    for last, expected in ((date(2026, 4, 30), "met"), (date(2026, 4, 29), "not_met")):
        assert state(source, facts(demand__as_of=ON, tobacco_licence_valid_until=last)) == expected
    assert sentence(parse_condition(source)) == "烟草专卖零售许可证在有效期内且至少还有30天"
    assert sentence(parse_condition(source), "en") == "tobacco retail licence is valid for at least 30 days more"


def test_the_threshold_follows_the_industry() -> None:
    for industry, ratio, expected in (
        ("C3911", 550_000, "met"),
        ("C3911", 550_001, "not_met"),
        ("F5292", 650_000, "met"),
        ("I6510", 600_001, "not_met"),
    ):
        assert state(BY_INDUSTRY, facts(industry=industry, debt_to_assets=ratio)) == expected
    assert evaluate(parse_condition(BY_INDUSTRY), facts(debt_to_assets=1)).leaves[0].missing == ("industry",)


def test_a_case_says_its_branches_in_words() -> None:
    condition = parse_condition(BY_INDUSTRY)
    assert sentence(condition) == (
        "资产负债率 ≤ 〔所属行业属于制造业时为55%；所属行业属于批发和零售业时为65%；其他情况为60%〕"
    )
    assert "55% when industry is within" in sentence(condition, "en")


def test_without_a_branch_that_fits_no_value_is_stated() -> None:
    source = {"case": [[{"is": [{"fact": "overdue_now"}, True]}, {"fact": "annual_tax"}]]}
    assert value(source, overdue_now=True, annual_tax=5) == 5
    assert value(source, overdue_now=False, annual_tax=5) is None
    assert value({**source, "else": {"value": 7}}, overdue_now=False) == 7


def test_a_branch_that_is_unknown_hides_those_behind_it() -> None:
    source = {
        "case": [
            [{"is": [{"fact": "overdue_now"}, True]}, {"value": 1}],
            [{"is": [{"fact": "tax_arrears"}, True]}, {"value": 2}],
        ],
        "else": {"value": 3},
    }
    assert value(source, tax_arrears=True) is None
    assert value(source, overdue_now=True) == 1
    assert value(source, overdue_now=False, tax_arrears=True) == 2
