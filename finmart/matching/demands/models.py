"""Demands, the steps of their lives, and the one clock that runs while a demand lives."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from finmart.platform.db.base import Base, Identified, PubliclyIdentified, Timestamped
from finmart.platform.db.types import BigId, JsonValue, UtcDateTime

#: At most so many institutions see an applicant's contacts, unless the applicant says otherwise.
PLACES = 3


class Demand(PubliclyIdentified, Timestamped, Base):
    """What an applicant needs. ``amount`` is 分; ``region`` stays as it was published."""

    __tablename__ = "demand"
    __table_args__ = (
        Index("ix_demand_organisation_id", "organisation_id"),
        Index("ix_demand_state_region", "state", "region"),
    )

    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    subject_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("subject.id"))
    user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    amount: Mapped[int] = mapped_column(BigId)
    term_months: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(32))
    guarantees: Mapped[list[str]] = mapped_column(JsonValue)
    region: Mapped[str] = mapped_column(String(12))
    urgency: Mapped[str] = mapped_column(String(16))
    needed_by: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(16))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    withdraw_reason: Mapped[str | None] = mapped_column(String(32))
    #: Whether institutions see it as an anonymous card; a direct application alone is on nobody's board.
    on_board: Mapped[bool] = mapped_column(default=False)
    #: How many institutions may come to see the contacts.
    places: Mapped[int] = mapped_column(default=PLACES)
    #: After this day a demand that nobody works on ends as expired.
    valid_until: Mapped[date | None] = mapped_column(Date)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    demonstration: Mapped[bool] = mapped_column(default=False)


class DemandStepRow(Identified, Base):
    """One step of a demand's life; only ever added."""

    __tablename__ = "demand_step"
    __table_args__ = (Index("ix_demand_step_demand_id", "demand_id"),)

    demand_id: Mapped[int] = mapped_column(BigId, ForeignKey("demand.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    step: Mapped[str] = mapped_column(String(24))
    from_state: Mapped[str] = mapped_column(String(16))
    to_state: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(120))
    user_id: Mapped[int | None] = mapped_column(BigId)
    organisation_id: Mapped[int | None] = mapped_column(BigId)
    reason: Mapped[str] = mapped_column(String(32), default="")


class DemandClock(Identified, Base):
    """Who must act next for a demand, and by when. While a demand lives exactly one of its clocks runs."""

    __tablename__ = "demand_clock"
    __table_args__ = (
        Index(
            "uq_demand_clock_demand_id_running",
            "demand_id",
            unique=True,
            sqlite_where=text("stopped_at IS NULL"),
            postgresql_where=text("stopped_at IS NULL"),
        ),
        Index("ix_demand_clock_demand_id", "demand_id"),
        Index("ix_demand_clock_due_on", "due_on"),
    )

    demand_id: Mapped[int] = mapped_column(BigId, ForeignKey("demand.id"))
    #: The lead whose step is due; None when the demand itself is.
    lead_id: Mapped[int | None] = mapped_column(BigId)
    kind: Mapped[str] = mapped_column(String(24))
    owner: Mapped[str] = mapped_column(String(16))
    #: The applicant's or the institution's organisation; None where the operator owns the step.
    organisation_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("organisation.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime())
    due_on: Mapped[date] = mapped_column(Date)
    #: The day lies in a year whose holidays are not published: counted Monday to Friday until they are.
    provisional: Mapped[bool] = mapped_column(default=False)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
