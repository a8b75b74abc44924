"""Telling people: who the readers of a letter are, in which language, by which ways. It never fails what it tells."""

from collections.abc import Iterable

from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.repository import organisations, users
from finmart.platform.accounts.types.kinds import OrganisationKind
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.roles import permissions_of
from finmart.platform.notices.service.post import post
from finmart.platform.notices.types import Letter, Recipient


def recipient(user: User) -> Recipient:
    """``user`` as a reader of letters."""
    return Recipient(
        user_id=user.id,
        language=user.language,
        phone=user.phone,
        email=user.email or "",
        demonstration=user.demonstration,
    )


def tell_members(
    organisation_id: int,
    letter: Letter,
    *,
    permission: Permission | None = None,
    only: frozenset[int] | None = None,
) -> int:
    """Give ``letter`` to the members of an organisation today whose role carries ``permission``; how many got it.

    ``only``: to those of them whose inner user ids these are.
    Worded in each reader's language and stored as sent, in this transaction; e-mail and text messages follow it.
    """
    members = organisations.members_of(organisation_id)
    chosen = [
        user
        for row, user in members
        if (permission is None or permission in permissions_of(row.role)) and (only is None or user.id in only)
    ]
    return post(letter, _recipients(chosen), organisation_id=organisation_id)


def tell_member(organisation_id: int, user_id: int, letter: Letter) -> None:
    """Give ``letter`` to one member of an organisation, about its affairs; a stranger is told nothing."""
    chosen = [user for _row, user in organisations.members_of(organisation_id) if user.id == user_id]
    post(letter, _recipients(chosen), organisation_id=organisation_id)


def tell_user(user_id: int, letter: Letter) -> None:
    """Give ``letter`` to one person, about themselves; an unknown id is told nothing."""
    user = users.user_by_id(user_id)
    if user is not None:
        post(letter, _recipients([user]))


def tell_operators(letter: Letter) -> int:
    """Give ``letter`` to everyone who runs the platform; how many got it."""
    return sum(
        tell_members(organisation_id, letter)
        for organisation_id in organisations.ids_of_kind(OrganisationKind.OPERATOR.value)
    )


def _recipients(found: Iterable[User]) -> list[Recipient]:
    # Somebody whom the operator has locked out hears nothing more of the organisation's affairs.
    return [recipient(user) for user in found if user.blocked_at is None]
