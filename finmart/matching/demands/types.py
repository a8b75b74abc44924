"""A demand: what somebody needs, in which state, and the events of its life."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent
from finmart.platform.kernel.errors import BadInput, Conflict, NotFound
from finmart.platform.kernel.messages import N_
from finmart.reference.facts import fact

#: 10^12 yuan would be more than any firm of a city borrows; a demand above this is a slip of the unit.
MOST_FEN = 100_000_000_000_00
MOST_MONTHS = 360


class DemandState(StrEnum):
    """draft → published → withdrawn; a draft may be withdrawn too. Later stages join here."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Urgency(StrEnum):
    """When the money is needed."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    OPEN = "open"


STATE_WORDS: Mapping[str, str] = {
    DemandState.DRAFT: N_("草稿"),
    DemandState.PUBLISHED: N_("已发布"),
    DemandState.WITHDRAWN: N_("已撤回"),
}

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


class DemandUnknown(NotFound):
    """No such demand, or not the actor's."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这条需求。"))


class DemandRefused(BadInput):
    """What was asked for cannot be a demand; the sentence says why."""


class DemandClosed(Conflict):
    """The step does not start from this state."""

    def __init__(self, state: str) -> None:
        super().__init__(N_("这条需求已经是另一个状态，请刷新页面后再操作。"), state=state)


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

    @property
    def is_open(self) -> bool:
        """Whether it can still be matched, published or withdrawn."""
        return self.state is not DemandState.WITHDRAWN


@dataclass(frozen=True, kw_only=True)
class DemandSaved(AuditEvent):
    """A demand was written down; ``target`` is the demand."""

    name: ClassVar[str] = "demand.saved"
    state: str


@dataclass(frozen=True, kw_only=True)
class DemandPublished(AuditEvent):
    """``target`` is the demand."""

    name: ClassVar[str] = "demand.published"
    old_state: str


@dataclass(frozen=True, kw_only=True)
class DemandWithdrawn(AuditEvent):
    """``target`` is the demand; ``reason`` is a code."""

    name: ClassVar[str] = "demand.withdrawn"
    old_state: str
    reason: str
