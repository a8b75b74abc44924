"""What a draft would say if it were saved now: for looking at what is typed before anything is written."""

from dataclasses import dataclass

from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.dictionaries.service import loan_prime_rates
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.products.drafts import repository
from finmart.products.drafts.service import desk
from finmart.products.drafts.service.conditions import checked, with_condition
from finmart.products.drafts.service.writing import own_institution, refuse_faults
from finmart.products.drafts.types import VersionView
from finmart.products.editing.laying import blank, laid_over
from finmart.products.editing.sheet import Sheet
from finmart.products.types import Json, PublishedProduct


@dataclass(frozen=True)
class Typed:
    """A product as it is typed, and the version that stands saved; None for a product that was never saved."""

    product: PublishedProduct
    saved: VersionView | None


def typed_condition(actor: Actor, code: str, condition: Json, *, key: str, required: bool) -> Typed:
    """The product with ``condition`` in the place of ``key``, or as a new one where ``key`` is empty; writes nothing.

    Raises ``PermissionMissing``, ``ProductUnknown`` and what ``with_condition`` and ``checked`` raise.
    """
    saved = desk.editable(actor, code)
    return Typed(with_condition(saved.product, checked(condition), key=key, required=required, note_zh=""), saved)


def typed_sheet(actor: Actor, code: str, sheet: Sheet) -> Typed:
    """The product as the form says it; an empty ``code`` is a new one. Writes nothing.

    Raises ``PermissionMissing``, ``NoInstitution``, ``ProductUnknown`` or ``DraftRefused``.
    """
    require(actor, Permission.OWN_PRODUCTS_WRITE)
    saved = desk.editable(actor, code) if code else None
    refuse_faults(sheet)
    base = saved.product if saved else blank("", repository.institution(own_institution(actor)), on=today())
    return Typed(laid_over(base, sheet, on=today(), table=loan_prime_rates()), saved)
