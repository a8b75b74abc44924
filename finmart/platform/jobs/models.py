"""The outbox: work that follows from a change, written in the change's own transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, Identified, Timestamped
from finmart.platform.db.types import EncryptedText, JsonValue, UtcDateTime


class OutboxRow(Identified, Timestamped, Base):
    """One piece of work: waiting until ``done_at`` is set; after ``failed_at`` an operator must look."""

    __tablename__ = "outbox_row"
    __table_args__ = (Index("ix_outbox_row_due", "done_at", "failed_at", "run_after"),)

    name: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    request_id: Mapped[str] = mapped_column(String(32))
    run_after: Mapped[datetime] = mapped_column(UtcDateTime())
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    error: Mapped[str] = mapped_column(Text, default="")
    #: The operator decided that a failed row is not to be done any more, and why.
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    drop_reason: Mapped[str | None] = mapped_column(EncryptedText("outbox_row.drop_reason"))


class Lease(Base):
    """Who may run a periodic job just now, so that two machines do not both do it."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime())
    #: When the work last ended well, and when it last failed with which class of error.
    ran_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    error: Mapped[str] = mapped_column(String(64), default="", server_default="")
