"""The few errors that have a meaning for whoever is at the door; everything else is a defect.

A domain names its own errors under one of these, so that one table (``web.errors``, and the command line's edge)
turns each into a status, a sentence and what to do.
"""

from typing import Any

from finmart.platform.kernel.messages import Message


class FinmartError(Exception):
    """Base of all expected errors: ``msgid`` is one clear Chinese sentence with ``{name}`` placeholders."""

    def __init__(self, msgid: str, **params: Any) -> None:
        self.message = Message(msgid, params)
        super().__init__(str(self.message))


class BadInput(FinmartError):
    """What was given cannot be used as it is (HTTP 400)."""


class NotAllowed(FinmartError):
    """The actor may not do this (HTTP 403)."""


class NotFound(FinmartError):
    """There is no such thing, or the actor may not know that there is (HTTP 404)."""


class Conflict(FinmartError):
    """It was possible when the page was loaded and is not any more (HTTP 409)."""


class NotReady(FinmartError):
    """Something this depends on is missing or still under way (HTTP 503)."""
