"""What the audit trail keeps of policies: codes, versions and dates, never a text."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent


@dataclass(frozen=True, kw_only=True)
class PoliciesLoaded(AuditEvent):
    """The project's own policy files were published by the system; ``target`` is the catalogue version."""

    name: ClassVar[str] = "policy.loaded"
    policies: int
    published: int
    unchanged: int


@dataclass(frozen=True, kw_only=True)
class PolicyPublished(AuditEvent):
    """A version became the one people see; ``target`` is the policy's code."""

    name: ClassVar[str] = "policy.published"
    version: int
    replaced: int | None
    fingerprint: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, kw_only=True)
class PolicyEnded(AuditEvent):
    """The operator noted the last day of a policy; ``target`` is the policy's code."""

    name: ClassVar[str] = "policy.ended"
    version: int
    old_valid_until: date | None
    valid_until: date
