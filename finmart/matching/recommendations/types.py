"""What can be said of products that an applicant has not asked about: which they are, and why one came or went."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from finmart.conditions.types import FactValue
from finmart.matching.engine.inputs import ApplicantFacts
from finmart.matching.engine.json_form import dump_facts, load_facts
from finmart.matching.engine.rows import Row, dump_row, load_row
from finmart.platform.audit.events import AuditEvent


class Why(StrEnum):
    """What brought a product in or took it away."""

    #: Facts that its conditions speak of have other values.
    FACTS = "facts"
    #: It was not on the shelf before, or is not any more.
    LISTED = "listed"
    UNLISTED = "unlisted"
    #: The institution has changed what it asks for.
    EDITED = "edited"
    #: Neither: its conditions depend on the day.
    DAY = "day"


@dataclass(frozen=True)
class ProductName:
    """How a product is called, kept because one that left the shelf can be asked for nothing."""

    product_zh: str
    product_en: str
    owner_zh: str
    owner_en: str


@dataclass(frozen=True)
class Opened:
    """One product whose conditions are met as far as they can be checked without a demand.

    Its unknown conditions are about the need alone.
    """

    row: Row
    name: ProductName


@dataclass(frozen=True)
class ChangedFact:
    """A fact before and after; None where it was not known."""

    key: str
    before: FactValue | None
    after: FactValue | None


@dataclass(frozen=True)
class Change:
    """A product that came (``opened``) or went, and what did it."""

    opened: bool
    code: str
    name: ProductName
    why: Why
    facts: tuple[ChangedFact, ...] = ()


@dataclass(frozen=True)
class DatedChange:
    """A change and when it was noticed."""

    at: datetime
    change: Change


@dataclass(frozen=True)
class Recommended:
    """What an applicant's pages show; nothing at all while it is ``off``.

    ``verified`` is whether shared data was read; ``known`` how many facts there were that products ask about.
    """

    off: bool = False
    opened: tuple[Opened, ...] = ()
    changes: tuple[DatedChange, ...] = ()
    as_of: date | None = None
    verified: bool = False
    known: int = 0
    catalogue_version: int = 0
    ruleset_version: int = 0


@dataclass(frozen=True, kw_only=True)
class RecommendationRan(AuditEvent):
    """An applicant's products without a demand were worked out; ``target`` is its organisation."""

    name: ClassVar[str] = "recommendation.ran"
    ruleset_version: int
    catalogue_version: int
    products: int
    opened: int
    closed: int


@dataclass(frozen=True, kw_only=True)
class RecommendationSwitched(AuditEvent):
    """An applicant switched recommendations on or off; off deletes what was kept. ``target`` is its organisation."""

    name: ClassVar[str] = "recommendation.switched"
    on: bool


def dump_opened(opened: Opened) -> list[Any]:
    """A product with its name, as JSON."""
    name = opened.name
    return [dump_row(opened.row), name.product_zh, name.product_en, name.owner_zh, name.owner_en]


def load_opened(document: list[Any]) -> Opened:
    """What ``dump_opened`` wrote."""
    row, *name = document
    return Opened(load_row(row), ProductName(*name))


def _dump_side(sides: Mapping[str, FactValue | None]) -> dict[str, Any]:
    return dump_facts(ApplicantFacts({key: value for key, value in sides.items() if value is not None}))


def dump_change(change: Change) -> dict[str, Any]:
    """A change as JSON."""
    name = change.name
    return {
        "opened": change.opened,
        "code": change.code,
        "name": [name.product_zh, name.product_en, name.owner_zh, name.owner_en],
        "why": str(change.why),
        "keys": [fact.key for fact in change.facts],
        "before": _dump_side({fact.key: fact.before for fact in change.facts}),
        "after": _dump_side({fact.key: fact.after for fact in change.facts}),
    }


def load_change(document: Mapping[str, Any]) -> Change:
    """What ``dump_change`` wrote."""
    before, after = load_facts(document["before"]).values, load_facts(document["after"]).values
    return Change(
        opened=document["opened"],
        code=document["code"],
        name=ProductName(*document["name"]),
        why=Why(document["why"]),
        facts=tuple(ChangedFact(key, before.get(key), after.get(key)) for key in document["keys"]),
    )
