"""Several claims on one subject, and what happens at a counter."""

from dataclasses import dataclass
from typing import ClassVar

from finmart.platform.accounts.types.claims import ClaimState
from finmart.platform.accounts.types.evidence import PaperView
from finmart.platform.accounts.types.kinds import SubjectKind
from finmart.platform.accounts.types.values import ClaimView
from finmart.platform.audit.events import AuditEvent
from finmart.platform.kernel.errors import BadInput, Conflict
from finmart.platform.kernel.messages import N_


@dataclass(frozen=True)
class DisputeSide:
    """One of the claims, with its papers."""

    claim: ClaimView
    papers: tuple[PaperView, ...]


@dataclass(frozen=True)
class CounterView:
    """A claim as a clerk at a counter sees it: enough to know whose papers to ask for, and no more."""

    public_id: str
    code: str
    state: ClaimState
    claimant: str
    subject_kind: SubjectKind
    identifier_masked: str


class DisputeOver(Conflict):
    """Only one claim is left, so there is nothing to decide between."""

    def __init__(self) -> None:
        super().__init__(N_("这个主体上只剩一条有效认领，争议已经结束，请回到认领页面处理。"))


class CounterRefers(Conflict):
    """A claim that a counter cannot decide."""

    def __init__(self) -> None:
        super().__init__(N_("这条认领需要由平台运营人员核实，窗口不能办理，请转交平台。"))


class PapersDiffer(BadInput):
    """The code on the papers is not the one claimed."""

    def __init__(self) -> None:
        super().__init__(N_("证件上的代码与认领的主体不一致，请核对后再填；确实不同的，请让申请人重新认领。"))


@dataclass(frozen=True, kw_only=True)
class DisputeSettled(AuditEvent):
    """The operator kept one claim and revoked the others; ``target`` is the claim kept."""

    name: ClassVar[str] = "claim.dispute_settled"
    subject: str
    revoked_claims: tuple[str, ...]
    old_state: str


@dataclass(frozen=True, kw_only=True)
class ClaimLookedUp(AuditEvent):
    """A clerk at a counter opened a claim by its code; ``target`` is the claim. Written before it is shown."""

    name: ClassVar[str] = "claim.looked_up"
    state: str
