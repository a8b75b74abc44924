"""What can be recorded: a domain subclasses ``AuditEvent`` with exact fields, old and new values among them."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True)
class AuditEvent:
    """One thing that happened. ``name`` is ``noun.verb``; ``target`` is the public id of what it happened to.

    Fields carry no personal and no credit data: ids, states, counts, reasons' codes.
    """

    name: ClassVar[str] = ""
    target: str

    def payload(self) -> dict[str, Any]:
        """The event's own fields, ready for JSON."""
        values = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "target"}
        return {
            key: value.isoformat() if isinstance(value, date | datetime) else value for key, value in values.items()
        }
