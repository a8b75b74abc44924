"""How long a fact may be relied on: the dictionary says it in days after the day until which it was observed."""

from collections.abc import Mapping
from datetime import date, timedelta

from finmart.conditions.types import FactValue
from finmart.reference.facts import facts


def still_fresh(known: Mapping[str, FactValue], on: date) -> dict[str, FactValue]:
    """The facts that may be relied on ``on`` a day; what is older than its definition allows is unknown."""
    return {key: fact for key, fact in known.items() if not _is_stale(key, fact, on)}


def _is_stale(key: str, fact: FactValue, on: date) -> bool:
    definition = facts().get(key)
    if definition is None or definition.freshness_days is None or fact.observed_until is None:
        return False
    return fact.observed_until < on - timedelta(days=definition.freshness_days)
