"""How often something was done lately, counted for all processes together; rows live for minutes."""

from datetime import datetime

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, Identified
from finmart.platform.db.types import UtcDateTime

KEY_LENGTH = 32


class RateCount(Base):
    """The count of one window. ``key`` is a fingerprint: nobody reads an address out of it."""

    __tablename__ = "rate_count"
    __table_args__ = (Index("ix_rate_count_until", "until"),)

    key: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    until: Mapped[datetime] = mapped_column(UtcDateTime())


class RateEntry(Identified, Base):
    """One hit of a window that moves with the clock; of no use after ``until``."""

    __tablename__ = "rate_entry"
    __table_args__ = (Index("ix_rate_entry_key_at", "key", "at"), Index("ix_rate_entry_until", "until"))

    key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    until: Mapped[datetime] = mapped_column(UtcDateTime())
