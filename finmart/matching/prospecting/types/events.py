"""What the audit trail keeps of being found: codes, ids and how much was counted, never a number of firms."""

from dataclasses import dataclass
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent


@dataclass(frozen=True, kw_only=True)
class FoundAgreed(AuditEvent):
    """An applicant agreed to be found by its conditions; ``target`` is the agreement."""

    name: ClassVar[str] = "found.agreed"
    text_version: str


@dataclass(frozen=True, kw_only=True)
class FoundWithdrawn(AuditEvent):
    """An applicant is no longer to be found; ``target`` is the agreement, ``closed`` how many invitations ended."""

    name: ClassVar[str] = "found.withdrawn"
    closed: int


@dataclass(frozen=True, kw_only=True)
class CountAsked(AuditEvent):
    """Somebody of an institution had its products counted; ``target`` is the institution."""

    name: ClassVar[str] = "prospects.asked"
    versions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ProspectsCounted(AuditEvent):
    """Products were counted over all subjects; ``target`` is the institution, ``versions`` code and version of each."""

    name: ClassVar[str] = "prospects.counted"
    versions: tuple[str, ...]
    demonstration: bool


@dataclass(frozen=True, kw_only=True)
class InvitationSent(AuditEvent):
    """An institution invited an applicant it cannot name; ``target`` is the invitation."""

    name: ClassVar[str] = "invitation.sent"
    product: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class InvitationAnswered(AuditEvent):
    """The applicant answered; ``target`` is the invitation, ``complaint`` a code where it was reported."""

    name: ClassVar[str] = "invitation.answered"
    old_state: str
    new_state: str
    complaint: str
