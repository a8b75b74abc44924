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
class ListingValiditySet(AuditEvent):
    """The institution stated the last day of a listing; ``target`` is the product's code."""

    name: ClassVar[str] = "product.validity_set"
    old: date | None
    new: date | None


@dataclass(frozen=True, kw_only=True)
class ListingConfirmed(AuditEvent):
    """The institution, or the operator for one without a desk, said that a listing is right; ``target`` is its code."""

    name: ClassVar[str] = "product.listing_confirmed"
    version: int
    confirmed_on: date
    confirmed_before: date | None
    by_operator: bool


@dataclass(frozen=True, kw_only=True)
class ProfileConfirmed(AuditEvent):
    """Somebody said that an institution's page is right; ``target`` is the institution's code."""

    name: ClassVar[str] = "institution.profile_confirmed"
    confirmed_on: date
    confirmed_before: date | None
    by_operator: bool


@dataclass(frozen=True, kw_only=True)
class ProfileValiditySet(AuditEvent):
    """The institution stated the last day of what its page says; ``target`` is its code."""

    name: ClassVar[str] = "institution.profile_validity_set"
    old: date | None
    new: date | None


@dataclass(frozen=True, kw_only=True)
class ProductDraftSaved(AuditEvent):
    """A draft was written; ``target`` is the product's code. ``source`` is ``form`` or ``file``."""

    name: ClassVar[str] = "product.draft_saved"
    version: int
    created: bool
    source: str
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class ProductSubmitted(AuditEvent):
    """A draft waits for a checker; ``target`` is the product's code."""

    name: ClassVar[str] = "product.submitted"
    version: int
    fingerprint: str
    members_told: int


@dataclass(frozen=True, kw_only=True)
class ProductRecalled(AuditEvent):
    """The makers took a submitted draft back; ``target`` is the product's code."""

    name: ClassVar[str] = "product.recalled"
    version: int


@dataclass(frozen=True, kw_only=True)
class ProductSentBack(AuditEvent):
    """The checker wants it changed; ``target`` is the product's code, the reason stands in the product's steps."""

    name: ClassVar[str] = "product.sent_back"
    version: int
    by_operator: bool


@dataclass(frozen=True, kw_only=True)
class ProductDraftDiscarded(AuditEvent):
    """A draft was given up; ``target`` is the product's code."""

    name: ClassVar[str] = "product.draft_discarded"
    version: int
    old_state: str


@dataclass(frozen=True, kw_only=True)
class ProductApproved(AuditEvent):
    """The second pair of eyes said yes; ``target`` is the product's code, ``replaced`` the version before."""

    name: ClassVar[str] = "product.approved"
    version: int
    replaced: int | None
    fingerprint: str
    submitted_by: int | None
    by_operator: bool


@dataclass(frozen=True, kw_only=True)
class ProductSuspended(AuditEvent):
    """Taken from the shelf for a while, or planned to be; ``target`` is the product's code."""

    name: ClassVar[str] = "product.suspended"
    old_state: str
    state: str
    suspended_from: date
    suspended_until: date | None


@dataclass(frozen=True, kw_only=True)
class ProductResumed(AuditEvent):
    """Back on the shelf, or its planned suspension cancelled; ``target`` is the product's code."""

    name: ClassVar[str] = "product.resumed"
    old_state: str
    version: int


@dataclass(frozen=True, kw_only=True)
class ProductWithdrawn(AuditEvent):
    """Taken from the shelf for good; ``target`` is the product's code."""

    name: ClassVar[str] = "product.withdrawn"
    old_state: str
    version: int


@dataclass(frozen=True, kw_only=True)
class ProductReported(AuditEvent):
    """Somebody says that a page is wrong; ``target`` is the report."""

    name: ClassVar[str] = "product.reported"
    product: str
    version: int
    kind: str
    desk: str


@dataclass(frozen=True, kw_only=True)
class ProductReportAnswered(AuditEvent):
    """A report was answered or closed; ``target`` is the report."""

    name: ClassVar[str] = "product.report_answered"
    product: str
    old_state: str
    state: str
    by_operator: bool
