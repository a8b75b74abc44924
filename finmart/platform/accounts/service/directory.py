"""The operator's lists of users and organisations, and what the operator does to an account."""

from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.repository import organisations, users
from finmart.platform.accounts.service.attempts import forgive
from finmart.platform.accounts.service.deciding import MIN_REASON
from finmart.platform.accounts.service.organisations import card_of
from finmart.platform.accounts.service.sessions import end_sessions
from finmart.platform.accounts.types.contacts import mask_name, mask_phone, normal_phone
from finmart.platform.accounts.types.errors import (
    OrganisationUnknown,
    OwnAccount,
    PhoneInvalid,
    ReasonMissing,
    UserUnknown,
)
from finmart.platform.accounts.types.events import UserLocked, UserUnlocked
from finmart.platform.accounts.types.kinds import OrganisationKind
from finmart.platform.accounts.types.values import OrganisationCard, UserView
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from finmart.platform.web.pages import Page

PAGE_SIZE = 30


def list_users(
    actor: Actor, *, text: str = "", kind: OrganisationKind | None = None, number: int = 1
) -> Page[UserView]:
    """Users by full phone, part of an organisation's name or public id, newest first. ``PermissionMissing``."""
    require(actor, Permission.ALL_USERS_READ)
    number = max(1, number)
    text = text.strip()
    rows, total = users.search_users(
        text=text,
        phone=_phone_in(text),
        kind=kind.value if kind else None,
        limit=PAGE_SIZE,
        offset=(number - 1) * PAGE_SIZE,
    )
    return Page(_views(rows), total, number, PAGE_SIZE)


def read_user(actor: Actor, user_public_id: str) -> UserView:
    """One user, masked. Raises ``PermissionMissing`` or ``UserUnknown``."""
    require(actor, Permission.ALL_USERS_READ)
    return _views([_user(user_public_id)])[0]


def find_by_phone(actor: Actor, phone: str) -> UserView:
    """The user with a phone, masked. Raises ``PermissionMissing``, ``PhoneInvalid`` or ``UserUnknown``."""
    require(actor, Permission.ALL_USERS_READ)
    user = users.user_by_phone(normal_phone(phone))
    if user is None:
        raise UserUnknown
    return _views([user])[0]


def lock_user(actor: Actor, user_public_id: str, *, reason: str) -> None:
    """Lock an account until the operator opens it again, and end its sessions.

    Raises ``PermissionMissing``, ``UserUnknown``, ``ReasonMissing`` or ``OwnAccount``.
    """
    require(actor, Permission.ALL_USERS_MANAGE)
    user = _user(user_public_id, lock=True)
    if user.id == actor.user_id:
        raise OwnAccount
    if len(reason.strip()) < MIN_REASON:
        raise ReasonMissing
    user.blocked_at = user.blocked_at or now()
    user.block_reason = reason.strip()
    ended = end_sessions(actor, user.id, "locked")
    record(actor, UserLocked(target=user.public_id, reason="operator", sessions_revoked=ended))


def unlock_user(actor: Actor, user_public_id: str) -> None:
    """Open a locked or paused account again. Raises ``PermissionMissing`` or ``UserUnknown``."""
    require(actor, Permission.ALL_USERS_MANAGE)
    user = _user(user_public_id, lock=True)
    user.blocked_at = None
    user.block_reason = None
    forgive(user)
    record(actor, UserUnlocked(target=user.public_id))


def read_organisation(actor: Actor, organisation_public_id: str) -> OrganisationCard:
    """One organisation. Raises ``PermissionMissing`` or ``OrganisationUnknown``."""
    require(actor, Permission.ALL_ORGANISATIONS_READ)
    found = organisations.organisation_by_public_id(organisation_public_id)
    if found is None:
        raise OrganisationUnknown
    return card_of(found, len(organisations.members_of(found.id)))


def _phone_in(text: str) -> str | None:
    try:
        return normal_phone(text)
    except PhoneInvalid:
        return None


def _user(user_public_id: str, *, lock: bool = False) -> User:
    user = users.user_by_public_id(user_public_id, lock=lock)
    if user is None:
        raise UserUnknown
    return user


def _views(rows: list[User]) -> tuple[UserView, ...]:
    ids = [row.id for row in rows]
    seen = users.last_seen(ids)
    belongings: dict[int, list[tuple[str, str]]] = {row_id: [] for row_id in ids}
    for membership, organisation in organisations.memberships_of_users(ids):
        belongings[membership.user_id].append((organisation.name_zh, membership.role))
    moment = now()
    return tuple(
        UserView(
            public_id=row.public_id,
            name_masked=mask_name(row.name),
            phone_masked=mask_phone(row.phone),
            organisations=tuple(name for name, _role in belongings[row.id]),
            roles=tuple(role for _name, role in belongings[row.id]),
            locked=row.blocked_at is not None,
            paused_until=row.locked_until if row.locked_until and row.locked_until > moment else None,
            demonstration=row.demonstration,
            created_at=row.created_at,
            last_seen_at=seen.get(row.id),
        )
        for row in rows
    )
