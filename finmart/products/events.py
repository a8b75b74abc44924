"""What the audit trail keeps of products: codes and numbers, never a document."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent


@dataclass(frozen=True, kw_only=True)
class CatalogueImported(AuditEvent):
    """The catalogue's files were published by the system, without a checker; ``target`` is the catalogue version."""

    name: ClassVar[str] = "catalogue.imported"
    institutions: int
    products: int
    published: int
    unchanged: int


@dataclass(frozen=True, kw_only=True)
class ProductPublished(AuditEvent):
    """A version became the one people see; ``target`` is the product's code."""

    name: ClassVar[str] = "product.published"
    version: int
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class ListingConfirmed(AuditEvent):
    """The institution said that its listing is still right; ``target`` is the product's code."""

    name: ClassVar[str] = "product.listing_confirmed"
    version: int
    confirmed_on: date
    confirmed_before: date | None
