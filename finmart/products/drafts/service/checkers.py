"""Who may be the second pair of eyes of a version; the one place that decides it (DECISIONS 6)."""

from collections.abc import Sequence

from finmart.platform.accounts.service.staff import user_ids_with, user_ids_with_in_each
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.actor import Actor
from finmart.products.drafts import repository
from finmart.products.models import Product


def checkers_of(product: Product, number: int) -> frozenset[int]:
    """The colleagues who may approve a version: none of its makers, with the permission, in the same institution."""
    able = user_ids_with(product.organisation_id, Permission.OWN_PRODUCTS_APPROVE)
    return able - repository.makers_of(product.id, number)


def falls_to_operator(product: Product, number: int) -> bool:
    """Whether nobody else in the institution could check the version, as in a bank with one person on this platform."""
    return not checkers_of(product, number)


def those_of_the_operator(waiting: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those of some waiting versions, (inner id, institution) each, that fall to the operator; in their order."""
    able = user_ids_with_in_each({organisation for _version, organisation in waiting}, Permission.OWN_PRODUCTS_APPROVE)
    makers = repository.makers_of_each([version for version, _organisation in waiting])
    return [(version, organisation) for version, organisation in waiting if not able[organisation] - makers[version]]


def may_check(actor: Actor, product: Product, number: int) -> bool:
    """Whether ``actor`` may decide about a submitted version.

    A colleague of the makers with the permission may; the operator may where the institution has no such colleague.
    Nobody decides about own work, whatever the role, and no system actor ever does.
    """
    if actor.user_id is None or actor.user_id in repository.makers_of(product.id, number):
        return False
    if actor.may(Permission.OWN_PRODUCTS_APPROVE) and actor.organisation_id == product.organisation_id:
        return actor.user_id in checkers_of(product, number)
    return actor.may(Permission.ALL_PRODUCTS_APPROVE) and falls_to_operator(product, number)
