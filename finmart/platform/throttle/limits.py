"""Limits of how often somebody may do something, from one network address.

Two rules: a flood of any requests is stopped by each process for itself; what changes something, and what is marked
by ``limit``, is counted by all processes together (``storage``). Both are asked first of all, before anything of the
request is read from the database.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from finmart.platform.throttle import storage

View = TypeVar("View", bound=Callable[..., Any])

#: Any requests, counted by each process.
FLOOD = "1200 per minute"
#: Requests that change something and have no limit of their own, per endpoint. A whole bank may share one address.
POSTS = "300 per minute"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class _Limit:
    text: str
    methods: frozenset[str]


class Limits:
    """What routes mark their limits with, and what the factory binds to the app."""

    def __init__(self) -> None:
        self.flood = Limiter(
            get_remote_address,
            default_limits=[FLOOD],
            storage_uri="memory://",
            key_prefix="flood",
            strategy="fixed-window",
        )
        self.shared = Limiter(
            get_remote_address,
            default_limits=[_text_of_this_request],
            default_limits_exempt_when=_is_free,
            storage_uri=f"{storage.SCHEME}://",
            key_prefix="shared",
            strategy="fixed-window",
            # A database in trouble must not take the limits away: each process then counts for itself.
            in_memory_fallback_enabled=True,
        )

    def limit(self, text: str, *, methods: Collection[str] = ()) -> Callable[[View], View]:
        """At most ``text`` (for example ``10 per minute``) requests by one of ``methods`` (all when empty)."""

        def mark(view: View) -> View:
            view.rate_limit = _Limit(text, frozenset(methods))  # type: ignore[attr-defined]
            return view

        return mark

    def stop_floods(self, app: Flask) -> None:
        """Ask before every request of ``app``, first of all: what has no token of ours must not come for nothing."""
        self.flood.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Ask before every request of ``app`` that changes something, once it is known to come from our pages."""
        self.shared.init_app(app)

    def reset(self) -> None:
        """Forget all counts."""
        self.flood.reset()
        self.shared.reset()


def _stated() -> _Limit | None:
    view = current_app.view_functions.get(request.endpoint or "")
    stated: _Limit | None = getattr(view, "rate_limit", None)
    if stated is not None and (not stated.methods or request.method in stated.methods):
        return stated
    return None


def _text_of_this_request() -> str:
    stated = _stated()
    return POSTS if stated is None else stated.text


def _is_free() -> bool:
    return _stated() is None and request.method in _READING
