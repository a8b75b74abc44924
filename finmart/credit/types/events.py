"""What credit records in the audit trail: ids, counts and codes, never a figure of a subject."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent


@dataclass(frozen=True, kw_only=True)
class BatchReceived(AuditEvent):
    """A delivery has arrived and is being worked on."""

    name: ClassVar[str] = "batch.received"
    dataset: str
    files: int


@dataclass(frozen=True, kw_only=True)
class BatchPublished(AuditEvent):
    """A delivery became stored rows, facts and profile versions."""

    name: ClassVar[str] = "batch.published"
    dataset: str
    as_of: date
    rows_read: int
    rows_stored: int
    rows_duplicate: int
    rows_quarantined: int
    facts: int
    profiles: int


@dataclass(frozen=True, kw_only=True)
class BatchFailed(AuditEvent):
    """A delivery was refused; nothing of it was stored."""

    name: ClassVar[str] = "batch.failed"
    dataset: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class QuarantineHandled(AuditEvent):
    """Somebody noted what became of a row in quarantine."""

    name: ClassVar[str] = "quarantine.handled"
    batch: str
    fault: str


@dataclass(frozen=True, kw_only=True)
class FactsDeclared(AuditEvent):
    """An applicant answered questions about itself; keys only."""

    name: ClassVar[str] = "facts.declared"
    keys: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LandingErased(AuditEvent):
    """The key of a delivery's landed files was destroyed at the end of their retention."""

    name: ClassVar[str] = "landing.erased"
    dataset: str


@dataclass(frozen=True, kw_only=True)
class ProfileReadUnderConsent(AuditEvent):
    """An institution was shown a profile; ``target`` is the consent. Data sets are named, no figure is."""

    name: ClassVar[str] = "profile.read_under_consent"
    receipt: str
    subject: str
    purpose: str
    scopes: tuple[str, ...]
