"""Consents as they were given; a row is never changed but for its withdrawal and the reminder."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, PubliclyIdentified
from finmart.platform.db.types import BigId, JsonValue, UtcDateTime


class Consent(PubliclyIdentified, Base):
    """A subject lets an institution see ``scopes`` for ``purpose`` from a day to another, both included."""

    __tablename__ = "consent"
    __table_args__ = (
        Index("ix_consent_subject_id_institution_id", "subject_id", "institution_id"),
        Index("ix_consent_institution_id", "institution_id"),
        Index("ix_consent_organisation_id", "organisation_id"),
        Index("ix_consent_valid_until", "valid_until"),
    )

    #: Printed on the receipt and said on the telephone; says nothing about anybody.
    receipt_number: Mapped[str] = mapped_column(String(24), unique=True)
    subject_id: Mapped[int] = mapped_column(BigId, ForeignKey("subject.id"))
    institution_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    #: The applicant organisation and the person that granted it.
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    purpose: Mapped[str] = mapped_column(String(32))
    scopes: Mapped[list[str]] = mapped_column(JsonValue)
    #: Scopes for which the separate warning was confirmed (征信业管理条例 14).
    warned: Mapped[list[str]] = mapped_column(JsonValue)
    text_version: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(8))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime())
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    revoked_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    revoke_reason: Mapped[str] = mapped_column(String(32), default="")
    #: When its coming end was told, so that it is told once.
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
