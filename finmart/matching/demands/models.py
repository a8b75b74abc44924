"""The table of demands."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, PubliclyIdentified, Timestamped
from finmart.platform.db.types import BigId, JsonValue, UtcDateTime


class Demand(PubliclyIdentified, Timestamped, Base):
    """What an applicant needs. ``amount`` is 分; ``region`` stays as it was published."""

    __tablename__ = "demand"
    __table_args__ = (
        Index("ix_demand_organisation_id", "organisation_id"),
        Index("ix_demand_state_region", "state", "region"),
    )

    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    subject_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("subject.id"))
    user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    amount: Mapped[int] = mapped_column(BigId)
    term_months: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(32))
    guarantees: Mapped[list[str]] = mapped_column(JsonValue)
    region: Mapped[str] = mapped_column(String(12))
    urgency: Mapped[str] = mapped_column(String(16))
    needed_by: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(16))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    withdraw_reason: Mapped[str | None] = mapped_column(String(32))
    demonstration: Mapped[bool] = mapped_column(default=False)
