"""Values with dates and sources; rows are added and withdrawn, never changed."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, PubliclyIdentified, Timestamped
from finmart.platform.db.types import BigId, UtcDateTime


class DictionaryValue(PubliclyIdentified, Timestamped, Base):
    """What holds for a key (and a scope) from a day on, until the next one or until ``valid_until`` (exclusive)."""

    __tablename__ = "dictionary_value"
    __table_args__ = (Index("ix_dictionary_value_key_scope_valid_from", "key", "scope", "valid_from"),)

    key: Mapped[str] = mapped_column(String(40))
    scope: Mapped[str] = mapped_column(String(40), default="")
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    number: Mapped[int | None] = mapped_column(BigInteger)
    words: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(300))
    entered_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    withdrawn_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
