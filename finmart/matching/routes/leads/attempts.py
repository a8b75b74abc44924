"""What happens to a form that asks for a step: the step is taken, or the form says why not."""

from collections.abc import Callable

from flask_wtf import FlaskForm

from finmart.platform.kernel.errors import BadInput, Conflict, NotReady
from finmart.platform.web.edge import start_over
from finmart.platform.web.errors import say, status_of

#: What the page itself explains; whoever may not, or asks for what is not there, gets the house's own page.
EXPLAINED = (BadInput, Conflict, NotReady)
SHAPE = 422


def refusal(form: FlaskForm, act: Callable[[], object]) -> int | None:
    """Do what a form asks; None when it was done, otherwise the status, with the sentence on the form.

    After a refusal nothing that was begun is left: the page is drawn from what stands.
    """
    if not form.validate():
        start_over()
        return SHAPE
    try:
        act()
    except EXPLAINED as error:
        start_over()
        form.form_errors.append(say(error.message))
        return status_of(error)
    return None
