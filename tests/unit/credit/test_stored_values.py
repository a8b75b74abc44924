"""A stored value of no known type is unknown: one broken delivery must not close a whole profile."""

from typing import Any

import pytest

from finmart.credit.models import Fact
from finmart.credit.repository.views import fact_values


def _fact(key: str, value: Any) -> Fact:
    return Fact(key=key, value=value, observed_until=None, source="vat_invoices", origin="computed")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("employees", 1.5),
        ("employees", None),
        ("employees", {"a": 1}),
        ("high_tech_valid_until", "2020-13-45"),
        ("high_tech_valid_until", "soon"),
    ],
)
def test_what_has_no_known_type_is_left_out_and_the_others_stay(key: str, value: Any) -> None:
    found = fact_values([_fact(key, value), _fact("tax_grade", "A"), _fact("sales_monthly", [1, 2])])
    assert {name: fact.value for name, fact in found.items()} == {"tax_grade": "A", "sales_monthly": (1, 2)}
