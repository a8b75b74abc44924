"""The makers' part: a draft is written, submitted, taken back or given up. Nothing here can publish."""

from collections.abc import Callable

from finmart.platform.accounts.service.telling import tell_operators, tell_user
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.dictionaries.service import loan_prime_rates
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today
from finmart.platform.kernel.errors import NotAllowed
from finmart.platform.kernel.ids import public_id
from finmart.platform.kernel.messages import N_
from finmart.products.drafts import repository
from finmart.products.drafts.service import letters
from finmart.products.drafts.service.checkers import checkers_of
from finmart.products.drafts.service.steps import move_version, own, require_same, working_copy
from finmart.products.drafts.types import (
    DraftOpen,
    DraftRefused,
    NothingChanged,
    ProductState,
    Step,
    StepRefused,
    VersionState,
    after,
)
from finmart.products.editing.checks import faults_of
from finmart.products.editing.laying import blank, laid_over
from finmart.products.editing.sheet import Sheet
from finmart.products.events import ProductDraftDiscarded, ProductDraftSaved, ProductRecalled, ProductSubmitted
from finmart.products.models import Product, ProductVersion
from finmart.products.types import PublishedProduct

FORM, FILE = "form", "file"


class NoInstitution(NotAllowed):
    """Products belong to institutions."""

    def __init__(self) -> None:
        super().__init__(N_("只有金融机构可以登记产品，请先切换到您所在的机构。"))


def own_institution(actor: Actor) -> int:
    """The institution in which the actor works now. Raises ``NoInstitution``."""
    if actor.organisation_id is None or actor.organisation_kind != "institution":
        raise NoInstitution
    return actor.organisation_id


def _write(actor: Actor, product: Product, said: PublishedProduct, *, source: str) -> ProductVersion:
    """Write a new draft of ``product`` that says what ``said`` says."""
    row = repository.add_version(said, product_id=product.id, number=repository.next_number(product.id))
    move_version(actor, row, Step.SAVE)
    _record_saved(actor, product, row, created=True, source=source)
    return row


def _record_saved(actor: Actor, product: Product, row: ProductVersion, *, created: bool, source: str) -> None:
    record(
        actor,
        ProductDraftSaved(
            target=product.code, version=row.number, created=created, source=source, fingerprint=row.fingerprint
        ),
    )


def refuse_faults(sheet: Sheet) -> None:
    """Raise ``DraftRefused`` unless ``sheet`` can be a product."""
    faults = faults_of(sheet, loan_prime_rates())
    if faults:
        raise DraftRefused(faults)


def add_product(actor: Actor, sheet: Sheet, *, source: str = FORM) -> str:
    """A new product of the actor's institution as a draft; returns its code.

    Raises ``PermissionMissing``, ``NoInstitution`` or ``DraftRefused``.
    """
    require(actor, Permission.OWN_PRODUCTS_WRITE)
    organisation_id = own_institution(actor)
    refuse_faults(sheet)
    owner = repository.institution(organisation_id)
    repository.ensure_listing(organisation_id, on=today())
    # The institution's code makes it readable; the random part makes it one of its kind.
    product = repository.add_product(
        code=f"{owner.code or 'product'}_{public_id()}"[-64:], organisation_id=organisation_id
    )
    said = laid_over(blank(product.code, owner, on=today()), sheet, on=today(), table=loan_prime_rates())
    _write(actor, product, said, source=source)
    return product.code


def save_draft(actor: Actor, code: str, sheet: Sheet, *, fingerprint: str, source: str = FORM) -> int:
    """Write what ``sheet`` says into the product's draft, or into a new one; returns its number.

    ``fingerprint`` names the version that was on the screen: the draft, or the published version that a new draft
    starts from. Raises ``PermissionMissing``, ``ProductUnknown``, ``DraftRefused``, ``DraftMoved`` or ``StepRefused``.
    """

    def say(product: PublishedProduct) -> PublishedProduct:
        refuse_faults(sheet)
        return laid_over(product, sheet, on=today(), table=loan_prime_rates())

    return rewrite_draft(actor, code, say, fingerprint=fingerprint, source=source)


def rewrite_draft(
    actor: Actor,
    code: str,
    say: Callable[[PublishedProduct], PublishedProduct],
    *,
    fingerprint: str,
    source: str,
) -> int:
    """Let ``say`` make the draft's new contents out of what stands; returns its number. Raises as ``save_draft``."""
    require(actor, Permission.OWN_PRODUCTS_WRITE)
    product = own(actor, code, lock=True)
    if product.state == ProductState.WITHDRAWN:
        raise StepRefused(product.state, Step.SAVE.value)
    row = repository.open_version(product.id)
    base = row or repository.current_version(product.id)
    if base is None:
        raise StepRefused(product.state, Step.SAVE.value)
    if row is not None:
        after(VersionState(row.state), Step.SAVE)
    require_same(base, fingerprint)
    said = say(repository.product_in(base, repository.institution(product.organisation_id)))
    if row is None:
        return _write(actor, product, said, source=source).number
    repository.rewrite(row, said)
    move_version(actor, row, Step.SAVE)
    _record_saved(actor, product, row, created=False, source=source)
    return row.number


def standing(product: Product) -> PublishedProduct:
    """What was published last of ``product``. Raises ``StepRefused`` where nothing was, or it was withdrawn."""
    current = repository.current_version(product.id)
    if current is None or product.state == ProductState.WITHDRAWN:
        raise StepRefused(product.state, Step.SAVE.value)
    return repository.product_in(current, repository.institution(product.organisation_id))


def start_from_file(actor: Actor, product: Product, sheet: Sheet) -> str:
    """A new draft of ``product`` (locked by the caller) from one row of a file; returns the product's code.

    Raises ``DraftOpen`` when somebody works on the product already, ``StepRefused`` when it was withdrawn.
    """
    if repository.open_version(product.id) is not None:
        raise DraftOpen
    said = laid_over(standing(product), sheet, on=today(), table=loan_prime_rates())
    _write(actor, product, said, source=FILE)
    return product.code


def _says_nothing_new(product: Product, row: ProductVersion) -> bool:
    current = repository.current_version(product.id)
    if current is None:
        return False
    own_words = {"recorded_on", "evidence_tier", "source"}
    said, stood = ({k: v for k, v in each.document.items() if k not in own_words} for each in (row, current))
    return bool(said == stood)


def submit(actor: Actor, code: str) -> None:
    """draft → submitted; whoever may check it is told.

    Raises ``PermissionMissing``, ``ProductUnknown``, ``StepRefused`` or ``NothingChanged``.
    """
    require(actor, Permission.OWN_PRODUCTS_WRITE)
    product = own(actor, code, lock=True)
    row = working_copy(product, Step.SUBMIT)
    after(VersionState(row.state), Step.SUBMIT)
    if _says_nothing_new(product, row):
        raise NothingChanged
    move_version(actor, row, Step.SUBMIT)
    row.submitted_by_user_id, row.submitted_at = actor.user_id, now()
    told = _tell_checkers(product, row)
    record(
        actor,
        ProductSubmitted(target=code, version=row.number, fingerprint=row.fingerprint, members_told=told),
    )


def _tell_checkers(product: Product, row: ProductVersion) -> int:
    owner = repository.institution(product.organisation_id)
    checkers = checkers_of(product, row.number)
    if not checkers:
        return tell_operators(letters.submitted(row, owner, path=f"/operator/products/{product.code}"))
    letter = letters.submitted(row, owner, path=f"/institution/products/{product.code}/versions/{row.number}")
    for user_id in sorted(checkers):
        tell_user(user_id, letter)
    return len(checkers)


def recall(actor: Actor, code: str) -> None:
    """submitted → draft, by the makers' side. Raises ``PermissionMissing``, ``ProductUnknown`` or ``StepRefused``."""
    require(actor, Permission.OWN_PRODUCTS_WRITE)
    row = working_copy(own(actor, code, lock=True), Step.RECALL)
    move_version(actor, row, Step.RECALL)
    record(actor, ProductRecalled(target=code, version=row.number))


def discard(actor: Actor, code: str) -> None:
    """Give the draft up; its number and its steps stay. Raises as ``recall`` does."""
    require(actor, Permission.OWN_PRODUCTS_WRITE)
    row = working_copy(own(actor, code, lock=True), Step.DISCARD)
    discard_version(actor, code, row)


def discard_version(actor: Actor, code: str, row: ProductVersion) -> None:
    """Give one version up."""
    old = move_version(actor, row, Step.DISCARD)
    record(actor, ProductDraftDiscarded(target=code, version=row.number, old_state=old.value))
