"""Who works for an organisation: asked by others that must know who else could do something, or who did it."""

from collections.abc import Iterable

from finmart.platform.accounts.repository import organisations, users
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.roles import permissions_of


def user_ids_with(organisation_id: int, permission: Permission) -> frozenset[int]:
    """The members of an organisation today whose role carries ``permission`` and whose account is not locked."""
    return frozenset(
        user.id
        for membership, user in organisations.members_of(organisation_id)
        if permission in permissions_of(membership.role) and user.blocked_at is None
    )


def names_of(user_ids: Iterable[int]) -> dict[int, str]:
    """inner id → name, for colleagues and the operator; whoever is not known is left out."""
    return {user.id: user.name for user in users.users_by_ids(sorted(set(user_ids)))}
