"""The officials' tables: regions with their closure, one row a counting, and the facts that every figure counts.

Facts of the newest counting alone are kept; they are made anew every night from the rows that live.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, Identified, PubliclyIdentified
from finmart.platform.db.types import BigId, JsonValue, UtcDateTime


class RegionNode(Base):
    """A region of the reference tables, so that queries can ask for what lies in it."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    parent: Mapped[str | None] = mapped_column(String(12))


class RegionClosure(Base):
    """Every region with every region that it is or lies in (DECISIONS 10)."""

    __tablename__ = "region_closure"
    __table_args__ = (Index("ix_region_closure_descendant", "descendant"),)

    ancestor: Mapped[str] = mapped_column(String(12), primary_key=True)
    descendant: Mapped[str] = mapped_column(String(12), primary_key=True)
    depth: Mapped[int]


class InsightCount(PubliclyIdentified, Base):
    """One counting of everything, as of a day."""

    __tablename__ = "insight_count"

    counted_at: Mapped[datetime] = mapped_column(UtcDateTime())
    as_of: Mapped[date] = mapped_column(Date)
    catalogue_version: Mapped[int]
    totals: Mapped[dict[str, int]] = mapped_column(JsonValue)


class InsightCell(Identified, Base):
    """Products open to one district or industry, with their codes, so that the figure opens to what was counted."""

    __tablename__ = "insight_cell"
    __table_args__ = (Index("ix_insight_cell_count_id_measure", "count_id", "measure"),)

    count_id: Mapped[int] = mapped_column(BigId, ForeignKey("insight_count.id"))
    measure: Mapped[str] = mapped_column(String(24))
    dimension: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(16))
    demonstration: Mapped[bool] = mapped_column(default=False)
    value: Mapped[int]
    members: Mapped[list[str]] = mapped_column(JsonValue)


class InsightDemand(Identified, Base):
    """One demand that was ever published, as it stood when it was counted. Amounts are 分."""

    __tablename__ = "insight_demand"
    __table_args__ = (
        Index("ix_insight_demand_count_id_region", "count_id", "region"),
        Index("ix_insight_demand_public_id", "public_id"),
    )

    count_id: Mapped[int] = mapped_column(BigId, ForeignKey("insight_count.id"))
    public_id: Mapped[str] = mapped_column(String(12))
    region: Mapped[str] = mapped_column(String(12))
    district: Mapped[str] = mapped_column(String(12))
    industry: Mapped[str] = mapped_column(String(8))
    size: Mapped[str] = mapped_column(String(24))
    kind: Mapped[str] = mapped_column(String(24))
    purpose: Mapped[str] = mapped_column(String(32))
    demonstration: Mapped[bool]
    published_on: Mapped[date] = mapped_column(Date)
    amount: Mapped[int] = mapped_column(BigId)
    outcome: Mapped[str] = mapped_column(String(16))
    matched: Mapped[bool]
    answered: Mapped[bool]
    contacted: Mapped[bool]
    decided: Mapped[bool]
    approved: Mapped[bool]
    accepted: Mapped[bool]
    funded: Mapped[bool]
    approved_amount: Mapped[int | None] = mapped_column(BigId)
    funded_amount: Mapped[int | None] = mapped_column(BigId)


class InsightLead(Identified, Base):
    """One application that an institution received, as it stood when it was counted. Days are working days."""

    __tablename__ = "insight_lead"
    __table_args__ = (Index("ix_insight_lead_count_id_region", "count_id", "region"),)

    count_id: Mapped[int] = mapped_column(BigId, ForeignKey("insight_count.id"))
    public_id: Mapped[str] = mapped_column(String(12))
    demand_public_id: Mapped[str] = mapped_column(String(12))
    institution: Mapped[str] = mapped_column(String(12))
    product_type: Mapped[str] = mapped_column(String(32))
    region: Mapped[str] = mapped_column(String(12))
    district: Mapped[str] = mapped_column(String(12))
    industry: Mapped[str] = mapped_column(String(8))
    size: Mapped[str] = mapped_column(String(24))
    kind: Mapped[str] = mapped_column(String(24))
    demonstration: Mapped[bool]
    published_on: Mapped[date] = mapped_column(Date)
    received_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(16))
    contacted: Mapped[bool]
    contacted_in_time: Mapped[bool]
    decided: Mapped[bool]
    decided_in_time: Mapped[bool]
    approved: Mapped[bool]
    declined: Mapped[bool]
    funded: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(32))
    contact_days: Mapped[int | None]
    opinion_days: Mapped[int | None]
    decision_days: Mapped[int | None]
    decided_on: Mapped[date | None] = mapped_column(Date)
    draw_down_days: Mapped[int | None]
    approved_amount: Mapped[int | None] = mapped_column(BigId)
    funded_amount: Mapped[int | None] = mapped_column(BigId)


class CoverageResult(PubliclyIdentified, Base):
    """How all subjects of one side stood to all products; a newer result takes its place.

    ``document`` is ``types.coverage.Counted`` as JSON: counts by place and group, nothing of a single subject.
    """

    __tablename__ = "coverage_result"

    counted_at: Mapped[datetime] = mapped_column(UtcDateTime())
    as_of: Mapped[date] = mapped_column(Date)
    demonstration: Mapped[bool]
    catalogue_version: Mapped[int]
    products: Mapped[int]
    rows_read: Mapped[int] = mapped_column(BigId)
    document: Mapped[dict[str, Any]] = mapped_column(JsonValue)
