"""Products' tables: an institution's listing, its products, their versions, every step, the catalogue's counter."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint, event, false, inspect
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from finmart.platform.db.base import Base, Identified, Timestamped
from finmart.platform.db.types import BigId, JsonValue, UtcDateTime
from finmart.platform.kernel.ids import LENGTH


class InstitutionListing(Timestamped, Base):
    """What the supermarket says of an institution besides its organisation, with the same key (DECISIONS 1)."""

    __tablename__ = "institution_listing"

    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisation.id"), primary_key=True)
    level: Mapped[str] = mapped_column(String(16))
    city: Mapped[str] = mapped_column(String(40))
    phone: Mapped[str] = mapped_column(String(40))
    recorded_on: Mapped[date] = mapped_column(Date)
    #: The last day of what the page says; None: no end is known.
    valid_until: Mapped[date | None] = mapped_column(Date)
    #: When the institution (the operator, for one without a desk) last said that the page is right.
    confirmed_on: Mapped[date | None] = mapped_column(Date)
    confirmed_by_operator: Mapped[bool] = mapped_column(default=False, server_default=false())
    reminded_on: Mapped[date | None] = mapped_column(Date)


class Product(Identified, Timestamped, Base):
    """One product of one institution; what it says stands in its versions."""

    __tablename__ = "product"

    code: Mapped[str] = mapped_column(String(64), unique=True)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("institution_listing.organisation_id"), index=True)
    #: The number of the version people see; None before the first publication, while suspended and after a
    #: withdrawal. A number and no key, because two tables that point at each other can be neither made nor dropped in
    #: order.
    published_number: Mapped[int | None]
    last_confirmed_on: Mapped[date | None] = mapped_column(Date)
    #: Whether the operator said so, for an institution without a desk here.
    confirmed_by_operator: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: The last day on the shelf; None: no end is known.
    valid_until: Mapped[date | None] = mapped_column(Date)
    #: When its institution was last asked to confirm it.
    reminded_on: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(16), default="unlisted")
    #: From when until when it is taken from the shelf; a day to come while ``state`` is still "listed".
    suspended_from: Mapped[date | None] = mapped_column(Date)
    suspended_until: Mapped[date | None] = mapped_column(Date)


class ProductVersion(Identified, Timestamped, Base):
    """What a product says, whole, as of one publication; never changed once it is published.

    The document is ``finmart.products.document``'s JSON; the columns beside it repeat what lists and statistics ask
    for. Money is 分, rates are ppm, terms are comparable days.
    """

    __tablename__ = "product_version"
    __table_args__ = (
        UniqueConstraint("product_id", "number"),
        Index("ix_product_version_product_type", "product_type"),
        Index("ix_product_version_state", "state"),
    )

    product_id: Mapped[int] = mapped_column(BigId, ForeignKey("product.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(160))
    product_type: Mapped[str] = mapped_column(String(32))
    online_level: Mapped[str] = mapped_column(String(16))
    evidence_tier: Mapped[str] = mapped_column(String(40))
    amount_max: Mapped[int | None] = mapped_column(BigId)
    term_max_days: Mapped[int | None]
    lowest_interest: Mapped[int | None]
    words_to_confirm: Mapped[int]
    recorded_on: Mapped[date] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text)
    document: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    fingerprint: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    #: "import" for the project's own catalogue, the one exemption from maker and checker; "staff" for the rest.
    origin: Mapped[str] = mapped_column(String(8))
    submitted_by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class ProductStep(Identified, Base):
    """Who did what to a product or to one of its versions, when and why; never changed."""

    __tablename__ = "product_step"

    product_id: Mapped[int] = mapped_column(BigId, ForeignKey("product.id"), index=True)
    #: The version; None for a step of the product itself.
    number: Mapped[int | None]
    step: Mapped[str] = mapped_column(String(16))
    old_state: Mapped[str] = mapped_column(String(16))
    new_state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    #: None when the system did it.
    by_user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user_account.id"))
    #: Whether the platform's operator did it, who checks where an institution has nobody else.
    by_operator: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime())


class CatalogueCounter(Base):
    """One row: how often the published catalogue has changed. ``stamp`` tells two histories of one number apart."""

    __tablename__ = "catalogue_counter"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    stamp: Mapped[str] = mapped_column(String(LENGTH))


#: What may still happen to a version that people have seen: the next one takes its place.
_AFTERWARDS = {"published": {"retired"}, "retired": set[str]()}


def _refuse_change(_mapper: Mapper[ProductVersion], _connection: Connection, target: ProductVersion) -> None:
    state = inspect(target)
    was = (state.attrs.state.history.deleted or (target.state,))[0]
    changed = {attribute.key for attribute in state.attrs if attribute.history.has_changes()}
    if was in _AFTERWARDS and (changed - {"state"} or target.state not in _AFTERWARDS[was] | {was}):
        raise RuntimeError(f"version {target.number} of product {target.product_id} is published: make a new one")


def _refuse_removal(_mapper: Mapper[Base], _connection: Connection, target: Base) -> None:
    raise RuntimeError(f"{target!r} is history: it is never removed")


def _refuse_another_past(_mapper: Mapper[ProductStep], _connection: Connection, target: ProductStep) -> None:
    raise RuntimeError(f"{target!r} is history: it is never changed")


event.listen(ProductVersion, "before_update", _refuse_change)
event.listen(ProductVersion, "before_delete", _refuse_removal)
event.listen(ProductStep, "before_update", _refuse_another_past)
event.listen(ProductStep, "before_delete", _refuse_removal)
