"""Papers that institutions ask for: their English names, and the facts that say what a paper would prove.

A fact is named by its key; ``key=code`` is a fact of codes that holds this one. A paper that is not in the table is
called as the institution calls it, and no data say what it says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from finmart.reference.tables import rows


@dataclass(frozen=True)
class KnownMaterial:
    """One kind of paper; any one of ``facts`` says what it would prove.

    ``sometimes``: its name says when it is wanted, so that not everybody brings it.
    """

    name_zh: str
    name_en: str
    facts: tuple[str, ...]
    sometimes: bool


@cache
def known_materials() -> Mapping[str, KnownMaterial]:
    """Chinese name → what is known of a paper, in the order of the file."""
    found = (
        KnownMaterial(row["name_zh"], row["name_en"], _facts(row["facts"]), row["sometimes"] == "yes")
        for row in rows("materials.csv")
    )
    return MappingProxyType({one.name_zh: one for one in found})


def _facts(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(";")) if cell else ()


def facts_for(name: str) -> tuple[str, ...]:
    """The facts that say what the paper called ``name`` would prove; empty where none does."""
    known = known_materials().get(name)
    return known.facts if known is not None else ()


def is_sometimes(name: str) -> bool:
    """Whether the paper called ``name`` is wanted only in the case that its name tells."""
    known = known_materials().get(name)
    return known is not None and known.sometimes
