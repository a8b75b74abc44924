"""Reading and writing products' tables; nothing here decides or commits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.db.session import session
from finmart.platform.kernel.ids import public_id
from finmart.products import document
from finmart.products.models import CatalogueCounter, InstitutionListing, Product, ProductVersion
from finmart.products.types import (
    Confirmation,
    InstitutionRecord,
    InstitutionRef,
    Json,
    ListedInstitution,
    ListedProduct,
    PublishedProduct,
)

COUNTER = 1


def _ref(organisation: Organisation) -> InstitutionRef:
    return InstitutionRef(
        code=organisation.code or "",
        name_zh=organisation.name_zh,
        name_en=organisation.name_en,
        kind=organisation.institution_kind or "",
        connected=organisation.connected,
        region=organisation.region or "",
    )


def counter() -> tuple[int, str]:
    """The catalogue's version and stamp; (0, "") before anything was published."""
    row = session().get(CatalogueCounter, COUNTER)
    return (row.version, row.stamp) if row else (0, "")


def advance_counter() -> int:
    """Count one change of the published catalogue; returns the new version."""
    row = session().get(CatalogueCounter, COUNTER, with_for_update=True)
    if row is None:
        row = CatalogueCounter(id=COUNTER, version=0, stamp="")
        session().add(row)
    row.version += 1
    row.stamp = public_id()
    session().flush()
    return row.version


def _is_published() -> ColumnElement[bool]:
    return and_(ProductVersion.product_id == Product.id, ProductVersion.number == Product.published_number)


def _published() -> Select[ProductVersion, Product, Organisation]:
    return (
        select(ProductVersion, Product, Organisation)
        .join(Product, _is_published())
        .join(Organisation, Organisation.id == Product.organisation_id)
    )


@dataclass(frozen=True)
class PublishedMark:
    """Everything that a published product is read from: equal marks, equal products."""

    number: int
    fingerprint: str
    institution: InstitutionRef


def published_marks() -> dict[str, PublishedMark]:
    """code → mark of what is published now, in order of code; reads no document.

    The order is Python's on every database: theirs depends on a collation, and rankings must not.
    """
    query = (
        select(Product.code, ProductVersion.number, ProductVersion.fingerprint, Organisation)
        .join(ProductVersion, _is_published())
        .join(Organisation, Organisation.id == Product.organisation_id)
    )
    rows = session().execute(query).all()
    return {
        code: PublishedMark(number, mark, _ref(owner)) for code, number, mark, owner in sorted(rows, key=itemgetter(0))
    }


def published_products(codes: Collection[str] | None = None) -> dict[str, PublishedProduct]:
    """code → product for those of ``codes`` that are published; for all without ``codes``."""
    query = _published() if codes is None else _published().where(Product.code.in_(codes))
    found = (
        document.load(version.document, _ref(owner), version.number)
        for version, _product, owner in session().execute(query)
    )
    return {product.code: product for product in found}


def listed_products(*, organisation_id: int) -> list[ListedProduct]:
    """The published products of one institution."""
    rows = session().execute(_published().where(Product.organisation_id == organisation_id))
    found = [
        ListedProduct(
            document.load(version.document, _ref(owner), version.number),
            version.published_at or version.created_at,
            product.last_confirmed_on,
        )
        for version, product, owner in rows
    ]
    return sorted(found, key=lambda each: each.product.code)


def last_confirmed_on(*, code: str) -> date | None:
    """When the institution last said that its listing is right."""
    return session().scalar(select(Product.last_confirmed_on).where(Product.code == code))


def confirmation_of(*, code: str) -> Confirmation | None:
    """Who last said that the listing of ``code`` is right, and when; None when nobody did."""
    query = select(Product.last_confirmed_on, Product.confirmed_by_operator).where(Product.code == code)
    return confirmation(*session().execute(query).one_or_none() or (None, False))


def confirmation(on: date | None, by_operator: bool) -> Confirmation | None:
    """The two columns that say who last looked, as one value."""
    return None if on is None else Confirmation(on, by_operator)


def last_day(*, code: str) -> date | None:
    """The last day of the listing of ``code``; None where none is stated."""
    return session().scalar(select(Product.valid_until).where(Product.code == code))


def set_confirmed(*, code: str, on: date, organisation_id: int, by_operator: bool) -> date | None:
    """Note that ``code`` of the institution was confirmed; returns the earlier date. Raises ``LookupError``."""
    product = session().scalar(
        select(Product).where(Product.code == code, Product.organisation_id == organisation_id).with_for_update()
    )
    if product is None:
        raise LookupError(code)
    before, product.last_confirmed_on = product.last_confirmed_on, on
    product.confirmed_by_operator = by_operator
    return before


def institutions() -> list[ListedInstitution]:
    """Every listed institution, connected ones first, then by number of products."""
    counts = (
        select(Product.organisation_id, func.count().label("products"))
        .where(Product.published_number.is_not(None))
        .group_by(Product.organisation_id)
        .subquery()
    )
    products = func.coalesce(counts.c.products, 0)
    query = (
        select(InstitutionListing, Organisation, products)
        .join(Organisation, Organisation.id == InstitutionListing.organisation_id)
        .outerjoin(counts, counts.c.organisation_id == InstitutionListing.organisation_id)
    )
    found = [
        ListedInstitution(
            owner.id,
            InstitutionRecord(
                _ref(owner),
                listing.level,
                listing.city,
                # What the operator was told by the institution is newer than what the catalogue found in public.
                owner.contact_phone or listing.phone,
                listing.recorded_on,
                owner.contact_address,
            ),
            number,
            confirmation(listing.confirmed_on, listing.confirmed_by_operator),
            listing.valid_until,
        )
        for listing, owner, number in session().execute(query)
    ]
    return sorted(found, key=lambda each: (not each.record.ref.connected, -each.products, each.record.ref.code))


def save_listing(*, organisation_id: int, record: InstitutionRecord) -> None:
    """Make the listing of an institution say what ``record`` says."""
    listing = session().get(InstitutionListing, organisation_id)
    if listing is None:
        listing = InstitutionListing(organisation_id=organisation_id)
        session().add(listing)
    listing.level, listing.city = record.level, record.city
    listing.phone, listing.recorded_on = record.phone, record.recorded_on


def published_fingerprints() -> dict[str, str]:
    """code → fingerprint of what is published now."""
    query = select(Product.code, ProductVersion.fingerprint).join(ProductVersion, _is_published())
    return {row.code: row.fingerprint for row in session().execute(query)}


def kept_by_staff() -> frozenset[str]:
    """Codes of the products that the project's catalogue no longer speaks for.

    Their institution has published a version of its own, or has taken the product from the shelf.
    """
    query = (
        select(Product.code)
        .outerjoin(ProductVersion, _is_published())
        .where(or_(Product.state != "listed", ProductVersion.origin != "import"))
    )
    return frozenset(session().scalars(query))


def version_of(*, code: str, number: int) -> PublishedProduct | None:
    """The version ``number`` of ``code`` as it was once published; None for a draft and for what never was."""
    query = (
        select(ProductVersion, Organisation)
        .join(Product, Product.id == ProductVersion.product_id)
        .join(Organisation, Organisation.id == Product.organisation_id)
        .where(Product.code == code, ProductVersion.number == number)
        .where(ProductVersion.state.in_(("published", "retired")))
    )
    row = session().execute(query).one_or_none()
    return None if row is None else document.load(row[0].document, _ref(row[1]), row[0].number)


def publish(product: PublishedProduct, dumped: Json, *, organisation_id: int, at: datetime) -> int:
    """Add ``product`` (``dumped`` is its document) as the published version and retire the one before it.

    Returns the new version's number.
    """
    row = session().scalar(select(Product).where(Product.code == product.code).with_for_update())
    if row is None:
        row = Product(code=product.code, organisation_id=organisation_id)
        session().add(row)
        session().flush()
    row.organisation_id, row.state = organisation_id, "listed"
    versions = list(session().scalars(select(ProductVersion).where(ProductVersion.product_id == row.id)))
    for version in versions:
        if version.number == row.published_number:
            version.state = "retired"
    row.published_number = 1 + max((version.number for version in versions), default=0)
    session().add(_new_version(product, dumped, product_id=row.id, number=row.published_number, at=at))
    return row.published_number


def _new_version(
    product: PublishedProduct, dumped: Json, *, product_id: int, number: int, at: datetime
) -> ProductVersion:
    return ProductVersion(
        product_id=product_id,
        number=number,
        state="published",
        name_zh=product.name_zh,
        name_en=product.name_en,
        product_type=product.product_type,
        online_level=product.online_level,
        evidence_tier=product.evidence_tier,
        amount_max=product.amount_max,
        term_max_days=product.term_max_days,
        lowest_interest=product.lowest_interest,
        words_to_confirm=len(product.words),
        recorded_on=product.recorded_on,
        source=product.source,
        document=dumped,
        fingerprint=document.fingerprint(dumped),
        published_at=at,
        origin="import",
    )
