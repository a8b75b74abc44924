"""Taking one step: found for its institution alone, allowed by the table, written down with who, when and why."""

from finmart.platform.jobs.outbox import enqueue
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from finmart.products import repository as catalogue
from finmart.products.drafts import repository
from finmart.products.drafts.types import (
    DraftMoved,
    ProductState,
    ReasonMissing,
    Step,
    StepRefused,
    VersionState,
    after,
)
from finmart.products.loading import INDEX_JOB
from finmart.products.models import Product, ProductVersion
from finmart.products.service import ProductUnknown

OPERATOR = "operator"
MIN_REASON, MAX_REASON = 4, 500


def own(actor: Actor, code: str, *, lock: bool = False) -> Product:
    """The product ``code`` of the actor's institution. Raises ``ProductUnknown`` for anybody else's."""
    row = repository.product_row(code, organisation_id=actor.organisation_id or 0, lock=lock)
    if row is None:
        raise ProductUnknown
    return row


def working_copy(product: Product, step: Step) -> ProductVersion:
    """The version of ``product`` that somebody works on. Raises ``StepRefused`` when there is none."""
    row = repository.open_version(product.id)
    if row is None:
        raise StepRefused(product.state, step.value)
    return row


def require_same(row: ProductVersion, fingerprint: str) -> None:
    """Raise ``DraftMoved`` unless ``row`` still says what the actor has seen."""
    if row.fingerprint != fingerprint:
        raise DraftMoved


def reason_of(text: str) -> str:
    """The reason, trimmed. Raises ``ReasonMissing``."""
    trimmed = text.strip()
    if not MIN_REASON <= len(trimmed) <= MAX_REASON:
        raise ReasonMissing
    return trimmed


def _write(actor: Actor, product_id: int, number: int | None, step: Step, states: tuple[str, str], reason: str) -> None:
    repository.add_step(
        product_id=product_id,
        number=number,
        step=step,
        states=states,
        reason=reason,
        by_user_id=actor.user_id,
        by_operator=actor.organisation_kind == OPERATOR,
        at=now(),
    )


def move_version(actor: Actor, row: ProductVersion, step: Step, reason: str = "") -> VersionState:
    """Take ``step`` on a version; returns the state before. Raises ``StepRefused``."""
    old = VersionState(row.state)
    row.state = after(old, step).value
    _write(actor, row.product_id, row.number, step, (old.value, row.state), reason)
    return old


def move_product(actor: Actor, row: Product, step: Step, reason: str = "") -> ProductState:
    """Take ``step`` on a product; returns the state before. Raises ``StepRefused``."""
    old = ProductState(row.state)
    row.state = after(old, step).value
    _write(actor, row.id, None, step, (old.value, row.state), reason)
    return old


def show_change(code: str) -> None:
    """Have the catalogue's readers and the search index notice that ``code`` has changed or gone."""
    catalogue.advance_counter()
    enqueue(INDEX_JOB, {"codes": [code]})
