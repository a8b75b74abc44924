"""Cells of rows in quarantine: what may name a person is covered for the most part."""

from datetime import UTC, datetime

import pytest

from finmart.credit.routes.wording import masked_cell
from finmart.credit.types.values import QuarantineView


def cell(column: str, value: str, *, dataset: str = "registration") -> str:
    """A cell as the operator's page shows it."""
    moment = datetime(2020, 3, 1, tzinfo=UTC)
    return masked_cell(QuarantineView("", "b", dataset, "f.csv", 2, column, "blank", value, moment, None, ""))


@pytest.mark.parametrize("value", ["E1", "E12", "110101", "张三丰", "91360100MA35ABCD1X", "110101199003071234"])
def test_codes_and_names_show_a_third_at_most(value: str) -> None:
    for column in ("企业代号", "企业名称", "主体编号", "名称"):
        shown = cell(column, value)
        assert len(shown) == len(value)
        assert sum(letter != "*" for letter in shown) <= len(value) / 3


def test_a_short_code_is_covered_and_a_long_one_keeps_its_ends() -> None:
    assert cell("no such column", "110101") == "1****1"
    assert cell("no such column", "91360100MA35ABCD1X") == "913************D1X"


def test_counterparties_and_amounts_of_persons_are_covered_and_days_are_not() -> None:
    assert cell("购方单位代号", "B12345678", dataset="invoices") == "B1******8"
    assert "*" in cell("金额", "1234567.00", dataset="tax")
    assert cell("开票日期", "never", dataset="invoices") == "never"
