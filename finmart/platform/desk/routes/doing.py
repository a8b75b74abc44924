"""What every form of the desk does: act when it is filled in well, else say what is wrong on the form itself."""

from collections.abc import Callable
from typing import Any

from finmart.platform.kernel.errors import BadInput, Conflict, NotReady
from finmart.platform.web.errors import say, status_of

#: A form whose shape is wrong (RFC 9110: the content is understood and cannot be processed).
WRONG_SHAPE = 422


def attempt(form: Any, act: Callable[[], object]) -> int | None:
    """Run ``act`` when ``form`` is valid. None when it went well, else the status with which to show the form."""
    if not form.validate_on_submit():
        return WRONG_SHAPE
    try:
        act()
    except (BadInput, Conflict, NotReady) as error:
        form.form_errors.append(say(error.message))
        return status_of(error)
    return None
