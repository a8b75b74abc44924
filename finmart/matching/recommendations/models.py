"""What each applicant could turn to today without having asked, how that changed, and who wants none of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from finmart.matching.types.packed import SealedJson
from finmart.platform.db.base import Base, Identified
from finmart.platform.db.types import BigId, JsonValue, UtcDateTime


class Recommendation(Identified, Base):
    """The newest answer for one applicant, with the versions of everything it was worked out from.

    ``facts`` and ``rows`` (the products whose conditions are met, in order) are ciphertext.
    """

    __tablename__ = "recommendation"

    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"), unique=True)
    #: The subject whose profile was read; None when only declared facts were used.
    subject_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("subject.id"))
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    as_of: Mapped[date] = mapped_column(Date)
    profile_version: Mapped[str | None] = mapped_column(String(40))
    declared: Mapped[list[str]] = mapped_column(JsonValue)
    catalogue_version: Mapped[int]
    ruleset_version: Mapped[int] = mapped_column(ForeignKey("ranking_ruleset.version"))
    plan_id: Mapped[int] = mapped_column(BigId, ForeignKey("match_plan.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(SealedJson("recommendation.facts"))
    rows: Mapped[list[Any]] = mapped_column(SealedJson("recommendation.rows"))
    products: Mapped[int]
    #: How many have opened that the applicant's members were not told of yet, and when they were told last.
    untold: Mapped[int]
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class RecommendationChange(Identified, Base):
    """One product that came or went, and why: codes, versions and values, worded where it is shown."""

    __tablename__ = "recommendation_change"
    __table_args__ = (Index("ix_recommendation_change_organisation_id", "organisation_id"),)

    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    detail: Mapped[dict[str, Any]] = mapped_column(SealedJson("recommendation_change.detail"))


class RecommendationOff(Base):
    """An applicant that wants nothing worked out unasked; while the row stands nothing else is kept of it here."""

    __tablename__ = "recommendation_off"

    organisation_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("organisation.id"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
