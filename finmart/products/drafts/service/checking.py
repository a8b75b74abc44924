"""The checkers' part: the only door through which a version of staff becomes the published one."""

from finmart.platform.accounts.service.telling import tell_user
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today
from finmart.platform.notices.types import Letter
from finmart.products.drafts import repository
from finmart.products.drafts.service import letters
from finmart.products.drafts.service.checkers import may_check
from finmart.products.drafts.service.steps import (
    move_product,
    move_version,
    own,
    reason_of,
    require_same,
    show_change,
)
from finmart.products.drafts.types import OwnWork, ProductState, Step, StepRefused, VersionState, after
from finmart.products.events import ProductApproved, ProductPublished, ProductSentBack
from finmart.products.models import Product, ProductVersion
from finmart.products.service import ProductUnknown
from finmart.products.types import InstitutionRef


def _product(actor: Actor, code: str) -> Product:
    """The product for whoever may check: of the own institution, or any for the operator."""
    if actor.may(Permission.OWN_PRODUCTS_APPROVE):
        return own(actor, code, lock=True)
    if not actor.may(Permission.ALL_PRODUCTS_APPROVE):
        raise PermissionMissing(Permission.OWN_PRODUCTS_APPROVE)
    row = repository.product_row(code, lock=True)
    if row is None:
        raise ProductUnknown
    return row


def _waiting(actor: Actor, code: str, number: int, step: Step, fingerprint: str) -> tuple[Product, ProductVersion]:
    """The submitted version that ``actor`` may decide about now, with its product locked."""
    product = _product(actor, code)
    row = repository.version_row(product.id, number, lock=True)
    if row is None:
        raise ProductUnknown
    after(VersionState(row.state), step)
    if not may_check(actor, product, number):
        # The operator need not learn what waits inside an institution that checks its own drafts.
        raise OwnWork if actor.user_id in repository.makers_of(product.id, number) else ProductUnknown
    require_same(row, fingerprint)
    return product, row


def approve(actor: Actor, code: str, number: int, *, fingerprint: str) -> None:
    """submitted → published: the version becomes the one people see, the one before is retired.

    ``fingerprint`` names the contents that the checker has read. Raises ``PermissionMissing``, ``ProductUnknown``,
    ``StepRefused``, ``OwnWork`` or ``DraftMoved``.
    """
    product, row = _waiting(actor, code, number, Step.APPROVE, fingerprint)
    if product.state == ProductState.WITHDRAWN:
        raise StepRefused(product.state, Step.APPROVE.value)
    before = repository.current_version(product.id)
    if before is not None and before.state == VersionState.PUBLISHED:
        move_version(actor, before, Step.RETIRE)
    row.published_at = now()
    move_version(actor, row, Step.APPROVE)
    move_product(actor, product, Step.LIST)
    if product.state == ProductState.LISTED:
        product.published_number = number
    # Two people of the institution have just read every line of it.
    product.last_confirmed_on, product.confirmed_by_operator = today(), False
    replaced = before.number if before is not None else None
    _record_approval(actor, code, row, replaced)
    show_change(code)
    _tell_maker(row, letters.approved(row, _owner(product), path=f"/institution/products/{code}"))


def _record_approval(actor: Actor, code: str, row: ProductVersion, replaced: int | None) -> None:
    record(
        actor,
        ProductApproved(
            target=code,
            version=row.number,
            replaced=replaced,
            fingerprint=row.fingerprint,
            submitted_by=row.submitted_by_user_id,
            by_operator=not actor.may(Permission.OWN_PRODUCTS_APPROVE),
        ),
    )
    record(actor, ProductPublished(target=code, version=row.number, fingerprint=row.fingerprint))


def send_back(actor: Actor, code: str, number: int, *, reason: str, fingerprint: str) -> None:
    """submitted → returned, with the reason; the maker is told. Raises as ``approve`` does, and ``ReasonMissing``."""
    product, row = _waiting(actor, code, number, Step.SEND_BACK, fingerprint)
    said = reason_of(reason)
    move_version(actor, row, Step.SEND_BACK, said)
    by_operator = not actor.may(Permission.OWN_PRODUCTS_APPROVE)
    record(actor, ProductSentBack(target=code, version=number, by_operator=by_operator))
    _tell_maker(row, letters.sent_back(row, _owner(product), path=f"/institution/products/{code}", reason=said))


def _owner(product: Product) -> InstitutionRef:
    return repository.institution(product.organisation_id)


def _tell_maker(row: ProductVersion, letter: Letter) -> None:
    if row.submitted_by_user_id is not None:
        tell_user(row.submitted_by_user_id, letter)
