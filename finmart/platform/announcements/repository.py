"""Announcements."""

from datetime import date

from sqlalchemy import func, select

from finmart.platform.announcements.models import Announcement
from finmart.platform.announcements.types import AnnouncementState, Reach, Wording
from finmart.platform.db.session import session


def new_draft(*, user_id: int | None) -> Announcement:
    """An empty draft that ``write`` fills and keeps."""
    return Announcement(state=AnnouncementState.DRAFT.value, created_by_user_id=user_id)


def write(row: Announcement, wording: Wording, reach: Reach) -> None:
    """Put words and reach into a draft and keep it."""
    row.title_zh, row.title_en = wording.title_zh, wording.title_en
    row.body_zh, row.body_en = wording.body_zh, wording.body_en
    row.audience, row.region = reach.audience.value, reach.region
    row.shown_from, row.shown_until = reach.shown_from, reach.shown_until
    session().add(row)
    session().flush()


def announcement(public_id: str, *, lock: bool = False) -> Announcement | None:
    """One announcement."""
    query = select(Announcement).where(Announcement.public_id == public_id)
    return session().scalar(query.with_for_update() if lock else query)


def shown_on(day: date) -> list[Announcement]:
    """Published announcements of a day, the newest first."""
    query = select(Announcement).where(
        Announcement.state == AnnouncementState.PUBLISHED.value,
        Announcement.shown_from <= day,
        Announcement.shown_until >= day,
    )
    return list(session().scalars(query.order_by(Announcement.shown_from.desc(), Announcement.id.desc())))


def announcements(*, state: str | None, limit: int, offset: int) -> tuple[list[Announcement], int]:
    """Announcements in a state or all, the newest first, and their number."""
    conditions = [Announcement.state == state] if state else []
    total = session().scalar(select(func.count()).select_from(Announcement).where(*conditions)) or 0
    query = select(Announcement).where(*conditions).order_by(Announcement.id.desc())
    return list(session().scalars(query.limit(limit).offset(offset))), total
