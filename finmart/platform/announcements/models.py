"""Announcements as they were written."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, PubliclyIdentified, Timestamped
from finmart.platform.db.types import BigId, UtcDateTime


class Announcement(PubliclyIdentified, Timestamped, Base):
    """One announcement in both languages; shown on the days from ``shown_from`` to ``shown_until``, both included."""

    __tablename__ = "announcement"
    __table_args__ = (Index("ix_announcement_state_shown_until", "state", "shown_until"),)

    state: Mapped[str] = mapped_column(String(16))
    title_zh: Mapped[str] = mapped_column(String(80))
    title_en: Mapped[str] = mapped_column(String(160))
    body_zh: Mapped[str] = mapped_column(Text)
    body_en: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(String(16))
    region: Mapped[str] = mapped_column(String(12), default="")
    shown_from: Mapped[date] = mapped_column(Date)
    shown_until: Mapped[date] = mapped_column(Date)
    created_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    published_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    withdrawn_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    withdraw_reason: Mapped[str] = mapped_column(Text, default="")
