"""What several pages of accounts do with a request: name the device, refuse on the form, begin a session."""

from typing import Any

from flask import current_app, redirect, request, session, url_for
from flask_login import login_user
from werkzeug.wrappers import Response

from finmart.platform.accounts.service.sessions import load_actor
from finmart.platform.accounts.types.contacts import device_label
from finmart.platform.accounts.types.values import Device, OpenSession
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.actor import SignedIn
from finmart.platform.web.errors import say, status_of
from finmart.platform.web.language import choose, current_language
from finmart.platform.web.menu import menu_for
from finmart.platform.web.routes import safe_address


def this_device() -> Device:
    """The browser of this request, in a few words, and its address."""
    return Device(label=device_label(request.user_agent.string), address=request.remote_addr or "")


def refuse(form: Any, error: FinmartError, *, field: Any = None) -> int:
    """Say ``error`` beside ``field``, or at the top of ``form``; the status that goes with it."""
    if field is None:
        form.form_errors.append(say(error.message))
    else:
        field.errors = [*field.errors, say(error.message)]
    return status_of(error)


def begin(opened: OpenSession, target: str | None = None) -> Response:
    """Give this browser the session just opened, and go to ``target`` on our own site or to the person's first page.

    What the cookie held before is dropped (session fixation); the choice of a language is kept.
    """
    language = current_language()
    session.clear()
    choose(language)
    actor = load_actor(opened.token)
    if actor is None:
        return redirect(url_for("accounts.sign_in"))
    login_user(SignedIn(opened.token, actor))
    return redirect(safe_address(target) if target else first_page(actor))


def first_page(actor: Actor) -> str:
    """The address of the first entry in the actor's menu; the front page where there is none."""
    items = menu_for(current_app, actor)
    return url_for(items[0].endpoint if items else "web.home")
