"""What the audit trail keeps of accounts: ids, states and codes, never a name, a phone or an identifier."""

from dataclasses import dataclass
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent


@dataclass(frozen=True, kw_only=True)
class UserSignedUp(AuditEvent):
    """A person made an account; ``target`` is the user."""

    name: ClassVar[str] = "user.signed_up"
    organisation: str
    subject_kind: str
    terms_version: str


@dataclass(frozen=True, kw_only=True)
class UserCreated(AuditEvent):
    """An account was made by command, demonstration or invitation; ``target`` is the user."""

    name: ClassVar[str] = "user.created"
    organisation: str
    role: str


@dataclass(frozen=True, kw_only=True)
class SignedIn(AuditEvent):
    """A session began; ``target`` is the user."""

    name: ClassVar[str] = "user.signed_in"
    session: str


@dataclass(frozen=True, kw_only=True)
class SignInFailed(AuditEvent):
    """A wrong password; ``target`` is the user."""

    name: ClassVar[str] = "user.sign_in_failed"
    failed_count: int
    locked: bool


@dataclass(frozen=True, kw_only=True)
class SessionRevoked(AuditEvent):
    """A session ended before its time; ``target`` is the session."""

    name: ClassVar[str] = "session.revoked"
    user: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(AuditEvent):
    """``how`` is change, code or link; ``target`` is the user."""

    name: ClassVar[str] = "user.password_changed"
    how: str


@dataclass(frozen=True, kw_only=True)
class EmailChanged(AuditEvent):
    """``how`` is confirmed or removed; ``target`` is the user."""

    name: ClassVar[str] = "user.email_changed"
    how: str


@dataclass(frozen=True, kw_only=True)
class ResetRequested(AuditEvent):
    """A reset code was sent; ``target`` is the user."""

    name: ClassVar[str] = "user.reset_requested"


@dataclass(frozen=True, kw_only=True)
class UserLocked(AuditEvent):
    """The operator locked an account; ``target`` is the user."""

    name: ClassVar[str] = "user.locked"
    reason: str
    sessions_revoked: int


@dataclass(frozen=True, kw_only=True)
class UserUnlocked(AuditEvent):
    """The operator opened an account again; ``target`` is the user."""

    name: ClassVar[str] = "user.unlocked"


@dataclass(frozen=True, kw_only=True)
class LinkIssued(AuditEvent):
    """A one-time link was made; ``target`` is the link."""

    name: ClassVar[str] = "link.issued"
    purpose: str
    user: str | None = None
    organisation: str | None = None
    role: str | None = None


@dataclass(frozen=True, kw_only=True)
class LinkUsed(AuditEvent):
    """A one-time link was used up; ``target`` is the link."""

    name: ClassVar[str] = "link.used"
    purpose: str
    user: str


@dataclass(frozen=True, kw_only=True)
class LinkWithdrawn(AuditEvent):
    """A one-time link was withdrawn; ``target`` is the link."""

    name: ClassVar[str] = "link.withdrawn"
    purpose: str


@dataclass(frozen=True, kw_only=True)
class MembershipBegan(AuditEvent):
    """A user joined an organisation; ``target`` is the organisation."""

    name: ClassVar[str] = "membership.began"
    user: str
    role: str


@dataclass(frozen=True, kw_only=True)
class MembershipEnded(AuditEvent):
    """A user left or was removed; ``target`` is the organisation."""

    name: ClassVar[str] = "membership.ended"
    user: str
    role: str


@dataclass(frozen=True, kw_only=True)
class OrganisationSaved(AuditEvent):
    """An organisation was made or its registration changed; ``target`` is the organisation."""

    name: ClassVar[str] = "organisation.saved"
    kind: str
    created: bool
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OrganisationSwitched(AuditEvent):
    """A user went on in another of their organisations; ``target`` is the organisation."""

    name: ClassVar[str] = "session.organisation_switched"
    session: str


@dataclass(frozen=True, kw_only=True)
class SubjectsCreated(AuditEvent):
    """New subjects came with data or a sign-up; ``target`` is the first of them."""

    name: ClassVar[str] = "subject.created"
    count: int
    schemes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ClaimMade(AuditEvent):
    """An organisation says that it is a subject; ``target`` is the claim."""

    name: ClassVar[str] = "claim.made"
    subject: str
    organisation: str


@dataclass(frozen=True, kw_only=True)
class ClaimDisputed(AuditEvent):
    """A claim met another live one on the same subject; ``target`` is the later claim."""

    name: ClassVar[str] = "claim.disputed"
    subject: str
    other_claims: tuple[str, ...]
    members_told: int


@dataclass(frozen=True, kw_only=True)
class ClaimVerified(AuditEvent):
    """``target`` is the claim; the evidence note itself stays in the claim."""

    name: ClassVar[str] = "claim.verified"
    subject: str
    organisation: str
    method: str
    old_state: str


@dataclass(frozen=True, kw_only=True)
class ClaimRevoked(AuditEvent):
    """``target`` is the claim; the reason itself stays in the claim."""

    name: ClassVar[str] = "claim.revoked"
    subject: str
    organisation: str
    old_state: str
