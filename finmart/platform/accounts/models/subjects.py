"""Whom data speaks of, by which identifiers they are found, and who says to be them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.accounts.models.users import INDEX_LENGTH
from finmart.platform.db.base import Base, Identified, PubliclyIdentified, Timestamped
from finmart.platform.db.types import BigId, EncryptedText, JsonValue, UtcDateTime


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Subject(PubliclyIdentified, Timestamped, Base):
    """A firm or person that data speaks of. A natural person's full name is ciphertext, the display name masked."""

    __tablename__ = "subject"
    __table_args__ = (Index("ix_subject_kind", "kind"),)

    kind: Mapped[str] = mapped_column(String(24))
    display_name: Mapped[str] = mapped_column(String(120))
    full_name: Mapped[str | None] = mapped_column(EncryptedText("subject.full_name"))
    demonstration: Mapped[bool] = mapped_column(default=False)


class SubjectIdentifier(Identified, Base):
    """One identifier of a subject in one scheme; ciphertext, found by its blind index, valid within dates."""

    __tablename__ = "subject_identifier"
    __table_args__ = (
        Index(
            "uq_subject_identifier_scheme_blind_index_current",
            "scheme",
            "blind_index",
            unique=True,
            **_where("valid_to IS NULL"),
        ),
        Index("ix_subject_identifier_subject_id", "subject_id"),
    )

    subject_id: Mapped[int] = mapped_column(BigId, ForeignKey("subject.id"))
    scheme: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(EncryptedText("subject_identifier.value"))
    blind_index: Mapped[str] = mapped_column(String(INDEX_LENGTH))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class FarmerProfile(Identified, Timestamped, Base):
    """What a farmer adds at sign-up (DECISIONS 4): where, what, how much; said by the farmer, not checked."""

    __tablename__ = "farmer_profile"

    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"), unique=True)
    village: Mapped[str] = mapped_column(String(12))
    activities: Mapped[list[str]] = mapped_column(JsonValue)
    scale_mu: Mapped[int | None] = mapped_column(Integer)
    scale_note: Mapped[str] = mapped_column(String(120), default="")


class SubjectClaim(PubliclyIdentified, Timestamped, Base):
    """An organisation says that it is a subject (DECISIONS 2). At most one verified claim a subject and a claimant."""

    __tablename__ = "subject_claim"
    __table_args__ = (
        Index("uq_subject_claim_subject_id_verified", "subject_id", unique=True, **_where("state = 'verified'")),
        Index("uq_subject_claim_organisation_id_live", "organisation_id", unique=True, **_where("state <> 'revoked'")),
        Index("ix_subject_claim_state", "state"),
    )

    subject_id: Mapped[int] = mapped_column(BigId, ForeignKey("subject.id"))
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(String(16))
    claimed_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    #: Another live claim on the same subject stood when this one was made.
    disputed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    method: Mapped[str | None] = mapped_column(String(16))
    evidence_note: Mapped[str | None] = mapped_column(EncryptedText("subject_claim.evidence_note"))
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    verified_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    revoked_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    revoke_reason: Mapped[str | None] = mapped_column(EncryptedText("subject_claim.revoke_reason"))
