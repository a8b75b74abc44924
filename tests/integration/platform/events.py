"""An audit event that only tests use."""

from dataclasses import dataclass
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent


@dataclass(frozen=True, kw_only=True)
class SomethingHappened(AuditEvent):
    """Something happened, that much."""

    name: ClassVar[str] = "thing.happened"
    how_much: int
