"""What each run put before its applicant: one row a run and product, however often the page is opened."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base
from finmart.platform.db.types import BigId, UtcDateTime


class MatchExposure(Base):
    """One product that a result page showed. Whom it was shown to is known through the run alone."""

    __tablename__ = "match_exposure"
    __table_args__ = (Index("ix_match_exposure_product_code_shown_on", "product_code", "shown_on"),)

    run_id: Mapped[int] = mapped_column(BigId, ForeignKey("match_run.id"), primary_key=True, autoincrement=False)
    product_code: Mapped[str] = mapped_column(String(64), primary_key=True)
    product_version: Mapped[int]
    #: Its place in the run's ranking, 1 the first.
    place: Mapped[int]
    shown_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: The day of it in Asia/Shanghai, for counting.
    shown_on: Mapped[date] = mapped_column(Date)
    #: When its page was first opened from the result.
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
