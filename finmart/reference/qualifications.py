"""Qualifications by topic and by who can hold them at all: a farmer is not asked whether it is a unicorn.

Who can hold what follows from the rules that grant it (a high and new technology enterprise is a company: 国科发火
〔2016〕32号, article 11); where they leave room, the kind is listed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from finmart.reference.tables import rows

#: topic → its Chinese and English name, in the order of a form
GROUPS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "farm": ("农业", "Farming"),
        "tech": ("科技与创新", "Technology and innovation"),
        "growth": ("成长与规模", "Growth and size"),
        "place": ("园区与培育", "Parks and incubation"),
        "trade": ("外贸、采购与许可", "Foreign trade, procurement, licences"),
        "founder": ("创办人与社会责任", "Founders and social purpose"),
    }
)


@dataclass(frozen=True)
class Placed:
    """A qualification's topic and the kinds of applicant that can hold it."""

    code: str
    group: str
    kinds: frozenset[str]


@cache
def placed() -> Mapping[str, Placed]:
    """Every qualification of the fact dictionary, by its code."""
    return {
        row["code"]: Placed(row["code"], row["group"], frozenset(row["kinds"].split(";")))
        for row in rows("qualification_kinds.csv")
    }


def may_hold(code: str, kind: str) -> bool:
    """Whether an applicant of ``kind`` can hold ``code``; of an unknown kind or code nothing is ruled out."""
    known = placed().get(code)
    return known is None or not kind or kind in known.kinds
