"""The question for qualifications: likely ones by topic, everything else folded away behind a search."""

from collections.abc import Iterator

from flask_babel import lazy_gettext
from wtforms import SelectChoice
from wtforms.validators import Optional

from finmart.matching.service.asking import Asker
from finmart.platform.accounts.forms.fields import CheckboxesField
from finmart.platform.web.language import localized
from finmart.reference.facts import FactDefinition
from finmart.reference.qualifications import GROUPS, may_hold, placed

NONE = "none"


class QualificationsField(CheckboxesField):
    """Boxes in two parts: ``likely`` by topic, and ``others``; the answer "none of these" stands last by itself."""

    likely_codes: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def _boxes(self) -> dict[str, object]:
        return {str(option.data): option for option in self}

    @property
    def likely(self) -> Iterator[tuple[str, list[object]]]:
        """Each topic's name with its boxes."""
        boxes = self._boxes()
        for group, codes in self.likely_codes:
            yield localized(*GROUPS[group]), [boxes[code] for code in codes]

    @property
    def others(self) -> list[object]:
        """The boxes that are folded away."""
        shown = {code for _group, codes in self.likely_codes for code in codes} | {NONE}
        return [box for code, box in self._boxes().items() if code not in shown]

    @property
    def none_of_these(self) -> object:
        """The box that denies them all."""
        return self._boxes()[NONE]

    @property
    def others_chosen(self) -> bool:
        """Whether something is ticked that is folded away."""
        shown = {code for _group, codes in self.likely_codes for code in codes} | {NONE}
        return any(code not in shown for code in self.data or ())


def likely_codes(codes: tuple[str, ...], who: Asker) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Codes that ``who`` can hold and some product names, by topic, those that most products name first.

    Where no product names any of them, all that ``who`` can hold.
    """
    can = [code for code in codes if code in placed() and may_hold(code, who.kind)]
    shown = [code for code in can if who.named.get(code)] or can
    by_group = {group: [code for code in shown if placed()[code].group == group] for group in GROUPS}
    found = [
        (group, tuple(sorted(held, key=lambda code: -who.named.get(code, 0))))
        for group, held in by_group.items()
        if held
    ]
    return tuple(sorted(found, key=lambda each: -max(who.named.get(code, 0) for code in each[1])))


def qualifications_field(definition: FactDefinition, who: Asker) -> QualificationsField:
    """The field for the dictionary's ``qualifications``, put to ``who``."""
    choices = [SelectChoice(c.code, localized(c.label_zh, c.label_en)) for c in definition.choices]
    codes = tuple(choice.code for choice in definition.choices)
    kind = type("OwnQualificationsField", (QualificationsField,), {"likely_codes": likely_codes(codes, who)})
    field: QualificationsField = kind(
        localized(definition.question_zh or definition.label_zh, definition.question_en or definition.label_en),
        [Optional()],
        choices=[*choices, SelectChoice(NONE, lazy_gettext("以上都没有"))],
        description=localized(definition.definition_zh, definition.definition_en),
    )
    return field
