"""Organisations and who belongs to them."""

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, PubliclyIdentified, Timestamped
from finmart.platform.db.types import BigId


class Organisation(PubliclyIdentified, Timestamped, Base):
    """Anything people act for. ``code`` is a name of ours for it, never a credit code."""

    __tablename__ = "organisation"
    __table_args__ = (
        Index("uq_organisation_kind_code", "kind", "code", unique=True),
        Index("ix_organisation_parent_id", "parent_id"),
    )

    kind: Mapped[str] = mapped_column(String(16))
    code: Mapped[str | None] = mapped_column(String(64))
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(160), default="")
    parent_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("organisation.id"))
    region: Mapped[str | None] = mapped_column(String(12))
    #: Which kind of applicant its founder said it is (enterprise, farmer …); only for applicants.
    applicant_kind: Mapped[str | None] = mapped_column(String(24))
    #: Bank, guarantor, insurer …, the spelling of the catalogue; only for institutions.
    institution_kind: Mapped[str | None] = mapped_column(String(40))
    #: Whether the institution has a desk here (DECISIONS 6).
    connected: Mapped[bool] = mapped_column(default=False)
    qualified_from: Mapped[date | None] = mapped_column(Date)
    qualified_until: Mapped[date | None] = mapped_column(Date)
    agreement_from: Mapped[date | None] = mapped_column(Date)
    agreement_until: Mapped[date | None] = mapped_column(Date)
    #: How people reach it, as it wants to be listed; public.
    contact_phone: Mapped[str] = mapped_column(String(40), default="", server_default="")
    contact_address: Mapped[str] = mapped_column(String(160), default="", server_default="")
    #: The end of a qualification or an agreement of which its people have been reminded.
    reminded_of_end: Mapped[date | None] = mapped_column(Date)
    demonstration: Mapped[bool] = mapped_column(default=False)


class Membership(PubliclyIdentified, Timestamped, Base):
    """A user in a role of an organisation, on the days ``valid_from`` ≤ day < ``valid_until``."""

    __tablename__ = "membership"
    __table_args__ = (
        Index("ix_membership_user_id", "user_id"),
        Index("ix_membership_organisation_id", "organisation_id"),
    )

    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    role: Mapped[str] = mapped_column(String(32))
    branch: Mapped[str] = mapped_column(String(80), default="")
    #: The branch of the institution's tree; None: the head office. Branches are never deleted.
    branch_id: Mapped[int | None] = mapped_column(BigId)
    region: Mapped[str | None] = mapped_column(String(12))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
