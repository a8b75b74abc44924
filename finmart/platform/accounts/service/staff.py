"""Who works for an organisation: asked by others that must know who else could do something, or who did it."""

from collections.abc import Collection, Iterable

from finmart.platform.accounts.repository import organisations, users
from finmart.platform.accounts.types.values import Colleague
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.roles import permissions_of


def user_ids_with(organisation_id: int, permission: Permission) -> frozenset[int]:
    """The members of an organisation today whose role carries ``permission`` and whose account is not locked."""
    return frozenset(
        user.id
        for membership, user in organisations.members_of(organisation_id)
        if permission in permissions_of(membership.role) and user.blocked_at is None
    )


def user_ids_with_in_each(organisation_ids: Collection[int], permission: Permission) -> dict[int, frozenset[int]]:
    """The same of several organisations at once; each of them is a key."""
    found: dict[int, set[int]] = {organisation_id: set() for organisation_id in organisation_ids}
    for membership, user in organisations.members_of_many(organisation_ids):
        if permission in permissions_of(membership.role) and user.blocked_at is None:
            found[membership.organisation_id].add(user.id)
    return {organisation_id: frozenset(user_ids) for organisation_id, user_ids in found.items()}


def colleagues_with(organisation_id: int, permission: Permission) -> list[Colleague]:
    """The members of an organisation whom ``user_ids_with`` names, each once, by name."""
    able = user_ids_with(organisation_id, permission)
    found = [Colleague(user.id, user.public_id, user.name) for user in users.users_by_ids(sorted(able))]
    return sorted(found, key=lambda each: (each.name, each.user_id))


def names_of(user_ids: Iterable[int]) -> dict[int, str]:
    """inner id → name, for colleagues and the operator; whoever is not known is left out."""
    return {user.id: user.name for user in users.users_by_ids(sorted(set(user_ids)))}
