"""An institution's branches: a tree below its head office, which is the institution itself."""

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, PubliclyIdentified, Timestamped
from finmart.platform.db.types import BigId


class Branch(PubliclyIdentified, Timestamped, Base):
    """One branch, open on the days ``active_from`` ≤ day < ``active_until``. Rows are closed, never deleted."""

    __tablename__ = "branch"
    __table_args__ = (
        Index("ix_branch_organisation_id", "organisation_id"),
        Index("ix_branch_parent_id", "parent_id"),
    )

    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    #: None for a branch right below the head office.
    parent_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("branch.id"))
    name: Mapped[str] = mapped_column(String(80))
    region: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(String(160), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    hours: Mapped[str] = mapped_column(String(120), default="")
    active_from: Mapped[date] = mapped_column(Date)
    active_until: Mapped[date | None] = mapped_column(Date)
    demonstration: Mapped[bool] = mapped_column(default=False)
