"""A request's edge: one unit of work, committed on success, with an id in every log line and audit row."""

from contextlib import AbstractContextManager
from typing import Any

import structlog
from flask import Flask, Response, g, request
from sqlalchemy.orm import Session

from finmart.platform.audit.service import request_id
from finmart.platform.db.session import unit_of_work
from finmart.platform.kernel.ids import public_id
from finmart.platform.web.refusals import record_refusal

READING = frozenset({"GET", "HEAD", "OPTIONS"})

log = structlog.get_logger(__name__)


class _RolledBack(Exception):
    """Leaves a unit of work without a commit."""


def keep_changes() -> None:
    """Commit although the answer is an error: a failed sign-in must be counted even so."""
    g.keep_changes = True


def _open() -> None:
    g.request_id_token = request_id.set(public_id())
    structlog.contextvars.bind_contextvars(request=request_id.get())
    if request.endpoint in {"static", "bootstrap.static"}:
        return
    unit = unit_of_work(readonly=request.method in READING)
    unit.__enter__()
    g.unit = unit


def _close(error: BaseException | None) -> None:
    unit: AbstractContextManager[Session] | None = g.pop("unit", None)
    if unit is None:
        return
    if error is None:
        unit.__exit__(None, None, None)
        return
    try:
        unit.__exit__(type(error), error, None)
    except type(error):
        return


def start_over() -> None:
    """Give up what this request has begun to write, and go on as a reader.

    A form that was refused, or is only being looked at, is shown on what stands; what the page shows on the way and
    must be recorded (DECISIONS 20) is then recorded although the request itself changes nothing.
    """
    _close(_RolledBack())
    unit = unit_of_work(readonly=True)
    unit.__enter__()
    g.unit = unit


def _finish(response: Response) -> Response:
    good = response.status_code < 400 or g.get("keep_changes", False)
    _close(None if good else _RolledBack())
    if not good:
        record_refusal(response)
    return response


def _tidy(error: BaseException | None) -> None:
    # Reached with a unit still open only when no response could be made.
    _close(error or _RolledBack())
    token: Any = g.pop("request_id_token", None)
    if token is not None:
        request_id.reset(token)
    structlog.contextvars.clear_contextvars()


def open_units_of_work(app: Flask) -> None:
    """Give every request of ``app`` its unit of work. Must be the first ``before_request``."""
    app.before_request(_open)
    app.after_request(_finish)
    app.teardown_request(_tidy)
