"""The operator's list of one-time links that still work, and withdrawing one."""

from finmart.platform.accounts.models.users import OneTimeLink
from finmart.platform.accounts.repository import links, organisations, users
from finmart.platform.accounts.service.links import state_of
from finmart.platform.accounts.types.contacts import mask_name
from finmart.platform.accounts.types.errors import LinkUnusable
from finmart.platform.accounts.types.events import LinkWithdrawn
from finmart.platform.accounts.types.links import LinkState
from finmart.platform.accounts.types.values import LinkView
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from finmart.platform.web.pages import Page

PAGE_SIZE = 30


def list_live_links(actor: Actor, *, number: int = 1) -> Page[LinkView]:
    """Links that still open something, those that end first first. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_USERS_READ)
    number = max(1, number)
    rows, total = links.live_links(limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    return Page(_views(rows), total, number, PAGE_SIZE)


def withdraw_link(actor: Actor, public_id: str) -> None:
    """Withdraw a link that still works. Raises ``PermissionMissing``, or ``LinkUnusable`` when it does not."""
    require(actor, Permission.ALL_USERS_MANAGE)
    link = links.link_by_public_id(public_id)
    if link is None or state_of(link) is not LinkState.OPEN:
        raise LinkUnusable
    link.withdrawn_at = now()
    record(actor, LinkWithdrawn(target=link.public_id, purpose=link.purpose))


def _views(rows: list[OneTimeLink]) -> tuple[LinkView, ...]:
    houses = {row.id: row for row in organisations.organisations_by_id([row.organisation_id or 0 for row in rows])}
    people_ids = [user_id for row in rows for user_id in (row.user_id, row.created_by_user_id) if user_id is not None]
    people = {row.id: row for row in users.users_by_ids(people_ids)}
    views = []
    for row in rows:
        house = houses.get(row.organisation_id or 0)
        reader, maker = people.get(row.user_id or 0), people.get(row.created_by_user_id or 0)
        views.append(
            LinkView(
                public_id=row.public_id,
                purpose=row.purpose,
                role=row.role or "",
                organisation=house.name_zh if house else "",
                user_masked=mask_name(reader.name) if reader else "",
                made_by=mask_name(maker.name) if maker else "",
                created_at=row.created_at,
                expires_at=row.expires_at,
            )
        )
    return tuple(views)
