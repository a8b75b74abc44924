"""Questions about facts, each as the field its kind asks for."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from finmart.matching.forms.fields import fact_choices, region_choices
from finmart.matching.forms.qualifications import qualifications_field
from finmart.matching.service.asking import QUALIFICATIONS, Asker
from finmart.platform.accounts.forms.fields import CheckboxesField
from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.money import Money
from finmart.platform.web.errors import say
from finmart.platform.web.language import localized
from finmart.reference.definitions import plain
from finmart.reference.facts import FactDefinition, facts
from finmart.reference.industries import find, named

CLASS_LEVEL = 4
#: Characters; the longest name of a class has 18 in Chinese.
LONGEST_NAME = 60
MOST_INTEGER = 10_000_000
#: So many industries are offered when several carry the word that was typed.
MOST_NEAR = 6

#: Whole numbers, the unit said beside the field.
UNITS: Mapping[str, Any] = {
    "money": lazy_gettext("万元"),
    "ratio": "%",
    "years": lazy_gettext("年"),
    "months": lazy_gettext("个月"),
    "days": lazy_gettext("天"),
}
_WHOLE = frozenset({"count", "years", "months", "days"})
#: Kinds that an applicant can answer in a form; a series or a free text is not asked.
ASKED_KINDS = _WHOLE | {"money", "ratio", "code", "codes", "flag", "date", "region", "industry"}


def _class_meant(typed: str | None) -> str | None:
    """The code of the class that is meant by its code, its name or a word that one class alone has; else as typed."""
    words = (typed or "").strip()
    found = named(words)
    return found[0].code if len(found) == 1 else words


def _known_class(_form: Any, field: StringField) -> None:
    words = field.data or ""
    known = find(words)
    if known is not None and known.level == CLASS_LEVEL:
        return
    # “养猪” names no class; its last character, what is raised, grown or sold, leads to “猪的饲养”.
    near = (named(words) or named(words[-1:]))[:MOST_NEAR]
    if near:
        offered = "、".join(f"{one.code} {localized(one.label_zh, one.label_en)}" for one in near)
        raise ValidationError(lazy_gettext("请写明是哪一个，填代码或全名，例如：%(offered)s。", offered=offered))
    raise ValidationError(lazy_gettext("没有找到这个行业。请换一个词，例如“茶叶”“餐饮”，或填四位代码，例如 5292。"))


def _number(_form: Any, field: StringField) -> None:
    try:
        Money.from_wan(field.data or "")
    except BadInput as error:
        raise ValidationError(say(error.message)) from error


def _field(definition: FactDefinition) -> Field:
    question = localized(definition.question_zh or definition.label_zh, definition.question_en or definition.label_en)
    text = localized(plain(definition.definition_zh), plain(definition.definition_en))
    if definition.kind in _WHOLE:
        limits = NumberRange(0, MOST_INTEGER, lazy_gettext("请填写不小于 0 的整数。"))
        return IntegerField(question, [Optional(), limits], description=text, render_kw={"inputmode": "numeric"})
    if definition.kind in ("money", "ratio"):
        return StringField(
            question, [Optional(), Length(max=20), _number], description=text, render_kw={"inputmode": "decimal"}
        )
    if definition.kind == "flag":
        yes_no = [SelectChoice("yes", lazy_gettext("是")), SelectChoice("no", lazy_gettext("否"))]
        return RadioField(question, [Optional()], choices=yes_no, description=text)
    if definition.kind == "codes":
        none = SelectChoice("none", lazy_gettext("以上都没有"))
        return CheckboxesField(question, [Optional()], choices=[*fact_choices(definition), none], description=text)
    if definition.kind == "date":
        return DateField(question, [Optional()], description=text)
    if definition.kind == "industry":
        shown = {
            "list": "industries",
            "autocomplete": "off",
            "placeholder": lazy_gettext("输入行业名称，例如：茶叶种植"),
        }
        rules = [Optional(), Length(max=LONGEST_NAME), _known_class]
        return StringField(question, rules, filters=[_class_meant], description=text, render_kw=shown)
    offered = region_choices() if definition.kind == "region" else fact_choices(definition)
    unsaid = SelectChoice("", lazy_gettext("先不回答"))
    return SelectField(question, [Optional()], choices=[unsaid, *offered], description=text)


def _commitment() -> BooleanField:
    return BooleanField(
        lazy_gettext("我承诺以上填写真实，并知道会注明“自报”，机构会核实。"),
        [InputRequired(lazy_gettext("请先确认承诺，再提交。"))],
    )


def field_name(key: str) -> str:
    """A fact's key as the name of a form's field."""
    return "fact__" + key.replace(".", "__")


class AnswersForm(FlaskForm):  # type: ignore[misc]
    """Answers to questions about facts; every one may stay open, the commitment may not."""

    keys: tuple[str, ...] = ()
    commitment: BooleanField

    def answers(self) -> dict[str, str]:
        """key → answer as text, for the questions that were answered."""
        found = {key: _text(self[field_name(key)].data) for key in self.keys}
        return {key: text for key, text in found.items() if text}

    def unit(self, key: str) -> Any:
        """The unit said beside a question's field."""
        return UNITS.get(facts()[key].kind)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "none" if "none" in value else ";".join(value)
    return str(value).strip()


def answers_form(keys: Iterable[str], who: Asker) -> AnswersForm:
    """A form that asks ``who`` for the facts ``keys``, in their order; those that no form can ask for are left out."""
    asked = tuple(key for key in keys if key in facts() and facts()[key].kind in ASKED_KINDS)
    fields: dict[str, Any] = {field_name(key): _field(facts()[key]) for key in asked}
    if QUALIFICATIONS in asked:
        fields[field_name(QUALIFICATIONS)] = qualifications_field(facts()[QUALIFICATIONS], who)
    # Made last: a form keeps its fields, and says what is wrong with them, in the order in which they were made.
    fields["commitment"] = _commitment()
    form: AnswersForm = type("AnswersForm", (AnswersForm,), {**fields, "keys": asked})()
    return form
