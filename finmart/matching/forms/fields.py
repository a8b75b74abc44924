"""Fields and choices that several forms of matching share."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectChoice, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation

from finmart.matching.demands.types.values import LEAST_FEN, MOST_FEN, TOO_LITTLE, TOO_MUCH
from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.money import Money, Rate
from finmart.platform.web.errors import say
from finmart.platform.web.language import localized
from finmart.reference import regions
from finmart.reference.facts import FactDefinition

#: A whole number, in wide digits too, that is not longer than anything that is meant.
WHOLE = re.compile(r"-?\d{1,12}")
REQUIRED = lazy_gettext("请填写这一项。")
MAX_TEXT = 1000


def fact_choices(definition: FactDefinition) -> list[SelectChoice]:
    """The codes of a fact in words."""
    return [SelectChoice(c.code, localized(c.label_zh, c.label_en)) for c in definition.choices]


def region_choices() -> list[SelectChoice]:
    """The city's districts and zones, the city itself last."""
    known = (*regions.districts(), *regions.zones(), regions.region(regions.CITY))
    return [SelectChoice(region.code, localized(region.label_zh, region.label_en)) for region in known]


def word_choices(words: Mapping[str, str]) -> list[SelectChoice]:
    """Codes of a table with their words in the reader's language."""
    return [SelectChoice(code, lazy_gettext(text)) for code, text in words.items()]


def told_apart(form: FlaskForm, prefix: str) -> FlaskForm:
    """Give the fields of one of several forms on a page ids of their own; their names stay."""
    for field in form:
        field.id = f"{prefix}-{field.id}"
        field.label.field_id = field.id
    return form


class WholeField(IntegerField):  # type: ignore[misc]  # WTForms carries no types.
    """A whole number within a range; what is none is told in the same sentence as what is outside it.

    ``needed``: what is said of an empty field; without it the field may stay empty.
    """

    data: Any

    def __init__(self, label: Any, *, least: int, most: int, told: Any, needed: Any = None, **options: Any) -> None:
        first = Optional() if needed is None else InputRequired(needed)
        super().__init__(label, [first, NumberRange(least, most, told)], **options)
        self._told = told

    def process_formdata(self, valuelist: list[str]) -> None:
        """Digits alone, perhaps a minus before them: no fraction, no word such as NaN, nothing endless."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text:
            if not WHOLE.fullmatch(text):
                raise ValueError("no whole number")
            self.data = int(text)

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        """Stop at what could not be read; an empty field says that there is no number."""
        if self.process_errors and any(map(str.strip, self.raw_data or ())):
            self.errors.clear()
            raise StopValidation(self._told)


class WanField(StringField):  # type: ignore[misc]  # WTForms carries no types.
    """An amount in 万元; ``fen`` is what it comes to, 0 while nothing is there."""

    fen: int = 0

    def __init__(self, label: Any, validators: Iterable[Any] = (), **options: Any) -> None:
        shown = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(label, [*validators, Length(max=20)], render_kw=shown, **options)

    def pre_validate(self, _form: Any) -> None:
        """Read the amount. Raises ``ValidationError`` with the sentence that says what to do."""
        if not (self.data or "").strip():
            return
        try:
            self.fen = Money.from_wan(self.data).fen
        except BadInput as error:
            raise ValidationError(say(error.message)) from error


class PercentField(StringField):  # type: ignore[misc]
    """A rate in percent; ``ppm`` is what it comes to, 0 while nothing is there."""

    ppm: int = 0

    def __init__(self, label: Any, validators: Iterable[Any] = (), **options: Any) -> None:
        shown = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(label, [*validators, Length(max=12)], render_kw=shown, **options)

    def pre_validate(self, _form: Any) -> None:
        """Read the rate. Raises ``ValidationError`` with the sentence that says what to do."""
        if not (self.data or "").strip():
            return
        try:
            self.ppm = Rate.from_percent(self.data).ppm
        except BadInput as error:
            raise ValidationError(say(error.message)) from error


def must_be_askable(fen: int) -> None:
    """Raise ``ValidationError`` for an amount of 分 that nobody asks for: most often a slip of the unit."""
    if fen <= 0:
        raise ValidationError(lazy_gettext("金额须大于零。"))
    if not LEAST_FEN <= fen <= MOST_FEN:
        raise ValidationError(lazy_gettext(TOO_LITTLE if fen < LEAST_FEN else TOO_MUCH))


def note_field(label: Any, *, required: bool = False, hint: Any = "", rows: int = 3, least: int = 0) -> TextAreaField:
    """Words of somebody; ``least`` is checked by the service, the sentence stands on the form."""
    rules = [InputRequired(REQUIRED)] if required or least else []
    too_long = lazy_gettext("最多 %(most)s 个字，请写短一些。", most=MAX_TEXT)
    return TextAreaField(
        label, [*rules, Length(max=MAX_TEXT, message=too_long)], description=hint, render_kw={"rows": rows}
    )


def wan_text(fen: int) -> str:
    """An amount of 分 as a form shows it: 1200000 万 as ``1.2``."""
    return f"{Money(fen).wan.normalize():f}"


def percent_text(ppm: int) -> str:
    """A rate of ppm as a form shows it: 43500 as ``4.35``."""
    return f"{Rate(ppm).percent.normalize():f}"
