"""Recording events in the change's own transaction, and reading them back."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from finmart.platform.audit.events import AuditEvent
from finmart.platform.audit.models import AuditRow
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.db.session import session
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now

#: The id that the edge gave to the request, job or command under way; it stands in log lines and audit rows.
request_id: ContextVar[str] = ContextVar("finmart_request_id", default="")


@dataclass(frozen=True)
class AuditFilter:
    """Which rows to list: ``name`` and ``target`` are exact, empty means all."""

    name: str = ""
    target: str = ""


@dataclass(frozen=True)
class AuditEntry:
    """One recorded event as it is read back: who, what, to which thing, when, on which basis, in which request."""

    at: datetime
    name: str
    target: str
    actor: str
    role: str | None
    basis: str
    request_id: str
    payload: Mapping[str, Any]


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(row.at, row.name, row.target, row.actor, row.role, row.basis, row.request_id, row.payload)


def record(actor: Actor, event: AuditEvent) -> None:
    """Write ``event`` beside the change it speaks of; both are committed together or not at all."""
    session().add(
        AuditRow(
            at=now(),
            name=event.name,
            target=event.target,
            actor=actor.label,
            user_id=actor.user_id,
            organisation_id=actor.organisation_id,
            role=actor.role,
            basis=actor.basis,
            request_id=request_id.get(),
            payload=event.payload(),
        )
    )


def list_events(actor: Actor, which: AuditFilter, *, limit: int = 50, offset: int = 0) -> list[AuditEntry]:
    """The newest rows first. Raises ``PermissionMissing``."""
    require(actor, Permission.ALL_AUDIT_READ)
    query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit).offset(offset)
    if which.name:
        query = query.where(AuditRow.name == which.name)
    if which.target:
        query = query.where(AuditRow.target == which.target)
    return [_entry(row) for row in session().scalars(query)]


def event_names(actor: Actor) -> list[str]:
    """The distinct event names that occur, for a filter."""
    require(actor, Permission.ALL_AUDIT_READ)
    return list(session().scalars(select(AuditRow.name).distinct().order_by(AuditRow.name)))
