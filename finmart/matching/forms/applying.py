"""What an applicant sends: an application, an anonymous card, a reason, papers, questions."""

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired, MultipleFileField
from wtforms import RadioField, SelectChoice, ValidationError
from wtforms.validators import InputRequired

from finmart.matching.demands.service import MOST_PLACES
from finmart.matching.forms.fields import REQUIRED, WanField, must_be_askable, note_field, word_choices
from finmart.matching.leads.types.reasons import OTHER, REFUSE_REASONS
from finmart.platform.files.types.errors import MAX_BYTES
from finmart.platform.files.types.kinds import DOCUMENTS, endings_of

#: Other reasons say nothing by themselves.
LEAST_NOTE = 4


class ApplyForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """How much is asked of one institution."""

    amount = WanField(lazy_gettext("申请金额"), [InputRequired(REQUIRED)])

    def validate_amount(self, field: WanField) -> None:
        """Something must be asked for that an institution can lend."""
        must_be_askable(field.fen)


class PlacesForm(FlaskForm):  # type: ignore[misc]
    """How many institutions may come to see the contacts."""

    places = RadioField(lazy_gettext("最多让几家机构跟进"), [InputRequired(REQUIRED)], coerce=int)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.places.choices = [
            SelectChoice(count, lazy_gettext("%(count)s 家", count=count)) for count in range(1, MOST_PLACES + 1)
        ]


class RefuseForm(FlaskForm):  # type: ignore[misc]
    """Why an applicant does not go on with an institution."""

    reason = RadioField(lazy_gettext("原因"), [InputRequired(lazy_gettext("请选择一个原因。"))])
    note = note_field(lazy_gettext("补充说明"), rows=2)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.reason.choices = word_choices(REFUSE_REASONS)

    def validate_note(self, field: Any) -> None:
        """Another reason is written out."""
        if self.reason.data == OTHER and len((field.data or "").strip()) < LEAST_NOTE:
            raise ValidationError(lazy_gettext("选择“其他原因”时，请用几个字写明。"))


class UploadForm(FlaskForm):  # type: ignore[misc]
    """Papers for one line of the checklist."""

    files = MultipleFileField(
        lazy_gettext("选择文件"),
        [FileRequired(lazy_gettext("请选择要上传的文件。"))],
        render_kw={
            "accept": endings_of(DOCUMENTS),
            "data-max-bytes": MAX_BYTES,
            "data-too-large": lazy_gettext("文件超过 20 MB，请压缩或拆分后再传。"),
        },
    )


class PostForm(FlaskForm):  # type: ignore[misc]
    """A question or an answer."""

    text = note_field(lazy_gettext("提问或答复"), required=True)
