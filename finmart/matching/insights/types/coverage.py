"""Coverage of the shelf: how many subjects meet products, may meet them, or do not, by group and by product."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from finmart.matching.insights.types.figures import Book, Line
from finmart.matching.insights.types.stages import Meaning
from finmart.platform.kernel.messages import N_

#: All products, and those that ask about more than who somebody is and where; other shelves are types of product.
ALL, DEMANDING = "all", "demanding"


class Stage(StrEnum):
    """What is counted of subjects; the last three add up to the first."""

    SUBJECTS = "subjects"
    MET = "met"
    OPEN = "open"
    NONE = "none"


STANDINGS = (Stage.MET, Stage.OPEN, Stage.NONE)

STAGE_TEXTS: Mapping[str, Meaning] = {
    Stage.SUBJECTS: Meaning(
        N_("统计的主体"), N_("截至当天有信用档案的企业、个体工商户、合作社、农户和居民，每个计一次。")
    ),
    Stage.MET: Meaning(
        N_("至少符合一个"),
        N_("所选产品里至少有一个，能核对的条件全部符合；只用文字说明的条件和需求的金额、期限不核对。"),
    ),
    Stage.OPEN: Meaning(
        N_("只有可能符合"), N_("所选产品里没有确定符合的，但至少有一个没有发现不符合的条件，只是缺资料。")
    ),
    Stage.NONE: Meaning(N_("都不符合"), N_("所选产品里每一个都至少有一个条件不符合。")),
}


@dataclass(frozen=True)
class GroupCount:
    """Subjects of one place with one code of a dimension (both empty: all of the place): shelf → (met, open)."""

    place: str
    dimension: str
    code: str
    subjects: int
    by_shelf: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class ProductCount:
    """One product: place → (met, open). ``unchecked``: some way states nothing to check, so that nobody fails it."""

    code: str
    unchecked: bool
    by_place: Mapping[str, tuple[int, int]]

    @property
    def everywhere(self) -> tuple[int, int]:
        """How many subjects of all places meet it, and how many may."""
        found = self.by_place.values()
        return sum(met for met, _open in found), sum(open_ for _met, open_ in found)


@dataclass(frozen=True)
class Counted:
    """Everything that a run counted: how many products stand on each shelf, groups, and products."""

    shelves: Mapping[str, int]
    groups: tuple[GroupCount, ...]
    products: tuple[ProductCount, ...]

    @property
    def subjects(self) -> int:
        """How many subjects were read."""
        return sum(one.subjects for one in self.groups if not one.dimension)

    def of_shelf(self, shelf: str) -> tuple[int, int]:
        """How many subjects of all places meet some way of a shelf, and how many only may."""
        own = [one.by_shelf[shelf] for one in self.groups if not one.dimension]
        return sum(met for met, _open in own), sum(open_ for _met, open_ in own)

    def as_json(self) -> dict[str, Any]:
        """For the database."""
        return {
            "shelves": dict(self.shelves),
            "groups": [
                [one.place, one.dimension, one.code, one.subjects, [list(one.by_shelf[key]) for key in self.shelves]]
                for one in self.groups
            ],
            "products": [
                [one.code, one.unchecked, {place: list(pair) for place, pair in one.by_place.items()}]
                for one in self.products
            ],
        }


def counted_of(document: Mapping[str, Any]) -> Counted:
    """What was kept."""
    shelves: dict[str, int] = dict(document["shelves"])
    groups = tuple(
        GroupCount(place, dimension, code, subjects, {key: (m, o) for key, (m, o) in zip(shelves, by, strict=True)})
        for place, dimension, code, subjects, by in document["groups"]
    )
    products = tuple(
        ProductCount(code, unchecked, {place: (met, open_) for place, (met, open_) in by.items()})
        for code, unchecked, by in document["products"]
    )
    return Counted(shelves, groups, products)


@dataclass(frozen=True)
class CoverageHead:
    """When was counted, as of which day, of which catalogue; ``rows_read`` are facts of profiles."""

    public_id: str
    counted_at: datetime
    as_of: date
    demonstration: bool
    catalogue_version: int
    products: int
    rows_read: int


@dataclass(frozen=True)
class ShelfLine:
    """One shelf: how many products stand on it, and how subjects stand to it."""

    code: str
    products: int
    line: Line


@dataclass(frozen=True)
class ProductLine:
    """One product: how many subjects meet it, may meet it, and do not (or cannot be told, where ``unchecked``)."""

    code: str
    unchecked: bool
    line: Line


@dataclass(frozen=True)
class Coverage:
    """What officials see: every shelf, the chosen one by groups, and the products that fit fewest first.

    ``kinds``: every shelf by kind of applicant.
    """

    head: CoverageHead
    chosen: ShelfLine
    shelves: tuple[ShelfLine, ...]
    book: Book
    kinds: Mapping[str, Sequence[Line]]
    products: tuple[ProductLine, ...]
