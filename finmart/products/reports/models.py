"""The table of reports that something in a product's page is wrong."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, PubliclyIdentified, Timestamped
from finmart.platform.db.types import BigId, EncryptedText, UtcDateTime


class ProductReport(PubliclyIdentified, Timestamped, Base):
    """One report and its answer. Both texts are ciphertext: people write names and numbers into them."""

    __tablename__ = "product_report"
    __table_args__ = (Index("ix_product_report_desk_state", "desk", "state"),)

    product_id: Mapped[int] = mapped_column(BigId, ForeignKey("product.id"), index=True)
    #: The version that the reporter looked at.
    version_number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(EncryptedText("product_report.note"))
    #: None for a visitor, who cannot be told of the answer.
    reporter_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    #: "institution" where the owner had a desk when it was made, else "operator".
    desk: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    #: The last day for an answer; None when the working-day calendar ends before it.
    due_on: Mapped[date | None] = mapped_column(Date)
    answer: Mapped[str | None] = mapped_column(EncryptedText("product_report.answer"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    answered_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    answered_by_operator: Mapped[bool] = mapped_column(default=False)
