"""The officials' tables: one row a counting, one row a figure with the cases it counts."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, Identified, PubliclyIdentified
from finmart.platform.db.types import BigId, JsonValue, UtcDateTime


class InsightCount(PubliclyIdentified, Base):
    """One counting of everything, as of a day."""

    __tablename__ = "insight_count"

    counted_at: Mapped[datetime] = mapped_column(UtcDateTime())
    as_of: Mapped[date] = mapped_column(Date)
    catalogue_version: Mapped[int]
    totals: Mapped[dict[str, int]] = mapped_column(JsonValue)


class InsightCell(Identified, Base):
    """One figure. The cases are kept with it, so that it opens to exactly what was counted."""

    __tablename__ = "insight_cell"
    __table_args__ = (Index("ix_insight_cell_count_id_measure", "count_id", "measure"),)

    count_id: Mapped[int] = mapped_column(BigId, ForeignKey("insight_count.id"))
    measure: Mapped[str] = mapped_column(String(24))
    dimension: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(16))
    demonstration: Mapped[bool] = mapped_column(default=False)
    value: Mapped[int]
    members: Mapped[list[str]] = mapped_column(JsonValue)
