"""Switches that somebody has turned; the others stand as the code says."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base
from finmart.platform.db.types import BigId, EncryptedText, UtcDateTime
from finmart.platform.kernel.clock import now


class SwitchRow(Base):
    """How one switch stands, who turned it last, when and why."""

    __tablename__ = "feature_switch"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    on: Mapped[bool] = mapped_column("is_on")
    reason: Mapped[str] = mapped_column(EncryptedText("feature_switch.reason"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime(), default=now, onupdate=now)
    changed_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
