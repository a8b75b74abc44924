"""All families by data set, and the facts that are made of other facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from finmart.conditions.types import Value
from finmart.credit.features.adverse import ADVERSE_FACTS
from finmart.credit.features.feature import Family
from finmart.credit.features.invoices.facts import INVOICE_FACTS
from finmart.credit.features.invoices.monthly import YEAR
from finmart.credit.features.registration import REGISTRATION_FACTS
from finmart.credit.features.tax import TAX_FACTS
from finmart.reference.firm_size import firm_size

FAMILIES: Mapping[str, Family] = MappingProxyType(
    {family.dataset: family for family in (INVOICE_FACTS, REGISTRATION_FACTS, TAX_FACTS, ADVERSE_FACTS)}
)


@dataclass(frozen=True)
class Made:
    """One computed fact of one subject, before it is stored."""

    key: str
    version: int
    value: Value
    observed_until: date | None
    source: str
    origin: str
    batches: tuple[int, ...]
    rows_used: int


def derived(facts: Mapping[str, Made]) -> list[Made]:
    """Facts made of other facts of the same subject: a stand-in for revenue, then the size by 国统字〔2017〕213号."""
    known = dict(facts)
    found = []
    for make in (_revenue, _size):
        fact = make(known)
        if fact is not None:
            known[fact.key] = fact
            found.append(fact)
    return found


def _revenue(facts: Mapping[str, Made]) -> Made | None:
    """12-month invoiced sales stand in where no revenue was imported; the source says so.

    Only where the subject's own record reaches back twelve months: three months of sales are not a year's revenue.
    """
    sales, covered = facts.get("sales_12m"), facts.get("invoices_covered_months")
    if "annual_revenue" in facts or sales is None or covered is None:
        return None
    if not isinstance(covered.value, int) or covered.value < YEAR:
        return None
    return Made(
        "annual_revenue", 1, sales.value, sales.observed_until, sales.source, "computed", sales.batches, sales.rows_used
    )


def _size(facts: Mapping[str, Made]) -> Made | None:
    """The firm's size; none where the rule does not cover the industry or an indicator is missing."""
    industry = facts.get("industry")
    if industry is None:
        return None
    used = {name: facts[key] for name, key in _INDICATORS.items() if key in facts}
    values = {name: fact.value for name, fact in used.items() if isinstance(fact.value, int)}
    outcome = firm_size(str(industry.value), **values)
    if not outcome.size.is_determined:
        return None
    parts = [industry, *(used[name] for name, _ in outcome.used)]
    days = [part.observed_until for part in parts if part.observed_until is not None]
    return Made(
        key="firm_size",
        version=1,
        value=outcome.size.value,
        observed_until=min(days, default=None),
        source="firm_size_rule",
        origin="computed",
        batches=tuple(sorted({batch for part in parts for batch in part.batches})),
        rows_used=sum(part.rows_used for part in parts),
    )


_INDICATORS = {"employees": "employees", "revenue": "annual_revenue", "total_assets": "total_assets"}
