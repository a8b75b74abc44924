"""A report that a product's page is wrong: what may be wrong, its life, and how it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from finmart.platform.kernel.errors import BadInput, Conflict, NotFound
from finmart.platform.kernel.messages import N_

#: An answer is due by the end of this working day after the report.
WORKING_DAYS = 5
MAX_NOTE = 500
MIN_ANSWER = 4


class ReportKind(StrEnum):
    """What is wrong."""

    AMOUNT = "amount"
    TERM = "term"
    RATE = "rate"
    FEE = "fee"
    CONDITION = "condition"
    CONTACT = "contact"
    STOPPED = "stopped"
    OTHER = "other"


class ReportState(StrEnum):
    """open → answered, or open → closed without a change (a repetition, nothing to do with the product)."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class ReportStep(StrEnum):
    """What the desk can do."""

    ANSWER = "answer"
    CLOSE = "close"


class Desk(StrEnum):
    """Who has to answer: the institution where it has a desk here, else the operator."""

    INSTITUTION = "institution"
    OPERATOR = "operator"


KIND_WORDS: Mapping[ReportKind, str] = MappingProxyType(
    {
        ReportKind.AMOUNT: N_("额度不对"),
        ReportKind.TERM: N_("期限不对"),
        ReportKind.RATE: N_("利率不对"),
        ReportKind.FEE: N_("有没写明的收费"),
        ReportKind.CONDITION: N_("准入条件不对"),
        ReportKind.CONTACT: N_("联系不上"),
        ReportKind.STOPPED: N_("已经停办"),
        ReportKind.OTHER: N_("其他问题"),
    }
)

REPORT_STATE_WORDS: Mapping[ReportState, str] = MappingProxyType(
    {
        ReportState.OPEN: N_("待答复"),
        ReportState.ANSWERED: N_("已答复"),
        ReportState.CLOSED: N_("已关闭"),
    }
)

#: The whole transition table; what is not in it is refused.
TRANSITIONS: Mapping[tuple[ReportState, ReportStep], ReportState] = MappingProxyType(
    {
        (ReportState.OPEN, ReportStep.ANSWER): ReportState.ANSWERED,
        (ReportState.OPEN, ReportStep.CLOSE): ReportState.CLOSED,
    }
)


class ReportUnknown(NotFound):
    """No such report on the actor's desk."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这条反馈。"))


class ReportDone(Conflict):
    """The report has its answer."""

    def __init__(self) -> None:
        super().__init__(N_("这条反馈已经处理过了，请刷新页面后再看。"))


class ReportRefused(BadInput):
    """What was written cannot be a report or an answer; the sentence says why."""


@dataclass(frozen=True)
class ReportView:
    """One report as a desk reads it; ``overdue``: still open after its last day."""

    public_id: str
    product_code: str
    product_name_zh: str
    product_name_en: str
    institution_name_zh: str
    institution_name_en: str
    version_number: int
    kind: ReportKind
    note: str
    state: ReportState
    desk: Desk
    by_visitor: bool
    created_at: datetime
    due_on: date | None
    overdue: bool
    answer: str
    answered_at: datetime | None
    answered_by_operator: bool


def after(state: ReportState, step: ReportStep) -> ReportState:
    """The state that ``step`` leads to. Raises ``ReportDone`` when the table has no such row."""
    try:
        return TRANSITIONS[(state, step)]
    except KeyError:
        raise ReportDone from None
