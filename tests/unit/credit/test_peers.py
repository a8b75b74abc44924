"""Peer figures: quantiles of cells with ten subjects or more."""

from datetime import UTC, date, datetime

from finmart.conditions.types import FactValue, Value
from finmart.credit.pipeline.peers import LEAST_SUBJECTS, quantiles, spread
from finmart.credit.types.values import SubjectFacts

AS_OF = date(2026, 10, 31)


def firm(number: int, **known: Value) -> SubjectFacts:
    """A firm of retail trade, small, with facts."""
    facts = {"industry": "5292", "firm_size": "small", "sales_12m": number * 100, "overdue_now": True, **known}
    values = {key: FactValue(value, AS_OF, "test", "computed") for key, value in facts.items()}
    return SubjectFacts(number, f"E{number}", f"v{number}", AS_OF, datetime(2026, 11, 1, tzinfo=UTC), values)


def test_a_cell_has_ten_subjects_or_is_not_kept() -> None:
    assert spread(firm(number) for number in range(LEAST_SUBJECTS - 1)) == {}
    found = spread(firm(number) for number in range(LEAST_SUBJECTS))
    assert [(cell.key, cell.industry, cell.size, cell.month) for cell in found] == [
        ("sales_12m", "F", "small", date(2026, 10, 1))
    ]


def test_whoever_has_no_size_is_compared_with_nobody() -> None:
    others = [firm(number) for number in range(LEAST_SUBJECTS)]
    unknown = SubjectFacts(99, "E99", "v", AS_OF, datetime(2026, 11, 1, tzinfo=UTC), {})
    [values] = spread([*others, unknown]).values()
    assert len(values) == LEAST_SUBJECTS


def test_quantiles_are_values_that_occur() -> None:
    assert quantiles(list(range(1, 11))) == [1, 3, 5, 8, 9]
    assert quantiles([7] * 10) == [7] * 5
