"""The second step of signing in: a secret shared with a person's authenticator, and codes for the day it is lost."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.accounts.models.users import INDEX_LENGTH, Lockable
from finmart.platform.db.base import Base, Identified, Timestamped
from finmart.platform.db.types import BigId, EncryptedText, UtcDateTime


class SecondFactor(Lockable, Identified, Timestamped, Base):
    """A user's authenticator; it counts once a code from it was given. Wrong codes pause it, as passwords do."""

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user_account.id"), unique=True)
    secret: Mapped[str] = mapped_column(EncryptedText("second_factor.secret"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    #: The time step (RFC 6238) of the last code taken; that one and earlier ones are refused from then on.
    last_step: Mapped[int] = mapped_column(BigId, default=0)


class RecoveryCode(Identified, Timestamped, Base):
    """One code that stands in for the authenticator once; only a keyed fingerprint is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (Index("ix_recovery_code_user_id", "user_id"),)

    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user_account.id"))
    code_index: Mapped[str] = mapped_column(String(INDEX_LENGTH))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
