"""What was refused is audited, although nothing of it is kept: who tried what, to which thing, and why not."""

import re
from dataclasses import dataclass
from typing import ClassVar

import structlog
from flask import Response, g, has_request_context, request
from sqlalchemy.exc import SQLAlchemyError

from finmart.platform.audit.events import AuditEvent
from finmart.platform.audit.service import record
from finmart.platform.db.session import unit_of_work
from finmart.platform.kernel.errors import BadInput, Conflict
from finmart.platform.web.actor import current_actor

#: A part of an address that may be kept: an id of ours, never a token.
_ID = re.compile(r"^[A-Za-z0-9_-]{1,64}$")
_READING = frozenset({"GET", "HEAD", "OPTIONS"})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class RequestRefused(AuditEvent):
    """A request was refused by rule; ``target`` is the thing it spoke of, ``error`` names the rule."""

    name: ClassVar[str] = "request.refused"
    endpoint: str
    error: str
    status: int


def note_refusal(error: Exception) -> None:
    """Remember why this request is being refused; ``record_refusal`` writes it once the request's unit is closed."""
    if has_request_context():
        g.refusal = error


def record_refusal(response: Response) -> None:
    """Write the refusal noted in this request in a transaction of its own; a form filled in wrongly is none.

    Nothing here may spoil the answer: a database in trouble is logged.
    """
    error: Exception | None = g.pop("refusal", None)
    if error is None or not 400 <= response.status_code < 500:
        return
    try:
        with unit_of_work():
            actor = current_actor()
            if actor.is_signed_in or _matters(error):
                event = RequestRefused(
                    target=_target(),
                    endpoint=(request.endpoint or "")[:64],
                    error=type(error).__name__,
                    status=response.status_code,
                )
                record(actor, event)
    except SQLAlchemyError as failure:
        log.error("refusal_not_recorded", error=type(failure).__name__)


def _matters(error: Exception) -> bool:
    """Whether a visitor's refusal is worth a row: looking for pages that do not exist is not, trying a link is."""
    tries_a_link = "token" in (request.view_args or {})
    return request.method not in _READING or tries_a_link or isinstance(error, BadInput | Conflict)


def _target() -> str:
    ids = (value for name, value in (request.view_args or {}).items() if name.endswith("public_id"))
    return next((str(value) for value in ids if _ID.match(str(value))), "")
