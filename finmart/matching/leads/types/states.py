"""The life of a lead, one demand at one institution: states, steps, who takes them, and what leads where.

This is the only transition table; what is not in it is refused. A wrong step is taken back with a reason, and the step
that takes it back is written down like any other: nothing is ever deleted.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from finmart.matching.leads.types.errors import StepRefused
from finmart.platform.kernel.messages import N_


class Channel(StrEnum):
    """How a lead began."""

    #: The applicant applied to a product.
    DIRECT = "direct"
    #: An institution took the anonymous card.
    OPEN = "open"
    #: The platform asked an institution.
    DISPATCH = "dispatch"


class LeadState(StrEnum):
    """Where a lead stands."""

    ASSIGNED = "assigned"
    INTERESTED = "interested"
    RECEIVED = "received"
    CONTACTED = "contacted"
    MATERIALS = "materials"
    REVIEW = "review"
    SUPPLEMENT = "supplement"
    APPROVED = "approved"
    CONTRACTED = "contracted"
    FUNDED = "funded"
    DECLINED = "declined"
    PASSED = "passed"
    NOT_CHOSEN = "not_chosen"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    CLOSED = "closed"


class LeadStep(StrEnum):
    """What can be done to a lead."""

    APPLY = "apply"
    TAKE = "take"
    DISPATCH = "dispatch"
    PASS = "pass"  # noqa: S105 - the word for leaving it to others, no password.  # nosec B105
    REVEAL = "reveal"
    REFUSE = "refuse"
    CONTACT = "contact"
    OPINION = "opinion"
    ASK_MATERIALS = "ask_materials"
    HAND_IN = "hand_in"
    GO_ON = "go_on"
    APPROVE = "approve"
    DECLINE = "decline"
    ACCEPT = "accept"
    DRAW_DOWN = "draw_down"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    TAKE_AWAY = "take_away"
    CLOSE = "close"
    REVERSE = "reverse"


class Side(StrEnum):
    """Who takes a step."""

    APPLICANT = "applicant"
    INSTITUTION = "institution"
    OPERATOR = "operator"
    #: The passing of time, or what follows from another step.
    HOUSE = "house"


S, D = LeadState, LeadStep

#: States in which somebody still has to do something.
LIVE = frozenset(
    {S.ASSIGNED, S.INTERESTED, S.RECEIVED, S.CONTACTED, S.MATERIALS, S.REVIEW, S.SUPPLEMENT, S.APPROVED, S.CONTRACTED}
)
#: States that no institution reaches before the applicant has let it see the contacts.
BEFORE_REVEAL = frozenset({S.ASSIGNED, S.INTERESTED})
#: States in which an institution examines an application.
AT_WORK = frozenset({S.RECEIVED, S.CONTACTED, S.MATERIALS, S.REVIEW, S.SUPPLEMENT})
#: States in which the institution waits for the applicant; the days do not count against it.
WAITING = frozenset({S.MATERIALS, S.SUPPLEMENT})

_MOVES = {
    (S.ASSIGNED, D.TAKE): S.INTERESTED,
    (S.ASSIGNED, D.PASS): S.PASSED,
    (S.ASSIGNED, D.LAPSE): S.LAPSED,
    (S.INTERESTED, D.PASS): S.PASSED,
    (S.INTERESTED, D.REVEAL): S.RECEIVED,
    (S.INTERESTED, D.REFUSE): S.NOT_CHOSEN,
    (S.INTERESTED, D.LAPSE): S.LAPSED,
    (S.RECEIVED, D.CONTACT): S.CONTACTED,
    (S.CONTACTED, D.OPINION): S.REVIEW,
    (S.CONTACTED, D.ASK_MATERIALS): S.MATERIALS,
    (S.MATERIALS, D.HAND_IN): S.CONTACTED,
    (S.MATERIALS, D.GO_ON): S.CONTACTED,
    (S.REVIEW, D.ASK_MATERIALS): S.SUPPLEMENT,
    (S.SUPPLEMENT, D.HAND_IN): S.REVIEW,
    (S.SUPPLEMENT, D.GO_ON): S.REVIEW,
    (S.REVIEW, D.APPROVE): S.APPROVED,
    (S.APPROVED, D.ACCEPT): S.CONTRACTED,
    (S.APPROVED, D.REFUSE): S.NOT_CHOSEN,
    (S.APPROVED, D.LAPSE): S.LAPSED,
    (S.CONTRACTED, D.DRAW_DOWN): S.FUNDED,
    (S.CONTRACTED, D.DECLINE): S.DECLINED,
}

#: The whole transition table.
TRANSITIONS: Mapping[tuple[LeadState, LeadStep], LeadState] = MappingProxyType(
    {
        **_MOVES,
        **{(state, D.DECLINE): S.DECLINED for state in AT_WORK},
        **{(state, D.TAKE_AWAY): S.LAPSED for state in (*AT_WORK, S.CONTRACTED)},
        **{(state, D.WITHDRAW): S.WITHDRAWN for state in LIVE},
        **{(state, D.CLOSE): S.CLOSED for state in LIVE},
    }
)

#: How a lead begins.
BEGINNINGS: Mapping[LeadStep, tuple[Channel, LeadState]] = MappingProxyType(
    {
        D.APPLY: (Channel.DIRECT, S.RECEIVED),
        D.TAKE: (Channel.OPEN, S.INTERESTED),
        D.DISPATCH: (Channel.DISPATCH, S.ASSIGNED),
    }
)

#: Which sides may take a step.
TAKEN_BY: Mapping[LeadStep, frozenset[Side]] = MappingProxyType(
    {
        D.APPLY: frozenset({Side.APPLICANT}),
        D.TAKE: frozenset({Side.INSTITUTION}),
        D.DISPATCH: frozenset({Side.OPERATOR}),
        D.PASS: frozenset({Side.INSTITUTION}),
        D.REVEAL: frozenset({Side.APPLICANT}),
        D.REFUSE: frozenset({Side.APPLICANT}),
        D.CONTACT: frozenset({Side.INSTITUTION}),
        D.OPINION: frozenset({Side.INSTITUTION}),
        D.ASK_MATERIALS: frozenset({Side.INSTITUTION}),
        D.HAND_IN: frozenset({Side.APPLICANT}),
        D.GO_ON: frozenset({Side.INSTITUTION, Side.HOUSE}),
        D.APPROVE: frozenset({Side.INSTITUTION}),
        D.DECLINE: frozenset({Side.INSTITUTION}),
        D.ACCEPT: frozenset({Side.APPLICANT}),
        D.DRAW_DOWN: frozenset({Side.INSTITUTION}),
        D.WITHDRAW: frozenset({Side.APPLICANT}),
        D.LAPSE: frozenset({Side.HOUSE}),
        D.TAKE_AWAY: frozenset({Side.OPERATOR}),
        D.CLOSE: frozenset({Side.HOUSE}),
        D.REVERSE: frozenset({Side.INSTITUTION}),
    }
)

#: Steps of an institution that it may take back, with a reason, while they are the last ones.
REVERSIBLE = frozenset({D.CONTACT, D.OPINION, D.APPROVE, D.DECLINE, D.DRAW_DOWN})

STATE_WORDS: Mapping[str, str] = {
    S.ASSIGNED: N_("平台已派单，待机构答复"),
    S.INTERESTED: N_("机构有意向，待申请人同意联系"),
    S.RECEIVED: N_("机构已收到，待联系"),
    S.CONTACTED: N_("已联系，待初步意见"),
    S.MATERIALS: N_("待补充材料"),
    S.REVIEW: N_("审查中，待决定"),
    S.SUPPLEMENT: N_("审查中，待补充材料"),
    S.APPROVED: N_("已批准，待申请人答复"),
    S.CONTRACTED: N_("申请人已接受，待放款"),
    S.FUNDED: N_("已放款"),
    S.DECLINED: N_("未通过"),
    S.PASSED: N_("机构未承接"),
    S.NOT_CHOSEN: N_("申请人未选择"),
    S.WITHDRAWN: N_("申请人已撤回"),
    S.LAPSED: N_("逾期失效"),
    S.CLOSED: N_("随需求结束"),
}

STEP_WORDS: Mapping[str, str] = {
    D.APPLY: N_("提交申请"),
    D.TAKE: N_("机构表示有意向"),
    D.DISPATCH: N_("平台派单"),
    D.PASS: N_("机构不承接"),
    D.REVEAL: N_("申请人同意这家机构看到联系方式"),
    D.REFUSE: N_("申请人不选择这家机构"),
    D.CONTACT: N_("机构联系上申请人"),
    D.OPINION: N_("机构给出初步意见"),
    D.ASK_MATERIALS: N_("机构要求补充材料"),
    D.HAND_IN: N_("申请人交齐材料"),
    D.GO_ON: N_("不再等待材料，继续审查"),
    D.APPROVE: N_("机构批准"),
    D.DECLINE: N_("机构不予通过"),
    D.ACCEPT: N_("申请人接受"),
    D.DRAW_DOWN: N_("放款"),
    D.WITHDRAW: N_("申请人撤回"),
    D.LAPSE: N_("逾期未答复，自动失效"),
    D.TAKE_AWAY: N_("机构逾期，平台收回"),
    D.CLOSE: N_("随需求结束"),
    D.REVERSE: N_("更正上一步"),
}

CHANNEL_WORDS: Mapping[str, str] = {
    Channel.DIRECT: N_("直接申请"),
    Channel.OPEN: N_("公开匿名名片"),
    Channel.DISPATCH: N_("平台派单"),
}


def after(state: LeadState, step: LeadStep) -> LeadState:
    """The state that ``step`` leads to. Raises ``StepRefused`` when the table has no such row."""
    try:
        return TRANSITIONS[(state, step)]
    except KeyError:
        raise StepRefused(state.value, step.value) from None


def steps_from(state: LeadState, side: Side) -> frozenset[LeadStep]:
    """What ``side`` may do from ``state``; taking back the last step is not in it."""
    return frozenset(step for (start, step) in TRANSITIONS if start is state and side in TAKEN_BY[step])
