"""Exposure: how many needs a product was put before, was opened for, applied for, and approved for."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from finmart.matching.insights.types.figures import Line
from finmart.matching.insights.types.stages import Meaning
from finmart.platform.kernel.messages import N_

#: Periods that can be asked for, in days up to today.
PERIODS = (30, 90, 365)
#: A product stands in sight from the first place to this one.
FRONT = 3


class Measure(StrEnum):
    """What is counted of a product or of an institution, each as a number of different needs."""

    SHOWN = "shown"
    FRONT = "front"
    OPENED = "opened"
    APPLIED = "applied"
    APPROVED = "approved"


MEASURE_TEXTS: dict[Measure, Meaning] = {
    Measure.SHOWN: Meaning(
        N_("进入匹配结果"), N_("期内第一次显示在匹配结果页的需求笔数；同一笔需求重复打开、重新匹配只算一笔。")
    ),
    Measure.FRONT: Meaning(N_("排在前三"), N_("其中排在前三位的需求笔数。")),
    Measure.OPENED: Meaning(N_("点开产品页"), N_("其中申请人从结果点开产品页的需求笔数。")),
    Measure.APPLIED: Meaning(N_("提交申请"), N_("期内向这个产品直接提交申请的需求笔数。")),
    Measure.APPROVED: Meaning(N_("获得批准"), N_("期内提交的申请中，截至现在已获批准的需求笔数。")),
}


@dataclass(frozen=True)
class Span:
    """Which days, both included; whose cases; and, for an official, the region the needs lie in."""

    since: date
    until: date
    demonstration: bool
    region: str | None = None


@dataclass(frozen=True)
class ProductExposure:
    """One product: how often its page was read, and its figures (small real ones hidden)."""

    code: str
    institution: str
    reads: int
    line: Line
    #: Of the readings, those of signed-in applicants; the rest are visitors'.
    by_applicants: int = 0


@dataclass(frozen=True)
class InstitutionExposure:
    """One institution with its products, the most shown first."""

    code: str
    reads: int
    line: Line
    products: tuple[ProductExposure, ...]


@dataclass(frozen=True)
class Exposure:
    """A whole period."""

    span: Span
    whole: Line
    reads: int
    institutions: tuple[InstitutionExposure, ...]
