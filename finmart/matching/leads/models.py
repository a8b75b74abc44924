"""Leads, one demand at one institution, and what is said, asked and done in them. Steps are only ever added."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Date, ForeignKey, Index, String, event, text
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from finmart.matching.types.packed import SealedJson
from finmart.platform.db.base import Base, Identified, PubliclyIdentified, Timestamped
from finmart.platform.db.types import BigId, EncryptedText, JsonValue, UtcDateTime


class Lead(PubliclyIdentified, Timestamped, Base):
    """One demand at one institution. At most one of a demand lives at an institution at a time."""

    __tablename__ = "lead"
    __table_args__ = (
        Index(
            "uq_lead_demand_id_organisation_id_live",
            "demand_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_lead_demand_id", "demand_id"),
        Index("ix_lead_organisation_id_ended_at_due_on", "organisation_id", "ended_at", "due_on"),
        Index("ix_lead_due_on", "due_on"),
        Index("ix_lead_run_id", "run_id"),
        Index("ix_lead_branch_id", "branch_id"),
    )

    demand_id: Mapped[int] = mapped_column(BigId, ForeignKey("demand.id"))
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    #: The run whose result the applicant had when it applied; None where there was none. Runs are never deleted.
    run_id: Mapped[int | None] = mapped_column(BigId)
    channel: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    product_code: Mapped[str] = mapped_column(String(64), default="")
    product_number: Mapped[int | None]
    #: As it was when the lead began; clocks may differ by it.
    product_type: Mapped[str] = mapped_column(String(32), default="")
    #: The most that the product lent when the lead began (分); None where it states none.
    product_cap: Mapped[int | None] = mapped_column(BigId)
    #: What the applicant asks of this institution (分); the demand's own amount where it took the card.
    asked_amount: Mapped[int] = mapped_column(BigId)
    clerk_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    #: The branch that works on it; None: the head office. Branches are never deleted.
    branch_id: Mapped[int | None] = mapped_column(BigId)
    #: When the applicant's application reached the institution; 1-3-5 counts from here.
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    #: When the applicant let this institution see the contacts; it stays, whatever comes after.
    revealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    duty: Mapped[str | None] = mapped_column(String(24))
    duty_owner: Mapped[str | None] = mapped_column(String(16))
    due_on: Mapped[date | None] = mapped_column(Date)
    provisional: Mapped[bool] = mapped_column(default=False)
    #: The day the present duty began; pauses are counted from it.
    duty_from: Mapped[date | None] = mapped_column(Date)
    #: Working days during which the institution waited for the applicant.
    paused_days: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    escalated_on: Mapped[date | None] = mapped_column(Date)
    decline_code: Mapped[str] = mapped_column(String(32), default="")
    bid: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("lead.bid"))
    decision: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("lead.decision"))
    approved_amount: Mapped[int | None] = mapped_column(BigId)
    approved_rate: Mapped[int | None]
    funded_amount: Mapped[int | None] = mapped_column(BigId)
    funded_on: Mapped[date | None] = mapped_column(Date)
    demonstration: Mapped[bool] = mapped_column(default=False)


class LeadStepRow(Identified, Base):
    """One step of a lead: who, when, from where to where, why."""

    __tablename__ = "lead_step"
    __table_args__ = (Index("ix_lead_step_lead_id", "lead_id"), Index("ix_lead_step_at", "at"))

    lead_id: Mapped[int] = mapped_column(BigId, ForeignKey("lead.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    step: Mapped[str] = mapped_column(String(24))
    side: Mapped[str] = mapped_column(String(16))
    #: Empty where the lead begins.
    from_state: Mapped[str] = mapped_column(String(16))
    to_state: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(120))
    user_id: Mapped[int | None] = mapped_column(BigId)
    organisation_id: Mapped[int | None] = mapped_column(BigId)
    reason: Mapped[str] = mapped_column(String(32), default="")
    note: Mapped[str | None] = mapped_column(EncryptedText("lead_step.note"))
    #: Figures that belong to the step (分, ppm, months), for those who count later.
    details: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    #: The step that this one takes back.
    reverses_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("lead_step.id"))


class LeadContact(Identified, Base):
    """One attempt to reach the applicant."""

    __tablename__ = "lead_contact"
    __table_args__ = (Index("ix_lead_contact_lead_id", "lead_id"),)

    lead_id: Mapped[int] = mapped_column(BigId, ForeignKey("lead.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    user_id: Mapped[int | None] = mapped_column(BigId)
    channel: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(EncryptedText("lead_contact.note"))


class LeadPost(Identified, Base):
    """One question or answer."""

    __tablename__ = "lead_post"
    __table_args__ = (Index("ix_lead_post_lead_id", "lead_id"),)

    lead_id: Mapped[int] = mapped_column(BigId, ForeignKey("lead.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    user_id: Mapped[int | None] = mapped_column(BigId)
    side: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(EncryptedText("lead_post.text"))


class LeadMaterial(PubliclyIdentified, Base):
    """One line of the checklist of materials, with the files handed in for it."""

    __tablename__ = "lead_material"
    __table_args__ = (Index("ix_lead_material_lead_id", "lead_id"),)

    lead_id: Mapped[int] = mapped_column(BigId, ForeignKey("lead.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    code: Mapped[str] = mapped_column(String(32))
    label: Mapped[str] = mapped_column(EncryptedText("lead_material.label"))
    required: Mapped[bool]
    #: Public ids of stored files, in the order in which they came.
    files: Mapped[list[str]] = mapped_column(JsonValue)


def _refuse_change(_mapper: Mapper[Any], _connection: Connection, target: Any) -> None:
    raise RuntimeError(f"{target.__tablename__} {target.id} stands as it was: take it back with a step of its own")


event.listen(LeadStepRow, "before_update", _refuse_change)
event.listen(LeadStepRow, "before_delete", _refuse_change)
