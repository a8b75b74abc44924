"""Every endpoint says who may call it, or the app does not start. Asked before the view runs, in one place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, request, session, url_for
from werkzeug.wrappers import Response

from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.errors import NotAllowed
from finmart.platform.kernel.messages import N_
from finmart.platform.web.actor import current_actor

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """Who may call an endpoint: anyone, anyone signed in, or roles with ``permission``."""

    signed_in: bool
    permission: Permission | None = None
    #: Also for people who have not set up the second factor that their role needs.
    before_enrolment: bool = False

    @property
    def label(self) -> str:
        """The word the access table uses."""
        if self.permission is not None:
            return self.permission.value
        return "signed-in" if self.signed_in else "public"


def _mark(view: View, access: Access) -> View:
    if hasattr(view, "access"):
        raise TypeError(f"{view.__name__} states its access twice")
    view.access = access  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Anyone may call this."""
    return _mark(view, Access(signed_in=False))


def signed_in(view: View) -> View:
    """Anyone who is signed in may call this."""
    return _mark(view, Access(signed_in=True))


def signed_in_before_enrolment(view: View) -> View:
    """Anyone who is signed in, even while the second factor of their role is missing."""
    return _mark(view, Access(signed_in=True, before_enrolment=True))


def requires(permission: Permission) -> Callable[[View], View]:
    """Only roles that carry ``permission`` may call this."""

    def mark(view: View) -> View:
        return _mark(view, Access(signed_in=True, permission=permission))

    return mark


#: Endpoints made by Flask and extensions: files that everyone may read.
_FILES = frozenset({"static", "bootstrap.static"})


def access_of(app: Flask, endpoint: str) -> Access:
    """The access an endpoint states. Raises ``LookupError`` when it states none."""
    if endpoint in _FILES:
        return Access(signed_in=False)
    access = getattr(app.view_functions[endpoint], "access", None)
    if access is None:
        raise LookupError(f"{endpoint} does not say who may call it: add @public, @signed_in or @requires")
    return access  # type: ignore[no-any-return]


def _ask() -> Response | None:
    if request.endpoint is None or request.endpoint in _FILES:
        return None
    access = access_of(current_app, request.endpoint)
    actor = current_actor()
    if access.signed_in and not actor.is_signed_in:
        return _to_sign_in()
    if access.signed_in and actor.must_enrol and not access.before_enrolment:
        if request.headers.get("HX-Request") or request.method != "GET":
            raise NotAllowed(N_("请先设置两步验证，再继续。"))
        return redirect(url_for("accounts.second_factor"))
    if access.permission is not None:
        require(actor, access.permission)
    return None


def _to_sign_in() -> Response:
    """To the sign-in page and back to this one; what a form held cannot be taken along, the page it stood on can."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    page = urlsplit(request.referrer or "")
    # Whoever was signed in until just now (Flask-Login keeps the token) is not told off.
    if "_user_id" not in session or request.headers.get("HX-Request") or page.netloc != request.host:
        raise NotAllowed(N_("请先登录，再继续。"))
    return redirect(url_for("accounts.sign_in", next=page.path or "/"), 303)


def guard(app: Flask) -> None:
    """Check that every endpoint states its access, and ask before every request."""
    for endpoint in app.view_functions:
        access_of(app, endpoint)
    app.before_request(_ask)
