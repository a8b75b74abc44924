"""What several pages of accounts do with a request: name the device, refuse on the form, begin a session."""

from datetime import datetime
from typing import Any

from flask import redirect, request, session, url_for
from flask_login import login_user
from werkzeug.wrappers import Response

from finmart.platform.accounts.service.sessions import load_actor
from finmart.platform.accounts.types.contacts import device_label
from finmart.platform.accounts.types.second_factor import SecondStep
from finmart.platform.accounts.types.values import Device, OpenSession
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web import navigation
from finmart.platform.web.actor import SignedIn
from finmart.platform.web.errors import say, status_of
from finmart.platform.web.language import choose, current_language
from finmart.platform.web.routes import safe_address

#: Where the cookie keeps that a password was right.
SECOND_STEP = "second_step"


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
    return redirect(safe_address(target) if target and not actor.must_enrol else first_page(actor))


def ask_second_step(step: SecondStep, target: str | None = None) -> Response:
    """To the page that asks for the code; this browser keeps, signed, that the password was right, and when."""
    session[SECOND_STEP] = {"user": step.user_public_id, "at": step.begun_at.isoformat(), "next": target or ""}
    return redirect(url_for("accounts.second_step"))


def second_step() -> tuple[SecondStep, str] | None:
    """What this browser still owes, and the page it wanted; None when no password was given in it."""
    kept = session.get(SECOND_STEP)
    if not isinstance(kept, dict):
        return None
    return SecondStep(kept["user"], datetime.fromisoformat(kept["at"])), kept["next"]


def first_page(actor: Actor) -> str:
    """Where the actor begins: at the second factor while one is missing, else at the first entry of the menu."""
    return url_for("accounts.second_factor") if actor.must_enrol else navigation.first_page(actor)
