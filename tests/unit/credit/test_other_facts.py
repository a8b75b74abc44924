"""Facts of registers, tax records and adverse records, and the facts made of other facts."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from finmart.credit.datasets.registry import DATASETS
from finmart.credit.features.families import FAMILIES, Made, derived
from finmart.credit.features.feature import one
from finmart.reference.facts import facts

AS_OF = date(2026, 10, 31)
RECEIVED = datetime(2026, 11, 1, tzinfo=UTC)
KNOWN = datetime(2026, 11, 2, tzinfo=UTC)
TYPES: dict[str, dict[str, Any]] = {
    "registration": {
        "kind": pl.String,
        "established_on": pl.Date,
        "industry": pl.String,
        "region": pl.String,
        "registered_capital": pl.Int64,
        "employees": pl.Int64,
        "total_assets": pl.Int64,
        "status": pl.String,
        "qualifications": pl.String,
    },
    "tax": {"record": pl.String, "grade": pl.String, "amount": pl.Int64},
    "adverse": {"record": pl.String, "ended_on": pl.Date, "document": pl.String},
}
COMMON: dict[str, Any] = {
    "subject": pl.Int64,
    "person": pl.Boolean,
    "date": pl.Date,
    "received_at": pl.Datetime("us", "UTC"),
    "covered_until": pl.Date,
}


def value(dataset: str, key: str, *rows: dict[str, Any], as_of: date = AS_OF) -> Any:
    """The value of a fact for subject 1; None when it is unknown."""
    schema: dict[str, Any] = {**COMMON, **TYPES[dataset]}
    defaults = {"subject": 1, "person": False, "received_at": RECEIVED, "covered_until": AS_OF}
    frame = pl.DataFrame([{**dict.fromkeys(schema), **defaults, **row} for row in rows], schema=schema)
    found = one(FAMILIES[dataset], key, frame.lazy(), as_of=as_of, known_at=KNOWN).to_dicts()
    return found[0]["value"] if found else None


def state(day: date, **more: Any) -> dict[str, Any]:
    """A register's row."""
    return {"date": day, "kind": "enterprise", **more}


def test_the_register_s_latest_state_by_the_day_counts() -> None:
    rows = [state(date(2025, 6, 30), employees=10), state(date(2026, 10, 20), employees=12)]
    assert value("registration", "employees", *rows) == 12
    assert value("registration", "employees", *rows, as_of=date(2026, 1, 1)) == 10
    assert value("registration", "employees", *rows, as_of=date(2025, 1, 1)) is None


def test_a_correction_of_the_same_day_counts_when_it_came_later() -> None:
    later = datetime(2026, 11, 1, 12, tzinfo=UTC)
    rows = [state(AS_OF, employees=12, received_at=later), state(AS_OF, employees=10)]
    assert value("registration", "employees", *rows) == 12


@pytest.mark.parametrize(
    ("established", "years", "months"),
    [
        (date(2023, 10, 31), 3, 36),
        (date(2023, 11, 1), 2, 35),
        (date(2026, 10, 31), 0, 0),
        (date(2027, 1, 1), None, None),
    ],
)
def test_ages_are_completed_years_and_months(established: date, years: int | None, months: int | None) -> None:
    row = state(AS_OF, established_on=established)
    assert value("registration", "years_established", row) == years
    assert value("registration", "months_established", row) == months


def test_qualifications_are_known_to_be_none_only_when_stated_so() -> None:
    assert value("registration", "qualifications", state(AS_OF, qualifications="high_tech;tech_sme")) == [
        "high_tech",
        "tech_sme",
    ]
    assert value("registration", "qualifications", state(AS_OF)) is None


def paid(day: date, amount: int) -> dict[str, Any]:
    """A tax payment."""
    return {"record": "payment", "date": day, "amount": amount}


def test_tax_paid_in_a_year() -> None:
    rows = [paid(date(2025, 10, 31), 1), paid(date(2025, 11, 1), 10), paid(AS_OF, 100)]
    assert value("tax", "annual_tax", *rows) == 110
    assert value("tax", "tax_monthly", *rows) == [100, *[0] * 10, 10, 1]
    stale = [{**paid(date(2026, 5, 1), 5), "covered_until": date(2026, 6, 1)}]
    assert value("tax", "annual_tax", *stale) is None


def test_grades_revenue_and_arrears_are_the_latest_stated() -> None:
    rows = [
        {"record": "grade", "date": date(2025, 4, 20), "grade": "B"},
        {"record": "grade", "date": date(2026, 4, 20), "grade": "A"},
        {"record": "revenue", "date": date(2026, 5, 22), "amount": 500},
        {"record": "arrears", "date": date(2026, 3, 1), "amount": 7},
        {"record": "arrears", "date": date(2026, 9, 1), "amount": 0},
    ]
    assert value("tax", "tax_grade", *rows) == "A"
    assert value("tax", "tax_grade", *rows, as_of=date(2026, 1, 1)) == "B"
    assert value("tax", "annual_revenue", *rows) == 500
    assert value("tax", "annual_revenue", *rows, as_of=date(2028, 1, 1)) is None
    assert value("tax", "tax_arrears", *rows) is False
    assert value("tax", "tax_arrears", *rows, as_of=date(2026, 4, 1)) is True
    assert value("tax", "tax_arrears", rows[0]) is None


def listed(kind: str, day: date, ended: date | None = None, **more: Any) -> dict[str, Any]:
    """An adverse record."""
    return {"record": kind, "date": day, "ended_on": ended, **more}


def test_absence_is_known_only_of_whoever_was_looked_up() -> None:
    assert value("adverse", "judgment_debtor", listed("none", AS_OF)) is False
    assert value("adverse", "adverse_open_records", listed("none", AS_OF)) == 0
    assert value("adverse", "adverse_last_on", listed("none", AS_OF)) is None


def test_open_and_ended_records() -> None:
    rows = [listed("judgment_debtor", date(2025, 1, 1), date(2026, 1, 1)), listed("abnormal_operations", AS_OF)]
    assert value("adverse", "judgment_debtor", *rows) is False
    assert value("adverse", "judgment_debtor", *rows, as_of=date(2025, 6, 1)) is True
    assert value("adverse", "abnormal_operations", *rows) is True
    assert value("adverse", "adverse_open_records", *rows) == 1


def test_an_end_that_arrives_later_closes_the_record() -> None:
    later = datetime(2026, 11, 1, 12, tzinfo=UTC)
    opened = listed("judgment_debtor", date(2025, 1, 1), document="1号")
    closed = listed("judgment_debtor", date(2025, 1, 1), date(2026, 1, 1), document="1号", received_at=later)
    assert value("adverse", "judgment_debtor", opened, closed) is False


def test_of_persons_a_record_goes_five_years_after_it_ended() -> None:
    record = listed("administrative_penalty", date(2020, 1, 1), date(2021, 10, 31))
    assert value("adverse", "adverse_last_on", record) == date(2020, 1, 1)
    assert value("adverse", "adverse_last_on", {**record, "person": True}) is None
    assert value("adverse", "adverse_last_on", {**record, "person": True}, as_of=date(2026, 10, 30)) == date(2020, 1, 1)


def test_penalties_of_two_years() -> None:
    rows = [listed("administrative_penalty", date(2024, 10, 31)), listed("administrative_penalty", date(2024, 11, 1))]
    assert value("adverse", "administrative_penalties_24m", *rows) == 1


def made(key: str, found: Any) -> Made:
    """A fact as computed."""
    return Made(key, 1, found, AS_OF, "test", "computed", (1,), 1)


def test_sales_stand_in_for_revenue_only_where_nothing_better_is_known() -> None:
    sales = {"sales_12m": made("sales_12m", 500), "invoices_covered_months": made("invoices_covered_months", 12)}
    assert [(fact.key, fact.value, fact.source) for fact in derived(sales)] == [("annual_revenue", 500, "test")]
    assert derived({**sales, "annual_revenue": made("annual_revenue", 9)}) == []
    assert derived({**sales, "invoices_covered_months": made("invoices_covered_months", 11)}) == []
    assert derived({"sales_12m": sales["sales_12m"]}) == []


def test_size_is_determined_where_the_rule_can_be() -> None:
    facts_of_retailer = {
        "industry": made("industry", "5292"),
        "employees": made("employees", 20),
        "sales_12m": made("sales_12m", 600_000_000),
        "invoices_covered_months": made("invoices_covered_months", 12),
    }
    sizes = [fact.value for fact in derived(facts_of_retailer) if fact.key == "firm_size"]
    assert sizes == ["small"]
    without_staff = {key: fact for key, fact in facts_of_retailer.items() if key != "employees"}
    assert [fact.key for fact in derived(without_staff)] == ["annual_revenue"]


def test_every_fact_has_its_dictionary_entry_in_its_version() -> None:
    for dataset, family in FAMILIES.items():
        assert DATASETS[dataset].source == family.source
        for feature in family.features:
            assert facts()[feature.key].version == feature.version
