"""The life of a claim on a subject: pending → verified → revoked, or pending → revoked (DECISIONS 2)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from finmart.platform.accounts.types.errors import ClaimStepRefused
from finmart.platform.kernel.messages import N_


class ClaimState(StrEnum):
    """The three states of a claim; revoked is final, whoever wants to try again claims anew."""

    PENDING = "pending"
    VERIFIED = "verified"
    REVOKED = "revoked"


class ClaimMethod(StrEnum):
    """How a claim was verified."""

    SSO = "sso"
    REVIEW = "review"
    CLERK = "clerk"


class ClaimStep(StrEnum):
    """What can be done to a claim."""

    VERIFY = "verify"
    REVOKE = "revoke"


CLAIM_STATE_WORDS: Mapping[ClaimState, str] = MappingProxyType(
    {
        ClaimState.PENDING: N_("待核实"),
        ClaimState.VERIFIED: N_("已核实"),
        ClaimState.REVOKED: N_("已撤销"),
    }
)

CLAIM_METHOD_WORDS: Mapping[ClaimMethod, str] = MappingProxyType(
    {
        ClaimMethod.SSO: N_("统一身份认证"),
        ClaimMethod.REVIEW: N_("运营人员审核材料"),
        ClaimMethod.CLERK: N_("窗口人员当面核实"),
    }
)

#: The whole transition table; what is not in it is refused.
TRANSITIONS: Mapping[tuple[ClaimState, ClaimStep], ClaimState] = MappingProxyType(
    {
        (ClaimState.PENDING, ClaimStep.VERIFY): ClaimState.VERIFIED,
        (ClaimState.PENDING, ClaimStep.REVOKE): ClaimState.REVOKED,
        (ClaimState.VERIFIED, ClaimStep.REVOKE): ClaimState.REVOKED,
    }
)


def after(state: ClaimState, step: ClaimStep) -> ClaimState:
    """The state that ``step`` leads to. Raises ``ClaimStepRefused`` when the table has no such row."""
    try:
        return TRANSITIONS[(state, step)]
    except KeyError:
        raise ClaimStepRefused(state.value) from None
