"""Off the shelf for a while or for good; what runs on a stored version goes on untouched."""

from datetime import date, timedelta

from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor, system_actor
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.messages import N_
from finmart.products.drafts import repository
from finmart.products.drafts.service.steps import move_product, own, reason_of, show_change
from finmart.products.drafts.service.writing import discard_version
from finmart.products.drafts.types import DatesRefused, ProductState, Step
from finmart.products.events import ProductResumed, ProductSuspended, ProductWithdrawn
from finmart.products.models import Product
from finmart.products.service import ProductUnknown


def _days(begins: date, ends: date | None) -> None:
    if begins < today():
        raise DatesRefused(N_("暂停的开始日期不能早于今天。"))
    if ends is not None and ends <= begins:
        raise DatesRefused(N_("恢复日期须晚于暂停的开始日期；不确定就留空。"))


def _published_number(product: Product) -> int:
    row = repository.current_version(product.id)
    if row is None:
        raise ProductUnknown
    return row.number


def suspend(actor: Actor, code: str, *, reason: str, begins: date, ends: date | None) -> None:
    """listed → suspended from ``begins`` (a day to come: planned) until the day before ``ends`` (None: until resumed).

    Raises ``PermissionMissing``, ``ProductUnknown``, ``ReasonMissing``, ``DatesRefused`` or ``StepRefused``.
    """
    require(actor, Permission.OWN_PRODUCTS_APPROVE)
    product = own(actor, code, lock=True)
    said = reason_of(reason)
    _days(begins, ends)
    step = Step.SUSPEND if begins <= today() else Step.PLAN
    old = move_product(actor, product, step, said)
    product.suspended_from, product.suspended_until = begins, ends
    _record_suspension(actor, product, old)
    if step is Step.SUSPEND:
        _hide(product)


def _record_suspension(actor: Actor, product: Product, old: ProductState) -> None:
    assert product.suspended_from is not None  # Set by whoever plans or begins it.
    record(
        actor,
        ProductSuspended(
            target=product.code,
            old_state=old.value,
            state=product.state,
            suspended_from=product.suspended_from,
            suspended_until=product.suspended_until,
        ),
    )


def _hide(product: Product) -> None:
    product.published_number = None
    show_change(product.code)


def resume(actor: Actor, code: str, *, reason: str) -> None:
    """suspended → listed again, or a planned suspension cancelled; the version that was approved is shown.

    Raises ``PermissionMissing``, ``ProductUnknown``, ``ReasonMissing`` or ``StepRefused``.
    """
    require(actor, Permission.OWN_PRODUCTS_APPROVE)
    _resume(actor, own(actor, code, lock=True), reason_of(reason))


def _resume(actor: Actor, product: Product, reason: str) -> None:
    if _is_over(product):
        raise DatesRefused(N_("产品的有效期已过，请先改为新的有效期再恢复。"))
    planned = product.state == ProductState.LISTED and product.suspended_from is not None
    old = move_product(actor, product, Step.UNPLAN if planned else Step.RESUME, reason)
    product.suspended_from = product.suspended_until = None
    number = _published_number(product)
    record(actor, ProductResumed(target=product.code, old_state=old.value, version=number))
    if product.published_number != number:
        product.published_number = number
        show_change(product.code)


def withdraw(actor: Actor, code: str, *, reason: str) -> None:
    """listed or suspended → withdrawn for good; a version under way is given up.

    Raises ``PermissionMissing``, ``ProductUnknown``, ``ReasonMissing`` or ``StepRefused``.
    """
    require(actor, Permission.OWN_PRODUCTS_APPROVE)
    product = own(actor, code, lock=True)
    old = move_product(actor, product, Step.WITHDRAW, reason_of(reason))
    under_way = repository.open_version(product.id)
    if under_way is not None:
        discard_version(actor, code, under_way)
    product.suspended_from = product.suspended_until = None
    record(actor, ProductWithdrawn(target=code, old_state=old.value, version=_published_number(product)))
    _hide(product)


def keep_dates() -> int:
    """Begin and end the suspensions whose day has come, and take off what is past its last day; how many moved."""
    actor = system_actor("product suspensions", "the days that the institution itself has set")
    ended = repository.past_validity(today())
    for product in ended:
        _end_validity(actor, product)
    moved = repository.due_suspensions(today())
    for product in moved:
        if product.state == ProductState.LISTED:
            old = move_product(actor, product, Step.SUSPEND)
            _record_suspension(actor, product, old)
            _hide(product)
        if product.suspended_until is not None and product.suspended_until <= today() and not _is_over(product):
            _resume(actor, product, "")
    return len(moved) + len(ended)


def _is_over(product: Product) -> bool:
    return product.valid_until is not None and product.valid_until < today()


def _end_validity(actor: Actor, product: Product) -> None:
    """Off the shelf on the day after the last one, until the institution states another and resumes."""
    old = move_product(actor, product, Step.SUSPEND)
    assert product.valid_until is not None  # It is past.
    product.suspended_from, product.suspended_until = product.valid_until + timedelta(days=1), None
    _record_suspension(actor, product, old)
    _hide(product)
