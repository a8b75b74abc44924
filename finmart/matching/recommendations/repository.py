"""Reading and writing recommendations; nothing here decides or commits."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import defer

from finmart.matching.recommendations.models import Recommendation, RecommendationChange, RecommendationOff
from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.db.session import session


def hold(organisation_id: int) -> None:
    """Let others wait who would keep something of the same applicant, its first recommendation among them."""
    held = select(Organisation.id).where(Organisation.id == organisation_id)
    session().execute(held.with_for_update(key_share=True))


def recommendation_of(organisation_id: int, *, lock: bool = False) -> Recommendation | None:
    """What is kept of an applicant."""
    query = select(Recommendation).where(Recommendation.organisation_id == organisation_id)
    return session().scalar(query.with_for_update() if lock else query)


def recommendations() -> list[Recommendation]:
    """What is kept of everybody, without documents."""
    query = select(Recommendation).options(defer(Recommendation.facts), defer(Recommendation.rows))
    return list(session().scalars(query.order_by(Recommendation.organisation_id)))


def keep(organisation_id: int, row: Recommendation | None, **values: Any) -> Recommendation:
    """Write ``values`` over ``row``, or as the first of an applicant."""
    if row is None:
        row = Recommendation(organisation_id=organisation_id, **values)
        session().add(row)
    for key, value in values.items():
        setattr(row, key, value)
    session().flush()
    return row


def changes_of(organisation_id: int) -> list[RecommendationChange]:
    """An applicant's history, newest first."""
    mine = RecommendationChange.organisation_id == organisation_id
    return list(session().scalars(select(RecommendationChange).where(mine).order_by(RecommendationChange.id.desc())))


def add_changes(organisation_id: int, at: datetime, details: Iterable[dict[str, Any]]) -> None:
    """Add to an applicant's history, in order."""
    for detail in details:
        session().add(RecommendationChange(organisation_id=organisation_id, at=at, detail=detail))
        session().flush()


def forget_changes(organisation_id: int, *, but: int = 0) -> None:
    """Delete an applicant's history ``but`` for the newest so many."""
    old = [row.id for row in changes_of(organisation_id)[but:]]
    session().execute(delete(RecommendationChange).where(RecommendationChange.id.in_(old)))


def forget(organisation_id: int) -> None:
    """Delete everything that is kept of an applicant, but its wish."""
    forget_changes(organisation_id)
    session().execute(delete(Recommendation).where(Recommendation.organisation_id == organisation_id))


def is_off(organisation_id: int) -> bool:
    """Whether an applicant wants nothing worked out unasked."""
    return session().get(RecommendationOff, organisation_id) is not None


def ids_off() -> frozenset[int]:
    """The applicants that want nothing worked out unasked."""
    return frozenset(session().scalars(select(RecommendationOff.organisation_id)))


def put_off(organisation_id: int, *, at: datetime, user_id: int | None) -> None:
    """Write down that an applicant wants nothing worked out unasked."""
    session().add(RecommendationOff(organisation_id=organisation_id, at=at, user_id=user_id))
    session().flush()


def put_on(organisation_id: int) -> None:
    """Delete that wish."""
    session().execute(delete(RecommendationOff).where(RecommendationOff.organisation_id == organisation_id))
