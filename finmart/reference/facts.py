"""The fact dictionary: every fact a condition may speak of, with its unit, labels, origin, source and definition.

The data files are ``data/facts/*.csv``, one row a fact. A key without prefix is about the subject itself; a prefix
before the dot names whom else it is about (``controller.age``, ``demand.region``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from finmart.reference.tables import rows, table_names

#: Rates, ratios and shares are integers of parts per million.
PPM = 1_000_000

KINDS = frozenset(
    {
        "money",
        "ratio",
        "count",
        "years",
        "months",
        "days",
        "date",
        "code",
        "codes",
        "industry",
        "region",
        "flag",
        "series",
        "text",
    }
)
ORIGINS = frozenset({"computed", "imported", "declared", "demand"})
ABOUT = frozenset(
    {
        "subject",
        "legal_representative",
        "controller",
        "spouse",
        "shareholder",
        "affiliate",
        "guarantor",
        "collateral",
        "demand",
        "institution_relation",
    }
)


@dataclass(frozen=True)
class Choice:
    """One code a fact may take."""

    code: str
    label_zh: str
    label_en: str


@dataclass(frozen=True)
class FactDefinition:
    """One fact: what it is, in which unit, whom it is about, where it comes from, and how to ask for it."""

    key: str
    kind: str
    unit: str
    label_zh: str
    label_en: str
    about: str
    origins: tuple[str, ...]
    source: str
    freshness_days: int | None
    version: int
    definition_zh: str
    definition_en: str
    question_zh: str
    question_en: str
    choices: tuple[Choice, ...]

    @property
    def is_declarable(self) -> bool:
        """Whether an applicant may answer it."""
        return "declared" in self.origins

    def choice(self, code: str) -> Choice | None:
        """The choice with that code."""
        return next((choice for choice in self.choices if choice.code == code), None)


def _choices(text: str) -> tuple[Choice, ...]:
    """``code=中文/English|code=…``."""
    found = []
    for part in text.split("|") if text else []:
        code, _, labels = part.partition("=")
        label_zh, _, label_en = labels.partition("/")
        found.append(Choice(code, label_zh, label_en))
    return tuple(found)


def _definition(row: Mapping[str, str]) -> FactDefinition:
    return FactDefinition(
        key=row["key"],
        kind=row["kind"],
        unit=row["unit"] or row["kind"],
        label_zh=row["label_zh"],
        label_en=row["label_en"],
        about=row["about"],
        origins=tuple(row["origins"].split(";")),
        source=row["source"],
        freshness_days=int(row["freshness_days"]) if row["freshness_days"] else None,
        version=int(row["version"]),
        definition_zh=row["definition_zh"],
        definition_en=row["definition_en"],
        question_zh=row["question_zh"],
        question_en=row["question_en"],
        choices=_choices(row["choices"]),
    )


def facts_of(name: str) -> tuple[FactDefinition, ...]:
    """The definitions of one file of the dictionary (``facts/tax.csv``), in its order."""
    return tuple(_definition(row) for row in rows(name))


@cache
def facts() -> Mapping[str, FactDefinition]:
    """Key → definition, in the order of the files. Raises ``ValueError`` when a key stands twice."""
    found: dict[str, FactDefinition] = {}
    for name in table_names("facts"):
        for known in facts_of(name):
            if known.key in found:
                raise ValueError(f"the fact {known.key} stands twice in the dictionary")
            found[known.key] = known
    return MappingProxyType(found)


def fact(key: str) -> FactDefinition:
    """The definition of ``key``. Raises ``KeyError`` for a fact the dictionary does not know."""
    return facts()[key]


def unit_of(key: str) -> str:
    """The unit of a fact's numbers; empty for a key the dictionary does not know."""
    known = facts().get(key)
    return known.unit if known else ""


@cache
def _bounds() -> Mapping[str, tuple[int | None, int | None]]:
    """Kind or key → the least and the most it can be; a key's own row stands for the kind's."""
    found = {}
    for row in rows("fact_bounds.csv"):
        low, high = (int(row[end]) if row[end] else None for end in ("low", "high"))
        found[row["key"] or f"kind:{row['kind']}"] = (low, high)
    return found


def bounds_of(key: str) -> tuple[int | None, int | None]:
    """The least and the most that a fact can be at all (``data/fact_bounds.csv``); None is unbounded."""
    known = facts().get(key)
    if key in _bounds() or known is None:
        return _bounds().get(key, (None, None))
    return _bounds().get(f"kind:{known.kind}", (None, None))
