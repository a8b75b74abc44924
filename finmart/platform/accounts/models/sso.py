"""Accounts elsewhere by which people may sign in here."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.accounts.models.users import INDEX_LENGTH
from finmart.platform.db.base import Base, Identified, Timestamped
from finmart.platform.db.types import BigId, UtcDateTime


class SsoLink(Identified, Timestamped, Base):
    """A user's account at the single sign-on, known by the blind index of issuer and subject and by nothing else."""

    __tablename__ = "sso_link"
    __table_args__ = (Index("ix_sso_link_user_id", "user_id"),)

    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user_account.id"))
    account_index: Mapped[str] = mapped_column(String(INDEX_LENGTH), unique=True)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
