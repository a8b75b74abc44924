"""Forms that were sent and have changed something, remembered for a day."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base
from finmart.platform.db.types import UtcDateTime

#: Letters of a SHA-256 fingerprint in hexadecimal digits.
FINGERPRINT = 64
#: Longest address that is remembered.
ADDRESS = 500


class SentForm(Base):
    """A form that somebody sent, and the page that its answer led to.

    ``fingerprint`` covers the person, the address, the form's one-time key and all that was filled in. It holds no
    key of the person's row on purpose: a foreign key would lock that row before the form's own work does.
    """

    __tablename__ = "sent_form"
    __table_args__ = (Index("ix_sent_form_sent_at", "sent_at"),)

    fingerprint: Mapped[str] = mapped_column(String(FINGERPRINT), primary_key=True)
    leads_to: Mapped[str] = mapped_column(String(ADDRESS), default="")
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime())
