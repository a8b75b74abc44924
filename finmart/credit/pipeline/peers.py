"""How a fact is spread among peers: quantiles by industry section, size and month, never of fewer than ten subjects.

A profile is compared with these figures and never with another profile (DECISIONS 12).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from finmart.conditions.types import FactValue
from finmart.credit.types.values import SubjectFacts
from finmart.reference.facts import facts
from finmart.reference.industries import section_of

#: Fewer than ten could be told apart.
LEAST_SUBJECTS = 10
#: Which quantiles are kept, in percent.
QUANTILES = (10, 25, 50, 75, 90)
COMPARED_KINDS = frozenset({"money", "ratio", "count", "months", "years"})


@dataclass(frozen=True, order=True)
class Cell:
    """One cell: a fact among the subjects of an industry section and a size, in the month of their as-of days."""

    key: str
    industry: str
    size: str
    month: date


def spread(subjects: Iterable[SubjectFacts]) -> dict[Cell, list[int]]:
    """Cell → ascending values, of cells with ten subjects or more; without size or industry one is left out."""
    found: dict[Cell, list[int]] = defaultdict(list)
    for one in subjects:
        place = _place(one.facts)
        if place is None:
            continue
        month = one.as_of.replace(day=1)
        for key, fact in one.facts.items():
            if _is_compared(key, fact):
                found[Cell(key, *place, month)].append(int(str(fact.value)))
    return {cell: sorted(values) for cell, values in sorted(found.items()) if len(values) >= LEAST_SUBJECTS}


def quantiles(values: list[int]) -> list[int]:
    """The kept quantiles of ascending values: the smallest value that the percentage does not pass (nearest rank)."""
    return [values[max(0, -(-len(values) * percent // 100) - 1)] for percent in QUANTILES]


def _place(known: Mapping[str, FactValue]) -> tuple[str, str] | None:
    industry, size = known.get("industry"), known.get("firm_size")
    section = section_of(str(industry.value)) if industry is not None else None
    return (section, str(size.value)) if section is not None and size is not None else None


def _is_compared(key: str, fact: FactValue) -> bool:
    definition = facts().get(key)
    number = isinstance(fact.value, int) and not isinstance(fact.value, bool)
    return number and definition is not None and definition.kind in COMPARED_KINDS
