"""Forms of policies: the figures an amount is worked out of, and what the operator publishes."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.i18n import Translations, translations
from werkzeug.datastructures import MultiDict
from wtforms import (
    DateField,
    Field,
    Form,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.meta import DefaultMeta
from wtforms.validators import InputRequired, Length, Optional, Regexp

from finmart.conditions.types import Value
from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.money import Money
from finmart.platform.web.errors import say
from finmart.platform.web.language import localized
from finmart.reference.facts import FactDefinition, fact

REQUIRED = lazy_gettext("请填写这一项。")
#: Digits of the largest count that is taken.
MOST_DIGITS = 7
#: What an amount is said in beside its field.
UNITS: Mapping[str, Any] = {"money": lazy_gettext("万元"), "days": lazy_gettext("天"), "years": lazy_gettext("年")}


def _money(_form: Any, field: StringField) -> None:
    """An amount in 万元 of at least zero. Raises ``ValidationError``."""
    try:
        amount = Money.from_wan(field.data or "")
    except BadInput as error:
        raise ValidationError(say(error.message)) from error
    if amount.fen < 0:
        raise ValidationError(lazy_gettext("金额不能小于零。"))


def _whole(_form: Any, field: StringField) -> None:
    """A whole number of at least zero. Raises ``ValidationError``."""
    text = (field.data or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise ValidationError(lazy_gettext("请填写 0 到 9999999 之间的整数。"))


def _field(definition: FactDefinition) -> Field:
    name = localized(definition.label_zh, definition.label_en)
    text = localized(definition.definition_zh, definition.definition_en)
    if definition.kind == "money":
        shown = {"inputmode": "decimal", "autocomplete": "off"}
        return StringField(name, [InputRequired(REQUIRED), Length(max=24), _money], description=text, render_kw=shown)
    if definition.kind == "flag":
        yes_no = [SelectChoice("yes", lazy_gettext("是")), SelectChoice("no", lazy_gettext("否"))]
        return RadioField(name, [InputRequired(REQUIRED)], choices=yes_no, description=text)
    shown = {"inputmode": "numeric", "autocomplete": "off"}
    return StringField(name, [InputRequired(REQUIRED), _whole], description=text, render_kw=shown)


def _name(key: str) -> str:
    return "figure__" + key.replace(".", "__")


class _PlainMeta(DefaultMeta):  # type: ignore[misc]  # WTForms carries no types.
    """WTForms' own sentences in the reader's language, as a ``FlaskForm`` has them."""

    def get_translations(self, _form: Form) -> Translations:
        """Those of this request's language."""
        return translations


class FiguresForm(Form):  # type: ignore[misc]
    """The figures of one clause's formula; it changes nothing, so it is sent by GET and needs no token."""

    Meta = _PlainMeta
    keys: tuple[str, ...] = ()

    def figures(self) -> dict[str, Value]:
        """key → value in 分, counts, days or truth."""
        return {key: _value(fact(key), self[_name(key)].data) for key in self.keys}

    def unit(self, key: str) -> Any:
        """The unit said beside a figure's field."""
        return UNITS.get(fact(key).kind)

    def field_of(self, key: str) -> Field:
        """The field of a figure."""
        return self[_name(key)]


def _value(definition: FactDefinition, given: Any) -> Value:
    if definition.kind == "money":
        return Money.from_wan(given).fen
    return given == "yes" if definition.kind == "flag" else int(given)


def figures_form(keys: tuple[str, ...], arguments: MultiDict[str, str], *, then: bool) -> FiguresForm:
    """A form for the figures ``keys``; ``then`` asks besides for the day of the past that is meant."""
    fields: dict[str, Any] = {_name(key): _field(fact(key)) for key in keys}
    if then:
        fields["on"] = DateField(lazy_gettext("按哪一天计算"), [InputRequired(REQUIRED)])
    given = any(name in arguments for name in (*fields, "go"))
    form: FiguresForm = type("FiguresForm", (FiguresForm,), {**fields, "keys": keys})(arguments if given else None)
    return form


_TEXT = Length(max=1000, message=lazy_gettext("太长，请控制在 1000 个字以内。"))
_REASON = Length(min=4, max=500, message=lazy_gettext("请写明原因，4 到 500 个字。"))


def _words(name: Any, *, hint: Any = "", rows: int = 2) -> TextAreaField:
    return TextAreaField(name, [Optional(), _TEXT], description=hint, render_kw={"rows": rows})


class PolicyForm(FlaskForm):  # type: ignore[misc]
    """What a new version of a policy says of the document; ``seen`` is the version that was read."""

    seen = HiddenField()
    title_zh = StringField(lazy_gettext("标题"), [InputRequired(REQUIRED), Length(max=200)])
    title_en = StringField(lazy_gettext("英文标题"), [Optional(), Length(max=200)])
    doc_no = StringField(lazy_gettext("文号"), [Optional(), Length(max=100)])
    valid_from = DateField(lazy_gettext("生效日期"), [InputRequired(REQUIRED)])
    valid_to = DateField(
        lazy_gettext("最后有效日"), [Optional()], description=lazy_gettext("文件没有写明就留空；当天仍然有效。")
    )
    valid_to_zh = StringField(
        lazy_gettext("有效期原文"), [Optional(), Length(max=200)], description=lazy_gettext("照文件原文填写。")
    )
    departments = StringField(
        lazy_gettext("主管部门"), [Optional(), Length(max=300)], description=lazy_gettext("多个部门用分号分开。")
    )
    beneficiary_zh = _words(lazy_gettext("适用对象原文"))
    cap_zh = _words(lazy_gettext("上限原文"))
    stacking_zh = _words(lazy_gettext("叠加规则原文"))
    evidence_zh = _words(lazy_gettext("材料与依据原文"))
    apply_zh = _words(lazy_gettext("怎样申请（原文）"))
    reason = TextAreaField(
        lazy_gettext("发布原因"),
        [InputRequired(REQUIRED), _REASON],
        description=lazy_gettext("会留在这项政策的历史中，例如：主管部门发文延长一年。"),
        render_kw={"rows": 3},
    )


class NewPolicyForm(PolicyForm):
    """A policy that is not here yet, with its first clause in words."""

    code = StringField(
        lazy_gettext("编号"),
        [
            InputRequired(REQUIRED),
            Regexp(r"^[A-Z0-9][A-Z0-9-]{1,30}\Z", message=lazy_gettext("请用大写字母、数字和连字符。")),
        ],
        description=lazy_gettext("例如 NC-2027-01；发布后不能改。"),
    )
    level = SelectField(lazy_gettext("政策层级"), [InputRequired(REQUIRED)])
    kind = SelectField(lazy_gettext("适用对象"), [InputRequired(REQUIRED)])
    rule_zh = TextAreaField(lazy_gettext("条文原文"), [InputRequired(REQUIRED), _TEXT], render_kw={"rows": 4})


class EndForm(FlaskForm):  # type: ignore[misc]
    """The last day of a policy and why."""

    seen = HiddenField()
    last = DateField(lazy_gettext("最后有效日"), [InputRequired(REQUIRED)], description=lazy_gettext("当天仍然有效。"))
    reason = TextAreaField(
        lazy_gettext("失效原因"),
        [InputRequired(REQUIRED), _REASON],
        description=lazy_gettext("写明依据的文件。"),
        render_kw={"rows": 3},
    )
