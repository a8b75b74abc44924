"""What the database knows of the keys: enough to notice a wrong one, nothing to open anything with."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base
from finmart.platform.db.types import UtcDateTime
from finmart.platform.kernel.clock import now


class KeyCheck(Base):
    """The check value of one key id. ``is_index``: phones and codes are found by this key, which never changes."""

    __tablename__ = "key_check"

    key_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    check_value: Mapped[str] = mapped_column(String(32))
    is_index: Mapped[bool] = mapped_column(default=False)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime(), default=now)
    #: From then on no row names it; it may be missing from the keyring, but its id is never used again.
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
