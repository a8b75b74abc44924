"""How one thing that only some kinds of product or institution state is named, written and bounded.

The definition stands in the metadata of a dataclass field; form, file columns, validation, pages and differences
between versions are all made of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, Protocol

PPM = 1_000_000
#: 10^12 yuan in 分, as everywhere in the catalogue: above this somebody mistook the unit.
MOST_FEN = 100_000_000_000_00


class Words(NamedTuple):
    """Something in Chinese and English."""

    zh: str
    en: str


class Kind(StrEnum):
    """What a value is. Rates and shares are ppm, money is 分, texts and lists are the institution's own words."""

    RATE = "rate"
    SHARE = "share"
    MONEY = "money"
    YUAN = "yuan"
    COUNT = "count"
    DAYS = "days"
    YEARS = "years"
    FLAG = "flag"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    LIST = "list"


#: What a column's name says of the unit in its cells.
SUFFIXES: Mapping[Kind, str] = MappingProxyType(
    {Kind.RATE: "_pct", Kind.SHARE: "_pct", Kind.MONEY: "_wan", Kind.YUAN: "_yuan", Kind.DAYS: "_days"}
)
_MOST: Mapping[Kind, int] = MappingProxyType(
    {
        Kind.RATE: PPM,
        Kind.SHARE: PPM,
        Kind.MONEY: MOST_FEN,
        Kind.YUAN: MOST_FEN,
        Kind.COUNT: 1_000_000,
        Kind.DAYS: 3650,
        Kind.YEARS: 100,
    }
)
#: Longest text, and longest and most entries of a list.
LONGEST, LONGEST_ENTRY, MOST_ENTRIES = 300, 60, 40
#: Kinds whose values are whole numbers from 0.
NUMBERS = frozenset(_MOST)
#: Kinds whose values are several.
SEVERAL = frozenset({Kind.CHOICES, Kind.LIST})


@dataclass(frozen=True)
class Spec:
    """One field: ``column`` is its name in forms and files, ``most`` the largest number it may hold."""

    name: str
    column: str
    kind: Kind
    label: Words
    hint: Words
    choices: Mapping[str, Words]
    most: int


class Stated(Protocol):
    """A dataclass all of whose fields are specified; what is not stated is None, never zero."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


def stated(
    kind: Kind,
    zh: str,
    en: str,
    *,
    hint: tuple[str, str] = ("", ""),
    choices: Mapping[str, Words] | None = None,
    most: int | None = None,
) -> Any:
    """A dataclass field that is None until somebody states it."""
    bound = _MOST.get(kind, 0) if most is None else most
    said = {"kind": kind, "label": Words(zh, en), "hint": Words(*hint), "choices": choices or {}, "most": bound}
    return field(default=None, metadata=said)


def specs_of(kind: type[Any], prefix: str) -> Mapping[str, Spec]:
    """The fields of ``kind`` by name; ``prefix`` begins their columns, so that those of several kinds stand apart."""
    found = {}
    for each in fields(kind):
        suffix = SUFFIXES.get(each.metadata["kind"], "")
        found[each.name] = Spec(each.name, f"{prefix}_{each.name}{suffix}", **each.metadata)
    return MappingProxyType(found)
