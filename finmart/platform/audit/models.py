"""The audit trail: rows are only ever added."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, Identified
from finmart.platform.db.types import BigId, JsonValue, UtcDateTime


class AuditRow(Identified, Base):
    """Who did what to which thing, when, in which role or on which basis, in which request."""

    __tablename__ = "audit_row"
    __table_args__ = (Index("ix_audit_row_name_at", "name", "at"), Index("ix_audit_row_target", "target"))

    at: Mapped[datetime] = mapped_column(UtcDateTime())
    name: Mapped[str] = mapped_column(String(64))
    target: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(120))
    user_id: Mapped[int | None] = mapped_column(BigId)
    organisation_id: Mapped[int | None] = mapped_column(BigId)
    role: Mapped[str | None] = mapped_column(String(32))
    basis: Mapped[str] = mapped_column(String(200))
    request_id: Mapped[str] = mapped_column(String(32))
    payload: Mapped[dict[str, Any]] = mapped_column(JsonValue)
