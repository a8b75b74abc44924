"""Choices that several lists of the desk offer."""

from flask_babel import gettext as _
from wtforms import SelectChoice

from finmart.platform.accounts.types.kinds import ORGANISATION_WORDS


def kind_choices() -> list[SelectChoice]:
    """All sides of the platform, or one."""
    return [
        SelectChoice("", _("全部")),
        *(SelectChoice(kind.value, _(words)) for kind, words in ORGANISATION_WORDS.items()),
    ]
