"""What somebody needs, as it is stated and as its owner sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from finmart.matching.demands.types.states import LIVE, DemandState
from finmart.platform.kernel.messages import N_
from finmart.reference.facts import fact

#: Below 1,000 yuan nobody applies to an institution; such an amount is a slip of the unit.
LEAST_FEN = 1_000_00
#: No product of the catalogue goes to half a billion yuan; above twice that, yuan were typed for 万元.
MOST_FEN = 1_000_000_000_00
#: Said on the form and by the service.
TOO_LITTLE = N_("金额不到 1,000 元，请核对单位：这里填的是万元。")
TOO_MUCH = N_("金额超过 10 亿元，请核对单位：这里填的是万元，20 万元只填 20。")
MOST_MONTHS = 360


class Urgency(StrEnum):
    """When the money is needed."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    OPEN = "open"


URGENCY_WORDS: Mapping[str, str] = {
    Urgency.WEEK: N_("一周内"),
    Urgency.MONTH: N_("一个月内"),
    Urgency.QUARTER: N_("三个月内"),
    Urgency.OPEN: N_("不着急"),
}

#: Why a demand is withdrawn; kept as a code.
WITHDRAW_WORDS: Mapping[str, str] = {
    "funded": N_("已经从别处融到资金"),
    "not_needed": N_("不再需要"),
    "no_product": N_("没有合适的产品"),
    "terms": N_("机构给的条件不合适"),
    "slow": N_("等得太久"),
    "mistake": N_("填错了，要重新填写"),
    "other": N_("其他原因"),
}

#: urgency → days until the money is needed
URGENCY_DAYS: Mapping[str, int] = {Urgency.WEEK: 7, Urgency.MONTH: 30, Urgency.QUARTER: 90}

#: The facts whose choices the form offers.
PURPOSE = "demand.purpose"
GUARANTEES = "demand.guarantees"


def codes_of(key: str) -> tuple[str, ...]:
    """The codes a fact of the demand may take, in the dictionary's order."""
    return tuple(choice.code for choice in fact(key).choices)


@dataclass(frozen=True)
class NewDemand:
    """What an applicant asks for. ``amount`` is 分; ``region`` is kept as it was published (DECISIONS 10)."""

    amount: int
    term_months: int
    purpose: str
    guarantees: tuple[str, ...]
    region: str
    urgency: str


@dataclass(frozen=True)
class DemandView:
    """One demand as its owner sees it."""

    id: int
    public_id: str
    organisation_id: int
    subject_id: int | None
    amount: int
    term_months: int
    purpose: str
    guarantees: tuple[str, ...]
    region: str
    urgency: str
    needed_by: date | None
    state: DemandState
    created_at: datetime
    published_at: datetime | None
    withdrawn_at: datetime | None
    demonstration: bool
    on_board: bool = False
    places: int = 3
    valid_until: date | None = None
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it can still be matched, published or withdrawn."""
        return self.state is DemandState.DRAFT or self.state in LIVE

    @property
    def is_live(self) -> bool:
        """Whether somebody has to do something, and a clock runs."""
        return self.state in LIVE
