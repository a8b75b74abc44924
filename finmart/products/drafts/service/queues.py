"""What waits for the second pair of eyes: in the own institution, and on the operator's desk; a page at a time."""

from collections.abc import Sequence

from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.web.pages import Page
from finmart.products.drafts import repository
from finmart.products.drafts.service.checkers import those_of_the_operator
from finmart.products.drafts.service.writing import own_institution
from finmart.products.drafts.types import WaitingLine

PAGE_SIZE = 30


def own_queue(actor: Actor, *, number: int = 1) -> Page[WaitingLine]:
    """What waits for a checker in the actor's institution, the oldest first. Raises ``PermissionMissing``."""
    require(actor, Permission.OWN_PRODUCTS_APPROVE)
    return _page(actor, repository.waiting(own_institution(actor)), number)


def operator_queue(actor: Actor, *, number: int = 1) -> Page[WaitingLine]:
    """What waits for the operator, because its institution has nobody else. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_PRODUCTS_APPROVE)
    return _page(actor, those_of_the_operator(repository.waiting()), number)


def _page(actor: Actor, waiting: Sequence[tuple[int, int]], number: int) -> Page[WaitingLine]:
    number = max(1, number)
    here = waiting[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    ids = [version_id for version_id, _organisation in here]
    rows, makers = repository.versions_with_products(ids), repository.makers_of_each(ids)
    institutions = repository.institutions({organisation for _version_id, organisation in here})
    items = []
    for version_id, organisation_id in here:
        version, product = rows[version_id]
        items.append(
            WaitingLine(
                code=product.code,
                number=version.number,
                name_zh=version.name_zh,
                name_en=version.name_en,
                institution=institutions[organisation_id],
                submitted_at=version.submitted_at or version.created_at,
                mine=actor.user_id in makers[version_id],
            )
        )
    return Page(items, len(waiting), number, PAGE_SIZE)
