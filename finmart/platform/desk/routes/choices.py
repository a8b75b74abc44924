"""Choices that several pages of the desk offer."""

from flask_babel import gettext as _
from wtforms import SelectChoice

from finmart.platform.accounts.types.kinds import ORGANISATION_WORDS
from finmart.platform.web.language import localized
from finmart.reference import regions


def kind_choices() -> list[SelectChoice]:
    """All sides of the platform, or one."""
    return [
        SelectChoice("", _("全部")),
        *(SelectChoice(kind.value, _(words)) for kind, words in ORGANISATION_WORDS.items()),
    ]


def region_choices(nothing: str) -> list[SelectChoice]:
    """The city, its districts and its zones; ``nothing`` says what none of them means."""
    places = (regions.region(regions.CITY), *regions.districts(), *regions.zones())
    return [
        SelectChoice("", nothing),
        *(SelectChoice(place.code, localized(place.label_zh, place.label_en)) for place in places),
    ]
