"""What applicants type into questions becomes exact values, or one sentence."""

import pytest

from finmart.credit.types.declaring import read_answer
from finmart.credit.types.errors import DeclarationInvalid, NotDeclarable


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("annual_revenue", "35.5", 35_500_000),
        ("net_profit", "-12", -12_000_000),
        ("debt_to_assets", "62.5", 625_000),
        ("years_established", "3", 3),
        ("tax_grade", "B", "B"),
        ("overdue_now", "无", False),
    ],
)
def test_an_answer_is_read_exactly(key: str, text: str, value: object) -> None:
    assert read_answer(key, text) == value


@pytest.mark.parametrize(
    ("key", "text"),
    [("annual_revenue", "-1"), ("annual_revenue", "许多"), ("tax_grade", "Z"), ("years_established", "3.5")],
)
def test_an_impossible_answer_is_refused(key: str, text: str) -> None:
    with pytest.raises(DeclarationInvalid):
        read_answer(key, text)


def test_a_computed_fact_cannot_be_declared() -> None:
    with pytest.raises(NotDeclarable):
        read_answer("sales_12m", "100")
