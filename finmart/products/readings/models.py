"""How often product pages are read: a count a product, day and channel; nobody who read is kept."""

from datetime import date

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base


class ProductReading(Base):
    """So many readings of one product's page on one day."""

    __tablename__ = "product_reading"

    product_code: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    #: applicant (signed in) or public (signed out)
    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    times: Mapped[int]
