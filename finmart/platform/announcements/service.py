"""Writing, publishing and withdrawing announcements, and what a reader is shown of them."""

from finmart.platform.announcements import repository
from finmart.platform.announcements.models import Announcement
from finmart.platform.announcements.types import (
    AnnouncementFixed,
    AnnouncementPublished,
    AnnouncementRefused,
    AnnouncementSaved,
    AnnouncementState,
    AnnouncementUnknown,
    AnnouncementView,
    AnnouncementWithdrawn,
    Audience,
    Reach,
    Wording,
)
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today
from finmart.platform.kernel.messages import N_
from finmart.platform.web.pages import Page
from finmart.reference import regions

PAGE_SIZE = 30
MIN_REASON = 4


def shown_to(actor: Actor) -> list[AnnouncementView]:
    """What is shown to ``actor`` today, the newest first; the operator sees everything that anybody is shown."""
    return [_view(row) for row in repository.shown_on(today()) if _is_for(row, actor)]


def read_shown(actor: Actor, public_id: str) -> AnnouncementView:
    """One announcement that is shown to ``actor`` today. Raises ``AnnouncementUnknown``."""
    found = next((view for view in shown_to(actor) if view.public_id == public_id), None)
    if found is None:
        raise AnnouncementUnknown
    return found


def _is_for(row: Announcement, actor: Actor) -> bool:
    if actor.organisation_kind == "operator":
        return True
    if row.audience not in (Audience.ALL, actor.organisation_kind):
        return False
    return not row.region or (actor.region is not None and regions.contains(row.region, actor.region))


def list_announcements(
    actor: Actor, *, state: AnnouncementState | None = None, number: int = 1
) -> Page[AnnouncementView]:
    """Announcements in any state, the newest first. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_ANNOUNCEMENTS_MANAGE)
    number = max(1, number)
    rows, total = repository.announcements(
        state=state.value if state else None, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
    )
    return Page(tuple(_view(row) for row in rows), total, number, PAGE_SIZE)


def read_announcement(actor: Actor, public_id: str) -> AnnouncementView:
    """One announcement in any state. Raises ``PermissionMissing`` or ``AnnouncementUnknown``."""
    require(actor, Permission.ALL_ANNOUNCEMENTS_MANAGE)
    return _view(_row(public_id))


def draft(actor: Actor, wording: Wording, reach: Reach) -> str:
    """A new draft; its public id. Raises ``PermissionMissing`` or ``AnnouncementRefused``."""
    require(actor, Permission.ALL_ANNOUNCEMENTS_MANAGE)
    _check(wording, reach)
    row = repository.new_draft(user_id=actor.user_id)
    repository.write(row, wording, reach)
    record(actor, AnnouncementSaved(target=row.public_id, created=True))
    return row.public_id


def change(actor: Actor, public_id: str, wording: Wording, reach: Reach) -> None:
    """Change a draft. Raises ``PermissionMissing``, ``AnnouncementUnknown``, ``AnnouncementFixed`` or as ``draft``."""
    row = _in_state(actor, public_id, AnnouncementState.DRAFT)
    _check(wording, reach)
    repository.write(row, wording, reach)
    record(actor, AnnouncementSaved(target=row.public_id, created=False))


def publish(actor: Actor, public_id: str) -> None:
    """draft → published. Raises as ``change`` does; a draft whose last day has passed is refused."""
    row = _in_state(actor, public_id, AnnouncementState.DRAFT)
    if row.shown_until < today():
        raise AnnouncementRefused(N_("显示的最后一天已经过去，请先修改日期再发布。"))
    row.state = AnnouncementState.PUBLISHED.value
    row.published_at = now()
    row.published_by_user_id = actor.user_id
    record(
        actor,
        AnnouncementPublished(
            target=row.public_id,
            audience=row.audience,
            region=row.region,
            shown_from=row.shown_from,
            shown_until=row.shown_until,
        ),
    )


def withdraw(actor: Actor, public_id: str, *, reason: str) -> None:
    """published → withdrawn, with the reason. Raises as ``change`` does."""
    row = _in_state(actor, public_id, AnnouncementState.PUBLISHED)
    if len(reason.strip()) < MIN_REASON:
        raise AnnouncementRefused(N_("请写明理由，至少 4 个字。"))
    row.state = AnnouncementState.WITHDRAWN.value
    row.withdrawn_at = now()
    row.withdrawn_by_user_id = actor.user_id
    row.withdraw_reason = reason.strip()
    record(actor, AnnouncementWithdrawn(target=row.public_id))


def _check(wording: Wording, reach: Reach) -> None:
    if not all((wording.title_zh.strip(), wording.title_en.strip(), wording.body_zh.strip(), wording.body_en.strip())):
        raise AnnouncementRefused(N_("标题和正文都要有中文和英文。"))
    if reach.shown_until < reach.shown_from:
        raise AnnouncementRefused(N_("显示的最后一天不能早于第一天。"))
    if reach.region and regions.find(reach.region) is None:
        raise AnnouncementRefused(N_("没有这个地区，请从列表中选择。"))


def _row(public_id: str, *, lock: bool = False) -> Announcement:
    row = repository.announcement(public_id, lock=lock)
    if row is None:
        raise AnnouncementUnknown
    return row


def _in_state(actor: Actor, public_id: str, state: AnnouncementState) -> Announcement:
    require(actor, Permission.ALL_ANNOUNCEMENTS_MANAGE)
    row = _row(public_id, lock=True)
    if row.state != state:
        raise AnnouncementFixed
    return row


def _view(row: Announcement) -> AnnouncementView:
    return AnnouncementView(
        public_id=row.public_id,
        state=AnnouncementState(row.state),
        title_zh=row.title_zh,
        title_en=row.title_en,
        body_zh=row.body_zh,
        body_en=row.body_en,
        audience=Audience(row.audience),
        region=row.region,
        shown_from=row.shown_from,
        shown_until=row.shown_until,
        withdraw_reason=row.withdraw_reason,
    )
