"""Answers to questions about facts, kept by whichever page asked them."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from finmart.matching.forms.answers import AnswersForm
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.errors import say, status_of


def kept_or_status(form: AnswersForm, keep: Callable[[Mapping[str, str]], object]) -> int | None:
    """Give what was answered to ``keep``. None when it is kept; else the status of the page that shows the form again.

    Why it was refused stands in the form.
    """
    if not form.is_submitted():
        return 200
    if not form.validate():
        return 422
    if not form.answers():
        form.form_errors.append(_("请至少回答一个问题。"))
        return 422
    try:
        keep(form.answers())
    except FinmartError as error:
        form.form_errors.append(say(error.message))
        return status_of(error)
    return None
