"""Why an institution invites, where an invitation stands, and what can be wrong with one."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from finmart.platform.kernel.messages import N_


class Reason(StrEnum):
    """Why an institution invites; the sentence that the applicant reads follows from it."""

    FITS = "fits"
    NEW_PRODUCT = "new_product"
    BETTER_TERMS = "better_terms"
    LOCAL = "local"


REASON_WORDS: Mapping[str, str] = MappingProxyType(
    {
        Reason.FITS: N_("您可能符合这个产品公开的条件"),
        Reason.NEW_PRODUCT: N_("这是新推出或新修订的产品"),
        Reason.BETTER_TERMS: N_("这个产品近期放宽了条件或降低了成本"),
        Reason.LOCAL: N_("这个产品正面向您所在的区县和行业推广"),
    }
)


class InvitationState(StrEnum):
    """Where an invitation stands; only an open one can be answered."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPORTED = "reported"
    CLOSED = "closed"
    LAPSED = "lapsed"


INVITATION_WORDS: Mapping[str, str] = MappingProxyType(
    {
        InvitationState.OPEN: N_("等待答复"),
        InvitationState.ACCEPTED: N_("愿意了解"),
        InvitationState.DECLINED: N_("已谢绝"),
        InvitationState.REPORTED: N_("已举报"),
        InvitationState.CLOSED: N_("申请人已不再公开"),
        InvitationState.LAPSED: N_("过期未答复"),
    }
)


class Complaint(StrEnum):
    """What is wrong with an invitation."""

    NOT_FITTING = "not_fitting"
    MISLEADING = "misleading"
    HARASSING = "harassing"
    FEES = "fees"


COMPLAINT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        Complaint.NOT_FITTING: N_("我明显不符合这个产品的条件"),
        Complaint.MISLEADING: N_("邀请的内容与产品不符"),
        Complaint.HARASSING: N_("这家机构另外打扰我"),
        Complaint.FEES: N_("有人借此收费或推荐中介"),
    }
)
