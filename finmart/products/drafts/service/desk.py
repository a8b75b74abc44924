"""What staff read: the institution's products with what is under way, one product's history, one version whole."""

from collections.abc import Iterable, Sequence

from finmart.platform.accounts.service.staff import names_of
from finmart.platform.accounts.types.contacts import mask_name
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.products.drafts import repository
from finmart.products.drafts.service.checkers import falls_to_operator, may_check
from finmart.products.drafts.service.steps import own
from finmart.products.drafts.service.writing import own_institution
from finmart.products.drafts.types import (
    OPEN,
    DeskLine,
    DeskProduct,
    ProductState,
    Step,
    StepView,
    VersionLine,
    VersionState,
    VersionView,
    state_of,
)
from finmart.products.models import Product, ProductStep, ProductVersion
from finmart.products.service import ProductUnknown
from finmart.products.types import InstitutionRef

_SEEN = frozenset({VersionState.PUBLISHED, VersionState.RETIRED})


def _line(product: Product, versions: Sequence[ProductVersion], owner: InstitutionRef) -> DeskLine:
    under_way = next((row for row in versions if VersionState(row.state) in OPEN), None)
    current = next((row for row in versions if VersionState(row.state) in _SEEN), None)
    shown = current or under_way or versions[0]
    return DeskLine(
        code=product.code,
        state=ProductState(product.state),
        shown=repository.product_in(shown, owner),
        published_number=current.number if current else None,
        open_number=under_way.number if under_way else None,
        open_state=VersionState(under_way.state) if under_way else None,
        last_confirmed_on=product.last_confirmed_on,
        suspended_from=product.suspended_from,
        suspended_until=product.suspended_until,
        valid_until=product.valid_until,
    )


def _by_product(versions: Iterable[ProductVersion]) -> dict[int, list[ProductVersion]]:
    found: dict[int, list[ProductVersion]] = {}
    for row in versions:
        found.setdefault(row.product_id, []).append(row)
    return found


def _alive(line: DeskLine) -> bool:
    """A product whose only drafts were given up is history: it stays out of the list."""
    return line.state is not ProductState.UNLISTED or line.open_state is not None


def _order(line: DeskLine) -> tuple[bool, bool, str]:
    return (line.state is ProductState.WITHDRAWN, line.open_state is None, line.code)


def own_lines(actor: Actor) -> list[DeskLine]:
    """Every product of the actor's institution: what somebody works on first, withdrawn ones last."""
    require(actor, Permission.OWN_PRODUCTS_READ)
    organisation_id = own_institution(actor)
    owner = repository.institution(organisation_id)
    products = repository.products_of(organisation_id)
    versions = _by_product(repository.versions_of([product.id for product in products]))
    lines = [_line(product, versions[product.id], owner) for product in products if product.id in versions]
    return sorted(filter(_alive, lines), key=_order)


def _steps(actor: Actor, rows: Sequence[ProductStep]) -> tuple[StepView, ...]:
    """Steps with names for colleagues; the operator reads them masked, as everywhere."""
    names = names_of(row.by_user_id for row in rows if row.by_user_id is not None and not row.by_operator)
    if actor.may(Permission.ALL_PRODUCTS_APPROVE):
        names = {user_id: mask_name(name) for user_id, name in names.items()}
    return tuple(
        StepView(
            step=Step(row.step),
            number=row.number,
            old_state=state_of(row.old_state),
            new_state=state_of(row.new_state),
            at=row.at,
            by=names.get(row.by_user_id or 0, ""),
            by_operator=row.by_operator,
            by_system=row.by_user_id is None,
            reason=row.reason,
        )
        for row in rows
    )


def own_product(actor: Actor, code: str) -> DeskProduct:
    """One product of the actor's institution with its history. Raises ``PermissionMissing`` or ``ProductUnknown``."""
    require(actor, Permission.OWN_PRODUCTS_READ)
    product = own(actor, code)
    versions = repository.versions_of([product.id])
    return DeskProduct(
        line=_line(product, versions, repository.institution(product.organisation_id)),
        versions=tuple(
            VersionLine(row.number, VersionState(row.state), row.name_zh, row.created_at, row.published_at)
            for row in versions
        ),
        steps=_steps(actor, repository.steps_of(product.id)),
    )


def _view(actor: Actor, product: Product, row: ProductVersion) -> VersionView:
    owner = repository.institution(product.organisation_id)
    current = repository.current_version(product.id)
    before = current if current is not None and current.number < row.number else None
    if before is None and row.number > 1 and VersionState(row.state) in _SEEN:
        before = _published_before(product.id, row.number)
    waits = row.state == VersionState.SUBMITTED
    return VersionView(
        code=product.code,
        institution=owner,
        product_state=ProductState(product.state),
        product=repository.product_in(row, owner),
        number=row.number,
        state=VersionState(row.state),
        fingerprint=row.fingerprint,
        before=repository.product_in(before, owner) if before else None,
        may_approve=waits and may_check(actor, product, row.number),
        steps=_steps(actor, repository.steps_of(product.id, number=row.number)),
    )


def _published_before(product_id: int, number: int) -> ProductVersion | None:
    """The version that people saw before ``number``."""
    older = (row for row in repository.versions_of([product_id]) if row.number < number)
    return next((row for row in older if VersionState(row.state) in _SEEN), None)


def own_version(actor: Actor, code: str, number: int) -> VersionView:
    """One version of a product of the actor's institution. Raises ``PermissionMissing`` or ``ProductUnknown``."""
    require(actor, Permission.OWN_PRODUCTS_READ)
    product = own(actor, code)
    row = repository.version_row(product.id, number)
    if row is None:
        raise ProductUnknown
    return _view(actor, product, row)


def editable(actor: Actor, code: str) -> VersionView:
    """The version that an edit starts from: the one under way, else the published one.

    Raises ``PermissionMissing`` or ``ProductUnknown``.
    """
    require(actor, Permission.OWN_PRODUCTS_WRITE)
    product = own(actor, code)
    row = repository.open_version(product.id) or repository.current_version(product.id)
    if row is None:
        raise ProductUnknown
    return _view(actor, product, row)


def operator_version(actor: Actor, code: str) -> VersionView:
    """The submitted version of ``code`` that falls to the operator.

    Raises ``PermissionMissing``, and ``ProductUnknown`` for everything that an institution looks after by itself.
    """
    require(actor, Permission.ALL_PRODUCTS_APPROVE)
    product = repository.product_row(code)
    row = repository.open_version(product.id) if product is not None else None
    if product is None or row is None or row.state != VersionState.SUBMITTED:
        raise ProductUnknown
    if not falls_to_operator(product, row.number):
        raise ProductUnknown
    return _view(actor, product, row)
