"""Columns of the catalogue become terms and clauses; what is blank stays unstated."""

import pytest

from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.money import Term
from finmart.products import columns

BLANK = dict.fromkeys(
    (
        *columns.COLUMN_CONDITIONS,
        *("amount_min_wan", "amount_max_wan", "term_min_months", "term_max_months", "rate_min_pct", "rate_max_pct"),
        *("guarantee_modes", "collateral_kinds", "repayment_modes", "other_conditions_zh"),
    ),
    "",
)


def test_blank_cells_state_nothing() -> None:
    variant = columns.base_variant(BLANK)
    assert columns.column_clauses(BLANK) == ()
    assert (variant.amount_min, variant.amount_max, variant.term_max, variant.rate_min) == (None, None, None, None)
    assert variant.guarantee_modes == variant.repayment_modes == ()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("12", Term(months=12)), ("0.5", Term(days=15)), ("0.34", Term(days=10)), ("240", Term(months=240)), ("", None)],
)
def test_fractions_of_a_month_are_days(cell: str, expected: Term | None) -> None:
    assert columns.term(cell) == expected


def test_money_and_rates_are_exact() -> None:
    assert columns.money("0.0001") == 100
    assert columns.money("300") == 300_000_000
    assert columns.rate("3.15") == 31_500
    assert columns.rate("0") == 0
    with pytest.raises(BadInput):
        columns.money("三百")


@pytest.mark.parametrize(
    ("column", "cell", "condition"),
    [
        ("target_subjects", "enterprise;farmer", {"in": [{"fact": "subject_kind"}, ["enterprise", "farmer"]]}),
        ("region_codes", "360000", {"region_in": [{"fact": "demand.region"}, ["360000"]]}),
        ("min_years_established", "2", {"ge": [{"fact": "years_established"}, {"value": 2}]}),
        ("tax_grades", "A;B;M", {"in": [{"fact": "tax_grade"}, ["A", "B", "M"]]}),
        ("min_annual_tax_wan", "0.5", {"ge": [{"fact": "annual_tax"}, {"value": 500_000}]}),
        ("min_annual_revenue_wan", "200", {"ge": [{"fact": "annual_revenue"}, {"value": 200_000_000}]}),
        ("industries_include", "A0111", {"industry_in": [{"fact": "industry"}, ["A0111"]]}),
        ("industries_exclude", "J;K", {"not": {"industry_in": [{"fact": "industry"}, ["J", "K"]]}}),
        ("qualifications_any", "exporter", {"has_any": [{"fact": "qualifications"}, ["exporter"]]}),
    ],
)
def test_each_column_is_one_clause_that_names_it(column: str, cell: str, condition: object) -> None:
    (clause,) = columns.column_clauses(BLANK | {column: cell})
    assert clause.condition == condition
    assert (clause.key, clause.origin, clause.required) == (column, f"column:{column}", True)


def test_a_fee_rate_is_no_interest_rate() -> None:
    stated = BLANK | {"rate_max_pct": "3"}
    assert columns.base_variant(stated).rate_kind == "interest"
    assert columns.base_variant(stated | {"other_conditions_zh": columns.FEE_RATE_CLAUSE}).rate_kind == "fee"


def test_the_figures_of_one_case_are_no_offer() -> None:
    case = BLANK | {"rate_min_pct": "4.15", "other_conditions_zh": f"{columns.CASE_RATE_CLAUSE};案例贷款200万元"}
    assert columns.base_variant(case).rate_min is None


def test_repayment_words_without_a_method_stay_as_they_are() -> None:
    assert columns.repayment("按月付息到期还本") == "interest_only"
    assert columns.repayment("每年还本1%") == "每年还本1%"
