"""What the audit trail keeps of a demand: ids, states and codes."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from finmart.platform.audit.events import AuditEvent


@dataclass(frozen=True, kw_only=True)
class DemandSaved(AuditEvent):
    """A demand was written down; ``target`` is the demand."""

    name: ClassVar[str] = "demand.saved"
    state: str


@dataclass(frozen=True, kw_only=True)
class DemandMoved(AuditEvent):
    """A demand took a step; ``target`` is the demand, ``reason`` a code."""

    name: ClassVar[str] = "demand.moved"
    step: str
    old_state: str
    new_state: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ClockStarted(AuditEvent):
    """Somebody became responsible; ``target`` is the demand. ``provisional``: that year's calendar is not known."""

    name: ClassVar[str] = "demand.clock_started"
    kind: str
    owner: str
    due_on: date
    provisional: bool


@dataclass(frozen=True, kw_only=True)
class ClockReminded(AuditEvent):
    """The owner of a clock that ran out was reminded; ``target`` is the demand."""

    name: ClassVar[str] = "demand.clock_reminded"
    kind: str
    owner: str
    due_on: date
