"""Papers that prove a claim: what they are, how they are shown, and what can go wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar

from finmart.platform.accounts.types.claims import ClaimState
from finmart.platform.accounts.types.kinds import NATURAL_PERSONS, SubjectKind
from finmart.platform.audit.events import AuditEvent
from finmart.platform.kernel.errors import BadInput, Conflict, NotFound
from finmart.platform.kernel.messages import N_

#: Papers a claim carries at most; more than anybody needs, and a bound on what one account can store.
MAX_PAPERS = 12


class EvidenceKind(StrEnum):
    """What a paper is, as the claimant says."""

    LICENCE = "licence"
    LETTER = "letter"
    IDENTITY = "identity"
    OTHER = "other"


EVIDENCE_WORDS: Mapping[EvidenceKind, str] = MappingProxyType(
    {
        EvidenceKind.LICENCE: N_("营业执照"),
        EvidenceKind.LETTER: N_("授权委托书"),
        EvidenceKind.IDENTITY: N_("身份证件"),
        EvidenceKind.OTHER: N_("其他材料"),
    }
)


def wanted(kind: SubjectKind) -> tuple[EvidenceKind, ...]:
    """The papers asked of ``kind``: a natural person has no licence and needs nobody's letter."""
    if kind in NATURAL_PERSONS:
        return (EvidenceKind.IDENTITY,)
    return (EvidenceKind.LICENCE, EvidenceKind.LETTER)


def code_of(claim_public_id: str) -> str:
    """The claim's id as it is read aloud and typed at a counter: ``abcd-efgh-jkmn``."""
    return "-".join(claim_public_id[place : place + 4] for place in range(0, len(claim_public_id), 4))


def claim_in(code: str) -> str:
    """The claim's id in a typed code, however it was spelled."""
    return "".join(sign for sign in code.lower() if sign.isascii() and sign.isalnum())[:24]


@dataclass(frozen=True)
class PaperView:
    """One paper; ``name`` is the file's, ``size`` counts bytes."""

    public_id: str
    kind: EvidenceKind
    name: str
    size: int
    added_at: datetime


@dataclass(frozen=True)
class OwnClaimView:
    """The claimant's own claim: nothing that would say whether anybody else claims the same."""

    public_id: str
    code: str
    state: ClaimState
    subject_kind: SubjectKind
    identifier_masked: str
    created_at: datetime
    papers: tuple[PaperView, ...]
    missing: tuple[EvidenceKind, ...]
    #: Somebody else claims the subject of a verified claim: its members were told so, and may add papers.
    contested: bool

    @property
    def is_open(self) -> bool:
        """Whether papers can still be added."""
        return self.contested or self.is_pending

    @property
    def is_pending(self) -> bool:
        """Whether the claim waits; only then papers can be taken back."""
        return self.state is ClaimState.PENDING


class PaperUnknown(NotFound):
    """No such paper of this claim."""

    def __init__(self) -> None:
        super().__init__(N_("没有找到这份材料。"))


class ClaimClosed(Conflict):
    """The claim is decided: its papers stay as they were judged."""

    def __init__(self) -> None:
        super().__init__(N_("这条认领已经处理完毕，不能再增减材料。"))


class TooManyPapers(BadInput):
    """More papers than a claim carries."""

    def __init__(self) -> None:
        super().__init__(N_("一条认领最多保存 {limit} 份材料，请先删除不需要的再传。"), limit=MAX_PAPERS)


@dataclass(frozen=True, kw_only=True)
class EvidenceAdded(AuditEvent):
    """A claimant handed in a paper; ``target`` is the claim."""

    name: ClassVar[str] = "claim.evidence_added"
    kind: str
    file: str


@dataclass(frozen=True, kw_only=True)
class EvidenceRemoved(AuditEvent):
    """A claimant took a paper back; ``target`` is the claim."""

    name: ClassVar[str] = "claim.evidence_removed"
    kind: str
    file: str


@dataclass(frozen=True, kw_only=True)
class EvidenceOpened(AuditEvent):
    """Somebody who reviews claims opened a paper; ``target`` is the claim. Written before anything is shown."""

    name: ClassVar[str] = "claim.evidence_opened"
    kind: str
    file: str
