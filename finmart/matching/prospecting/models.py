"""Who agreed to be found, what was counted of a product on a day, and who was invited to what."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, Identified, PubliclyIdentified
from finmart.platform.db.types import BigId, JsonValue, UtcDateTime


class ProspectOptIn(PubliclyIdentified, Base):
    """An applicant's agreement that institutions may find it by their conditions; at most one of an applicant holds."""

    __tablename__ = "prospect_opt_in"
    __table_args__ = (
        Index(
            "uq_prospect_opt_in_organisation_id_holds",
            "organisation_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_prospect_opt_in_organisation_id", "organisation_id"),
    )

    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    agreed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: Which words were agreed to.
    text_version: Mapped[str] = mapped_column(String(16))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    withdrawn_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))


class ProspectCount(Identified, Base):
    """What may be said of one version of a product on one day. The exact numbers are kept nowhere."""

    __tablename__ = "prospect_count"
    __table_args__ = (
        UniqueConstraint("product_code", "product_version", "counted_on"),
        Index("ix_prospect_count_organisation_id_counted_on", "organisation_id", "counted_on"),
    )

    #: The institution whose product it is.
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    product_code: Mapped[str] = mapped_column(String(64))
    product_version: Mapped[int]
    #: The day in Asia/Shanghai.
    counted_on: Mapped[date] = mapped_column(Date)
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime())
    demonstration: Mapped[bool]
    #: The product as it was counted, in the engine's words: what is counted later is held against it.
    document: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    #: Tens, or nothing where they are fewer than may be said: {"subjects", "whole", "ways"}.
    stated: Mapped[dict[str, Any]] = mapped_column(JsonValue)


class ProspectInvitation(PubliclyIdentified, Base):
    """An institution asks an applicant that it cannot name to look at a product; once, whatever the answer is."""

    __tablename__ = "prospect_invitation"
    __table_args__ = (
        UniqueConstraint("institution_id", "organisation_id", "product_code", name="uq_prospect_invitation_once"),
        Index("ix_prospect_invitation_organisation_id_sent_at", "organisation_id", "sent_at"),
        Index("ix_prospect_invitation_institution_id_sent_at", "institution_id", "sent_at"),
    )

    institution_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    #: The applicant.
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    opt_in_id: Mapped[int] = mapped_column(BigId, ForeignKey("prospect_opt_in.id"))
    product_code: Mapped[str] = mapped_column(String(64))
    product_version: Mapped[int]
    #: Why the institution asks: a code, never words of its own.
    reason: Mapped[str] = mapped_column(String(32))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime())
    sent_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    #: The last day on which it can be answered.
    valid_until: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(16))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    answered_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    #: What is wrong with it, where the applicant reported it: a code.
    complaint: Mapped[str] = mapped_column(String(32), default="")
