"""What an institution and the operator send: contact, opinion, materials, decline, drawdown, a step back, dispatch."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, SelectChoice, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from finmart.matching.forms.fields import REQUIRED, WanField, note_field, word_choices
from finmart.matching.leads.service.materials import MAX_LABEL, NewMaterial
from finmart.matching.leads.types.reasons import DECLINE_REASONS, HANDOVER_REASONS, PASS_REASONS
from finmart.matching.leads.types.values import CONTACT_CHANNEL_WORDS, CONTACT_OUTCOME_WORDS, MATERIAL_WORDS
from finmart.platform.accounts.forms.fields import CheckboxesField
from finmart.platform.kernel.clock import today

OTHER = "other"


class ContactForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """One attempt to reach the applicant."""

    channel = RadioField(lazy_gettext("联系方式"), [InputRequired(REQUIRED)])
    outcome = RadioField(lazy_gettext("结果"), [InputRequired(REQUIRED)])
    note = note_field(lazy_gettext("备注"), hint=lazy_gettext("申请人也能看到。"), rows=2)

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"data": {"channel": "phone"}, **options})
        self.channel.choices = word_choices(CONTACT_CHANNEL_WORDS)
        self.outcome.choices = word_choices(CONTACT_OUTCOME_WORDS)


class OpinionForm(FlaskForm):  # type: ignore[misc]
    """The first opinion."""

    note = note_field(
        lazy_gettext("初步意见"),
        least=4,
        hint=lazy_gettext("写明能不能受理、还要看什么、大致的安排。申请人会看到原文。"),
    )


class MaterialsForm(FlaskForm):  # type: ignore[misc]
    """What to ask the applicant for."""

    codes = CheckboxesField(lazy_gettext("需要哪些材料"))
    other = StringField(
        lazy_gettext("其他材料的名称"),
        [Length(max=MAX_LABEL, message=lazy_gettext("最多 60 个字。"))],
        description=lazy_gettext("清单里没有的写在这里，一次一项。"),
    )
    required = BooleanField(lazy_gettext("这些材料必须交齐才能提交"), default=True)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.codes.choices = word_choices({code: words for code, words in MATERIAL_WORDS.items() if code != OTHER})

    def validate_codes(self, field: CheckboxesField) -> None:
        """Something must be asked for."""
        if not field.data and not (self.other.data or "").strip():
            raise ValidationError(lazy_gettext("请至少选择一项材料，或写明其他材料的名称。"))

    def materials(self) -> list[NewMaterial]:
        """What the valid form asks for."""
        required = bool(self.required.data)
        found = [NewMaterial(code, required=required) for code in self.codes.data]
        label = (self.other.data or "").strip()
        return [*found, NewMaterial(OTHER, label, required)] if label else found


class DeclineForm(FlaskForm):  # type: ignore[misc]
    """A decline: the code decides what the applicant is advised to do."""

    code = SelectField(lazy_gettext("原因"), [InputRequired(lazy_gettext("请选择不予通过的原因。"))])
    note = note_field(
        lazy_gettext("给申请人的说明"),
        hint=lazy_gettext("写明具体差在哪里，申请人会看到原文。选择“其他原因”时必须填写。"),
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        words = {code: reason.words for code, reason in DECLINE_REASONS.items()}
        self.code.choices = [SelectChoice("", lazy_gettext("请选择")), *word_choices(words)]


class PassForm(FlaskForm):  # type: ignore[misc]
    """Leaving a demand to others."""

    reason = RadioField(lazy_gettext("原因"), [InputRequired(lazy_gettext("请选择不承接的原因。"))])
    note = note_field(lazy_gettext("补充说明"), rows=2)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.reason.choices = word_choices(PASS_REASONS)


class DrawDownForm(FlaskForm):  # type: ignore[misc]
    """Money that has gone out."""

    amount = WanField(lazy_gettext("放款金额"), [InputRequired(REQUIRED)])
    on = DateField(lazy_gettext("放款日期"), [InputRequired(REQUIRED)])

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "data": {"on": today(), **options.get("data", {})}})


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """A reason in words: for a step taken back, and for a lead taken away."""

    reason = note_field(lazy_gettext("原因"), least=4, rows=2)


class HandOverForm(FlaskForm):  # type: ignore[misc]
    """To which colleague a lead goes, and why."""

    colleague = SelectField(lazy_gettext("转交给"), [InputRequired(lazy_gettext("请选择一位同事。"))])
    reason = RadioField(lazy_gettext("原因"), [InputRequired(REQUIRED)])

    def __init__(self, colleagues: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(**options)
        self.colleague.choices = [("", lazy_gettext("请选择")), *colleagues]
        self.reason.choices = word_choices(HANDOVER_REASONS)


class RouteForm(FlaskForm):  # type: ignore[misc]
    """To which branch a lead goes."""

    branch = SelectField(lazy_gettext("转到网点"))

    def __init__(self, places: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(**options)
        self.branch.choices = list(places)


class DispatchForm(FlaskForm):  # type: ignore[misc]
    """Which institution the operator asks."""

    institution = SelectField(lazy_gettext("派给哪家机构"), [InputRequired(lazy_gettext("请选择一家机构。"))])

    def __init__(self, institutions: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(**options)
        offered = [SelectChoice(public_id, name) for public_id, name in institutions]
        self.institution.choices = [SelectChoice("", lazy_gettext("请选择")), *offered]
