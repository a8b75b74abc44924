"""People who sign in, their sessions, and the secrets that open an account once."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, Identified, PubliclyIdentified, Timestamped
from finmart.platform.db.types import BigId, EncryptedText, UtcDateTime
from finmart.platform.kernel.clock import now

INDEX_LENGTH = 32
HASH_LENGTH = 64


class Lockable:
    """Counting wrong passwords: the same for an account and for a phone that has none."""

    failed_count: Mapped[int] = mapped_column(Integer, default=0)
    last_failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime())


class User(Lockable, PubliclyIdentified, Timestamped, Base):
    """A person who signs in. Name, phone and e-mail are ciphertext; the phone is found by its blind index."""

    __tablename__ = "user_account"

    name: Mapped[str] = mapped_column(EncryptedText("user_account.name"))
    phone: Mapped[str] = mapped_column(EncryptedText("user_account.phone"))
    phone_index: Mapped[str] = mapped_column(String(INDEX_LENGTH), unique=True)
    email: Mapped[str | None] = mapped_column(EncryptedText("user_account.email"))
    password_hash: Mapped[str] = mapped_column(String(255))
    password_changed_at: Mapped[datetime] = mapped_column(UtcDateTime(), default=now)
    #: Set by the operator; unlike ``locked_until`` it does not pass by itself.
    blocked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    block_reason: Mapped[str | None] = mapped_column(EncryptedText("user_account.block_reason"))
    #: In which letters are worded: what the person chose last, on any device.
    language: Mapped[str] = mapped_column(String(2), default="zh", server_default="zh")
    demonstration: Mapped[bool] = mapped_column(default=False)


class UnknownPhone(Lockable, Base):
    """Wrong sign-ins with a phone that has no account: it pauses like any other, so that nobody can tell."""

    __tablename__ = "unknown_phone"

    phone_index: Mapped[str] = mapped_column(String(INDEX_LENGTH), primary_key=True)


class UserSession(PubliclyIdentified, Timestamped, Base):
    """One signed-in browser; the cookie holds the token, the table only its SHA-256."""

    __tablename__ = "user_session"
    __table_args__ = (Index("ix_user_session_user_id_revoked_at", "user_id", "revoked_at"),)

    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user_account.id"))
    membership_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("membership.id"))
    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime(), default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    revoke_reason: Mapped[str | None] = mapped_column(String(32))
    device: Mapped[str] = mapped_column(String(80))
    #: The network part alone (IPv4 /24, IPv6 /48): enough to notice a strange place, too little to follow a person.
    network: Mapped[str] = mapped_column(String(48))


class OneTimeLink(PubliclyIdentified, Timestamped, Base):
    """A copyable link that works once: a password reset of ``user_id``, or an invitation into an organisation."""

    __tablename__ = "one_time_link"
    __table_args__ = (Index("ix_one_time_link_organisation_id", "organisation_id"),)

    purpose: Mapped[str] = mapped_column(String(16))
    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    created_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    used_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    organisation_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("organisation.id"))
    role: Mapped[str | None] = mapped_column(String(32))
    branch: Mapped[str] = mapped_column(String(80), default="")
    branch_id: Mapped[int | None] = mapped_column(BigId)
    region: Mapped[str | None] = mapped_column(String(12))


class ResetCode(Identified, Timestamped, Base):
    """A short code sent to the phone; few tries, short life, only a keyed fingerprint is kept."""

    __tablename__ = "reset_code"
    __table_args__ = (Index("ix_reset_code_user_id", "user_id"),)

    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user_account.id"))
    code_index: Mapped[str] = mapped_column(String(INDEX_LENGTH))
    tries: Mapped[int] = mapped_column(Integer, default=0)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class TermsAcceptance(Identified, Base):
    """That a person agreed to a version of the terms, and when."""

    __tablename__ = "terms_acceptance"
    __table_args__ = (Index("ix_terms_acceptance_user_id", "user_id"),)

    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user_account.id"))
    version: Mapped[str] = mapped_column(String(16))
    accepted_at: Mapped[datetime] = mapped_column(UtcDateTime(), default=now)
