"""Who must act next, and by when: the duties of a living demand, counted in working days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from finmart.platform.kernel.messages import N_


class Owner(StrEnum):
    """The side that must act."""

    APPLICANT = "applicant"
    INSTITUTION = "institution"
    OPERATOR = "operator"


class DutyKind(StrEnum):
    """What has to be done."""

    #: Nobody has taken the anonymous card yet: the platform looks for somebody.
    ANSWER = "answer"
    #: An institution asked by the platform says whether it takes the demand.
    RESPOND = "respond"
    #: The applicant says whether an interested institution may see its contacts.
    CHOOSE = "choose"
    CONTACT = "contact"
    FIRST_OPINION = "first_opinion"
    MATERIALS = "materials"
    DECISION = "decision"
    ACCEPT = "accept"
    DRAW_DOWN = "draw_down"
    #: No institution is at work any more: the applicant chooses how to go on.
    NEXT_STEP = "next_step"
    #: An institution let its day pass: the platform steps in.
    RESCUE = "rescue"


#: What the clock is waiting for, as a page says it.
DUTY_WORDS: Mapping[str, str] = {
    DutyKind.ANSWER: N_("等待机构响应，平台负责跟进"),
    DutyKind.RESPOND: N_("机构答复是否承接"),
    DutyKind.CHOOSE: N_("您决定是否让这家机构看到联系方式"),
    DutyKind.CONTACT: N_("机构联系申请人"),
    DutyKind.FIRST_OPINION: N_("机构给出初步意见"),
    DutyKind.MATERIALS: N_("申请人补充材料"),
    DutyKind.DECISION: N_("机构作出决定"),
    DutyKind.ACCEPT: N_("申请人答复是否接受"),
    DutyKind.DRAW_DOWN: N_("机构放款"),
    DutyKind.NEXT_STEP: N_("申请人选择下一步"),
    DutyKind.RESCUE: N_("机构逾期，平台介入处理"),
}

OWNER_WORDS: Mapping[str, str] = {
    Owner.APPLICANT: N_("申请人"),
    Owner.INSTITUTION: N_("机构"),
    Owner.OPERATOR: N_("平台"),
}


@dataclass(frozen=True)
class Duty:
    """One thing that somebody has to do by the end of ``due_on`` (Asia/Shanghai).

    ``organisation_id`` is the owner's organisation, None for the operator; ``lead_id`` the lead whose step is due.
    """

    kind: DutyKind
    owner: Owner
    organisation_id: int | None
    due_on: date
    provisional: bool = False
    lead_id: int | None = None


@dataclass(frozen=True)
class ClockView:
    """The running clock of a demand, as pages show it."""

    demand_id: int
    lead_id: int | None
    kind: DutyKind
    owner: Owner
    organisation_id: int | None
    due_on: date
    provisional: bool
    reminded_at: datetime | None
