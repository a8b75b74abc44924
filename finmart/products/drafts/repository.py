"""Rows of products, versions and steps, for staff's work on them; nothing here decides or commits."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.db.session import session
from finmart.products import document
from finmart.products.drafts.types import MAKING, OPEN, ProductState, Step, VersionState
from finmart.products.models import InstitutionListing, Product, ProductStep, ProductVersion
from finmart.products.types import InstitutionRef, PublishedProduct

_OPEN = tuple(state.value for state in OPEN)
_SEEN = (VersionState.PUBLISHED.value, VersionState.RETIRED.value)


def ensure_listing(organisation_id: int, *, on: date) -> None:
    """Give an institution its listing if it has none yet; what nobody stated stays blank."""
    if session().get(InstitutionListing, organisation_id) is None:
        row = InstitutionListing(organisation_id=organisation_id, level="", city="", phone="", recorded_on=on)
        session().add(row)
        session().flush()


def institution(organisation_id: int) -> InstitutionRef:
    """The institution as its products name it."""
    return _reference(session().get_one(Organisation, organisation_id))


def institutions(organisation_ids: Collection[int]) -> dict[int, InstitutionRef]:
    """inner id → the institution as its products name it."""
    rows = session().scalars(select(Organisation).where(Organisation.id.in_(organisation_ids)))
    return {row.id: _reference(row) for row in rows}


def _reference(owner: Organisation) -> InstitutionRef:
    return InstitutionRef(
        code=owner.code or "",
        name_zh=owner.name_zh,
        name_en=owner.name_en,
        kind=owner.institution_kind or "",
        connected=owner.connected,
        region=owner.region or "",
    )


def add_product(*, code: str, organisation_id: int) -> Product:
    """A product that nobody sees yet."""
    row = Product(code=code, organisation_id=organisation_id, state=ProductState.UNLISTED.value)
    session().add(row)
    session().flush()
    return row


def product_row(code: str, *, organisation_id: int | None = None, lock: bool = False) -> Product | None:
    """The product ``code``, of one institution alone where one is given."""
    query = select(Product).where(Product.code == code)
    if organisation_id is not None:
        query = query.where(Product.organisation_id == organisation_id)
    return session().scalar(query.with_for_update() if lock else query)


def products_of(organisation_id: int) -> list[Product]:
    """All products of an institution in order of code, withdrawn ones too."""
    rows = session().scalars(select(Product).where(Product.organisation_id == organisation_id))
    return sorted(rows, key=lambda row: row.code)


def codes_known(codes: Iterable[str], *, organisation_id: int) -> dict[str, Product]:
    """code → product, for those of ``codes`` that belong to the institution; locked."""
    query = select(Product).where(Product.organisation_id == organisation_id, Product.code.in_(sorted(set(codes))))
    return {row.code: row for row in session().scalars(query.with_for_update())}


def versions_of(product_ids: Sequence[int]) -> list[ProductVersion]:
    """All versions of some products, the newest first."""
    query = select(ProductVersion).where(ProductVersion.product_id.in_(product_ids))
    return list(session().scalars(query.order_by(ProductVersion.product_id, ProductVersion.number.desc())))


def version_row(product_id: int, number: int, *, lock: bool = False) -> ProductVersion | None:
    """One version."""
    query = select(ProductVersion).where(ProductVersion.product_id == product_id, ProductVersion.number == number)
    return session().scalar(query.with_for_update() if lock else query)


def open_version(product_id: int) -> ProductVersion | None:
    """The version of a product that somebody still works on."""
    query = select(ProductVersion).where(ProductVersion.product_id == product_id, ProductVersion.state.in_(_OPEN))
    return session().scalar(query)


def current_version(product_id: int) -> ProductVersion | None:
    """The version that was published last, whether people see it now or the product is suspended or withdrawn."""
    query = select(ProductVersion).where(ProductVersion.product_id == product_id, ProductVersion.state.in_(_SEEN))
    return session().scalar(query.order_by(ProductVersion.number.desc()).limit(1))


def next_number(product_id: int) -> int:
    """The number of a new version."""
    query = select(func.max(ProductVersion.number)).where(ProductVersion.product_id == product_id)
    return 1 + (session().scalar(query) or 0)


def contents(product: PublishedProduct) -> dict[str, Any]:
    """The columns of a version that say what ``product`` says."""
    dumped = document.dump(product)
    return {
        "name_zh": product.name_zh,
        "name_en": product.name_en,
        "product_type": product.product_type,
        "online_level": product.online_level,
        "evidence_tier": product.evidence_tier,
        "amount_max": product.amount_max,
        "term_max_days": product.term_max_days,
        "lowest_interest": product.lowest_interest,
        "words_to_confirm": len(product.words),
        "recorded_on": product.recorded_on,
        "source": product.source,
        "document": dumped,
        "fingerprint": document.fingerprint(dumped),
    }


def add_version(product: PublishedProduct, *, product_id: int, number: int) -> ProductVersion:
    """A new draft."""
    row = ProductVersion(
        product_id=product_id,
        number=number,
        state=VersionState.DRAFT.value,
        origin="staff",
        **contents(product),
    )
    session().add(row)
    session().flush()
    return row


def rewrite(row: ProductVersion, product: PublishedProduct) -> None:
    """Make a draft say what ``product`` says."""
    for name, value in contents(product).items():
        setattr(row, name, value)


def product_in(row: ProductVersion, owner: InstitutionRef) -> PublishedProduct:
    """The product that a version holds."""
    return document.load(row.document, owner, row.number)


def add_step(
    *,
    product_id: int,
    number: int | None,
    step: Step,
    states: tuple[str, str],
    reason: str,
    by_user_id: int | None,
    by_operator: bool,
    at: datetime,
) -> None:
    """Write one step down; ``states`` are the old and the new one."""
    session().add(
        ProductStep(
            product_id=product_id,
            number=number,
            step=step.value,
            old_state=states[0],
            new_state=states[1],
            reason=reason,
            by_user_id=by_user_id,
            by_operator=by_operator,
            at=at,
        )
    )


def steps_of(product_id: int, *, number: int | None = None) -> list[ProductStep]:
    """The steps of a product, or of one of its versions alone; the newest first."""
    query = select(ProductStep).where(ProductStep.product_id == product_id)
    if number is not None:
        query = query.where(ProductStep.number == number)
    return list(session().scalars(query.order_by(ProductStep.id.desc())))


def makers_of(product_id: int, number: int) -> frozenset[int]:
    """The users who wrote or submitted a version."""
    query = select(ProductStep.by_user_id).where(
        ProductStep.product_id == product_id,
        ProductStep.number == number,
        ProductStep.step.in_([step.value for step in MAKING]),
        ProductStep.by_user_id.is_not(None),
    )
    return frozenset(user for user in session().scalars(query.distinct()) if user is not None)


def makers_of_each(version_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """inner id of a version → the users who wrote or submitted it; each version is a key."""
    query = (
        select(ProductVersion.id, ProductStep.by_user_id)
        .join(
            ProductStep,
            and_(ProductStep.product_id == ProductVersion.product_id, ProductStep.number == ProductVersion.number),
        )
        .where(
            ProductVersion.id.in_(version_ids),
            ProductStep.step.in_([step.value for step in MAKING]),
            ProductStep.by_user_id.is_not(None),
        )
    )
    found: dict[int, set[int]] = {version_id: set() for version_id in version_ids}
    for row in session().execute(query):
        if row[1] is not None:
            found[row[0]].add(row[1])
    return {version_id: frozenset(makers) for version_id, makers in found.items()}


def waiting(organisation_id: int | None = None) -> list[tuple[int, int]]:
    """(inner id, institution) of each version that waits for a checker, of one institution or of all.

    The oldest submission first; numbers alone, however many wait.
    """
    query = (
        select(ProductVersion.id, Product.organisation_id)
        .join(Product, Product.id == ProductVersion.product_id)
        .where(ProductVersion.state == VersionState.SUBMITTED.value)
        .order_by(ProductVersion.submitted_at, ProductVersion.id)
    )
    if organisation_id is not None:
        query = query.where(Product.organisation_id == organisation_id)
    return [(row[0], row[1]) for row in session().execute(query)]


def versions_with_products(version_ids: Collection[int]) -> dict[int, tuple[ProductVersion, Product]]:
    """inner id → the version and its product."""
    query = select(ProductVersion, Product).join(Product, Product.id == ProductVersion.product_id)
    rows = session().execute(query.where(ProductVersion.id.in_(version_ids)))
    return {row[0].id: (row[0], row[1]) for row in rows}


def _due(day: date) -> ColumnElement[bool]:
    begins = and_(Product.state == ProductState.LISTED.value, Product.suspended_from <= day)
    ends = and_(Product.state == ProductState.SUSPENDED.value, Product.suspended_until <= day)
    return or_(begins, ends)


def due_suspensions(day: date) -> list[Product]:
    """Products whose suspension begins or ends on ``day`` at the latest; locked."""
    return list(session().scalars(select(Product).where(_due(day)).order_by(Product.id).with_for_update()))


@dataclass(frozen=True)
class Listed:
    """A product on the shelf, and the day it was last confirmed, or written down where it never was."""

    product: Product
    name_zh: str
    since: date


def unconfirmed(since: date, *, lock: bool = False) -> list[Listed]:
    """Products on the shelf that nobody has confirmed after ``since``, the longest first; with ``lock`` locked."""
    last = func.coalesce(Product.last_confirmed_on, ProductVersion.recorded_on)
    query = (
        select(Product, ProductVersion.name_zh, last)
        .join(
            ProductVersion,
            and_(ProductVersion.product_id == Product.id, ProductVersion.number == Product.published_number),
        )
        .where(last <= since)
        .order_by(last, Product.id)
    )
    rows = session().execute(query.with_for_update(of=Product) if lock else query)
    return [Listed(product, name, day) for product, name, day in rows]


@dataclass(frozen=True)
class Profile:
    """What the supermarket says of an institution, and the day it was last confirmed, or written down."""

    listing: InstitutionListing
    owner: InstitutionRef
    since: date


def profile_of(organisation_id: int) -> InstitutionListing | None:
    """What the supermarket says of an institution besides its products; locked."""
    query = select(InstitutionListing).where(InstitutionListing.organisation_id == organisation_id)
    return session().scalar(query.with_for_update())


def unconfirmed_profiles(since: date, *, lock: bool = False) -> list[Profile]:
    """Institutions' pages that nobody has confirmed after ``since``, the longest first; with ``lock`` locked."""
    last = func.coalesce(InstitutionListing.confirmed_on, InstitutionListing.recorded_on)
    query = (
        select(InstitutionListing, Organisation, last)
        .join(Organisation, Organisation.id == InstitutionListing.organisation_id)
        .where(last <= since)
        .order_by(last, InstitutionListing.organisation_id)
    )
    rows = session().execute(query.with_for_update(of=InstitutionListing) if lock else query)
    return [Profile(listing, _reference(owner), day) for listing, owner, day in rows]


def past_validity(day: date) -> list[Product]:
    """Products on the shelf whose last day there lies before ``day``; locked."""
    query = select(Product).where(
        Product.state == ProductState.LISTED.value, Product.published_number.is_not(None), Product.valid_until < day
    )
    return list(session().scalars(query.order_by(Product.id).with_for_update()))
