"""The life of a demand: its states, the steps between them, and the one table of what leads where."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from finmart.matching.demands.types.errors import DemandClosed
from finmart.platform.kernel.messages import N_


class DemandState(StrEnum):
    """A draft is its applicant's alone; a published demand lives until it ends in one of the four outcomes."""

    DRAFT = "draft"
    PUBLISHED = "published"
    FUNDED = "funded"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class DemandStep(StrEnum):
    """What can be done to a demand."""

    PUBLISH = "publish"
    OPEN_BOARD = "open_board"
    LEAVE_BOARD = "leave_board"
    FUND = "fund"
    REOPEN = "reopen"
    DECLINE = "decline"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"


#: The states in which somebody still has to do something.
LIVE = frozenset({DemandState.PUBLISHED})

#: The whole transition table; what is not in it is refused.
TRANSITIONS: Mapping[tuple[DemandState, DemandStep], DemandState] = MappingProxyType(
    {
        (DemandState.DRAFT, DemandStep.PUBLISH): DemandState.PUBLISHED,
        (DemandState.DRAFT, DemandStep.WITHDRAW): DemandState.WITHDRAWN,
        (DemandState.PUBLISHED, DemandStep.OPEN_BOARD): DemandState.PUBLISHED,
        (DemandState.PUBLISHED, DemandStep.LEAVE_BOARD): DemandState.PUBLISHED,
        (DemandState.PUBLISHED, DemandStep.FUND): DemandState.FUNDED,
        (DemandState.PUBLISHED, DemandStep.DECLINE): DemandState.DECLINED,
        (DemandState.PUBLISHED, DemandStep.EXPIRE): DemandState.EXPIRED,
        (DemandState.PUBLISHED, DemandStep.WITHDRAW): DemandState.WITHDRAWN,
        # A drawdown that was noted by mistake is taken back with a reason; then the demand lives again.
        (DemandState.FUNDED, DemandStep.REOPEN): DemandState.PUBLISHED,
    }
)

STATE_WORDS: Mapping[str, str] = {
    DemandState.DRAFT: N_("草稿"),
    DemandState.PUBLISHED: N_("进行中"),
    DemandState.FUNDED: N_("已放款"),
    DemandState.DECLINED: N_("未获批准"),
    DemandState.WITHDRAWN: N_("已撤回"),
    DemandState.EXPIRED: N_("已到期"),
}

DEMAND_STEP_WORDS: Mapping[str, str] = {
    DemandStep.PUBLISH: N_("发布需求"),
    DemandStep.OPEN_BOARD: N_("公开匿名名片"),
    DemandStep.LEAVE_BOARD: N_("收回匿名名片"),
    DemandStep.FUND: N_("需求得到放款"),
    DemandStep.REOPEN: N_("放款记录更正，需求恢复"),
    DemandStep.DECLINE: N_("以未获批准结束"),
    DemandStep.EXPIRE: N_("到期结束"),
    DemandStep.WITHDRAW: N_("撤回需求"),
}


def after(state: DemandState, step: DemandStep) -> DemandState:
    """The state that ``step`` leads to. Raises ``DemandClosed`` when the table has no such row."""
    try:
        return TRANSITIONS[(state, step)]
    except KeyError:
        raise DemandClosed(state.value) from None
