"""Matching's tables: the offers a run compared, a batch of runs, and every run with what it was given and answered."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Date, ForeignKey, Index, String, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from finmart.matching.types.packed import SealedJson
from finmart.platform.db.base import Base, Identified, PubliclyIdentified, Timestamped
from finmart.platform.db.types import BigId, JsonValue, UtcDateTime

HASH = 64


class ProductSpeed(Identified, Base):
    """How long an institution takes to decide on a product, measured; replaced whole whenever it changes."""

    __tablename__ = "product_speed"

    product_code: Mapped[str] = mapped_column(String(64), unique=True)
    #: The median of working days from an application to its decision, and on how many decisions it stands.
    days: Mapped[int]
    decisions: Mapped[int]
    #: The first days of the months of the first and of the last of these decisions.
    since: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)


class MatchOffer(Identified, Base):
    """One product as the engine saw it, kept once however many plans hold it."""

    __tablename__ = "match_offer"

    #: SHA-256 of the document.
    digest: Mapped[str] = mapped_column(String(HASH), unique=True)
    document: Mapped[dict[str, Any]] = mapped_column(JsonValue)


class MatchPlan(Identified, Timestamped, Base):
    """The offers as the engine saw them: a run replays even when the catalogue has moved on."""

    __tablename__ = "match_plan"

    fingerprint: Mapped[str] = mapped_column(String(HASH), unique=True)
    catalogue_version: Mapped[int]
    products: Mapped[int]
    #: The ids of its offers in their order; plans stored earlier hold the documents themselves.
    offers: Mapped[list[Any]] = mapped_column(JsonValue)


class MatchBatch(PubliclyIdentified, Timestamped, Base):
    """One question asked for many subjects at once, under a named basis."""

    __tablename__ = "match_batch"

    as_of: Mapped[date] = mapped_column(Date)
    asked: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    plan_id: Mapped[int] = mapped_column(BigId, ForeignKey("match_plan.id"))
    ruleset_version: Mapped[int] = mapped_column(ForeignKey("ranking_ruleset.version"))
    actor: Mapped[str] = mapped_column(String(120))
    basis: Mapped[str] = mapped_column(String(200))
    #: What the whole said: firms, products, separating products and why. Counts and codes, no firm's data.
    summary: Mapped[dict[str, Any]] = mapped_column(JsonValue)


class MatchRun(PubliclyIdentified, Timestamped, Base):
    """One need of one applicant against all offers: never changed, replayable.

    ``inputs`` (facts and need) and ``rows`` (outcomes in order) are ciphertext; the counts beside them carry no data.
    """

    __tablename__ = "match_run"
    __table_args__ = (
        Index("ix_match_run_demand_id", "demand_id"),
        Index("ix_match_run_batch_id", "batch_id"),
        Index("ix_match_run_organisation_id", "organisation_id"),
        Index("ix_match_run_subject_id", "subject_id"),
        Index("ix_match_run_created_at", "created_at"),
    )

    #: demand (asked by an applicant), batch (one of many), command (asked at the command line)
    kind: Mapped[str] = mapped_column(String(16))
    batch_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("match_batch.id"))
    demand_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("demand.id"))
    organisation_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("organisation.id"))
    subject_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("subject.id"))
    user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    actor: Mapped[str] = mapped_column(String(120))
    basis: Mapped[str] = mapped_column(String(200))
    as_of: Mapped[date] = mapped_column(Date)
    known_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: Public id of the profile version the facts came from; None when only declared facts were used.
    profile_version: Mapped[str | None] = mapped_column(String(40))
    declared: Mapped[list[str]] = mapped_column(JsonValue)
    ruleset_version: Mapped[int] = mapped_column(ForeignKey("ranking_ruleset.version"))
    plan_id: Mapped[int] = mapped_column(BigId, ForeignKey("match_plan.id"))
    catalogue_version: Mapped[int]
    inputs_hash: Mapped[str] = mapped_column(String(HASH))
    inputs: Mapped[dict[str, Any]] = mapped_column(SealedJson("match_run.inputs"))
    rows: Mapped[list[Any]] = mapped_column(SealedJson("match_run.rows"))
    #: Questions and remedies; only where somebody reads them.
    advice: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("match_run.advice"))
    met: Mapped[int]
    met_checked: Mapped[int]
    open: Mapped[int]
    unchecked: Mapped[int]
    not_met: Mapped[int]
    #: Products whose checked conditions are all met and whose amount, term and guarantee are stated and fit.
    suitable: Mapped[int]
    demonstration: Mapped[bool] = mapped_column(default=False)


def _refuse_change(_mapper: Mapper[Any], _connection: Connection, target: Any) -> None:
    raise RuntimeError(f"{target.__tablename__} {target.id} stands as it was: make a new one")


for table in (MatchOffer, MatchPlan, MatchBatch, MatchRun):
    event.listen(table, "before_update", _refuse_change)
