"""Figures for officials: what is counted, by which two dimensions, on which day, on what basis."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from finmart.platform.kernel.errors import NotFound, NotReady
from finmart.platform.kernel.messages import N_

#: A district or industry that a case does not state; never dropped and never guessed.
UNKNOWN = "unknown"


#: What stands in the place of a number of real demands that is too small to be stated.
FEW = "<3"


class Measure(StrEnum):
    """What is counted. Each measure counts one kind of thing, so that cells of one measure may be added."""

    PRODUCTS = "products"
    DEMANDS = "demands"
    MATCHED = "matched"
    UNANSWERED = "unanswered"


@dataclass(frozen=True)
class MeasureText:
    """A measure in words: its name, and exactly what it counts (口径)."""

    name: str
    basis: str


MEASURE_TEXTS: Mapping[Measure, MeasureText] = {
    Measure.PRODUCTS: MeasureText(
        N_("可用产品"),
        N_(
            "统计日目录中已公开的产品。按区县：说明的适用地区包含该区县，或没有说明地区。按行业：没有说明行业限制，或说明的行业与该门类相交。"
        ),
    ),
    Measure.DEMANDS: MeasureText(
        N_("融资需求"),
        N_("统计日已发布、未撤回的需求，每条需求计一次；区县为发布时填写的地区，行业为最近一次匹配时所知的行业。"),
    ),
    Measure.MATCHED: MeasureText(
        N_("有合适产品的需求"),
        N_(
            "统计日已发布、未撤回的需求中，最近一次匹配至少有一个合适产品的：能核对的条件全部符合，金额、期限、担保都有说明且合适。"
        ),
    ),
    Measure.UNANSWERED: MeasureText(
        N_("暂无合适产品的需求"),
        N_("统计日已发布、未撤回的需求中，最近一次匹配没有一个合适产品的，或还没有匹配过的。"),
    ),
}


class Dimension(StrEnum):
    """By what a measure is split."""

    DISTRICT = "district"
    INDUSTRY = "industry"


class NotCounted(NotReady):
    """Nothing has been counted yet."""

    def __init__(self) -> None:
        super().__init__(N_("统计还没有运行过，请联系平台运营人员。"))


class CellUnknown(NotFound):
    """No such cell in the last count."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这个统计数字。"))


@dataclass(frozen=True)
class Cell:
    """One figure: ``members`` are the public ids (demands) or codes (products) that it counts."""

    measure: Measure
    dimension: Dimension
    code: str
    demonstration: bool
    members: tuple[str, ...]
    #: Whether the figure is a small number of real demands, which is neither stated nor opened.
    few: bool = False

    @property
    def value(self) -> int:
        """The figure itself, as far as it may be stated."""
        return len(self.members)

    @property
    def shown(self) -> str:
        """The figure as it may be written down."""
        return FEW if self.few else str(self.value)


@dataclass(frozen=True)
class Count:
    """One counting of everything."""

    public_id: str
    counted_at: datetime
    as_of: date
    catalogue_version: int
    totals: Mapping[Measure, int]
    cells: tuple[Cell, ...]

    def by(self, measure: Measure, dimension: Dimension) -> tuple[Cell, ...]:
        """The cells of one measure along one dimension, in the order of their codes."""
        return tuple(c for c in self.cells if c.measure is measure and c.dimension is dimension)


@dataclass(frozen=True)
class MaskedDemand:
    """A demand as officials see it: no name, no identifier (DECISIONS 29)."""

    number: str
    district: str
    industry: str
    amount: int
    term_months: int
    purpose: str
    state: str
    created_at: datetime
    suitable: int | None
    open: int | None
    demonstration: bool
