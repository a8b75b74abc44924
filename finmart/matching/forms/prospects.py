"""Forms of being found: agreeing to it, an invitation, and what is wrong with one."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired

from finmart.matching.prospecting.types.words import COMPLAINT_WORDS, REASON_WORDS

REQUIRED = lazy_gettext("请选择一项。")


class AgreeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """The one box that lets institutions find an applicant."""

    agreed = BooleanField(
        lazy_gettext("我已阅读以上说明，允许机构按条件找到我"),
        [InputRequired(lazy_gettext("请阅读说明并勾选同意，再提交。"))],
    )


class InviteForm(FlaskForm):  # type: ignore[misc]
    """Whom, by the list's own reference, and why."""

    ref = HiddenField(validators=[InputRequired(REQUIRED)])
    reason = SelectField(lazy_gettext("邀请理由"), [InputRequired(REQUIRED)])

    def __init__(self, **values: object) -> None:
        """Word the choices in the reader's language."""
        super().__init__(**values)
        self.reason.choices = [(key, lazy_gettext(text)) for key, text in REASON_WORDS.items()]


class ComplaintForm(FlaskForm):  # type: ignore[misc]
    """What is wrong with an invitation."""

    complaint = RadioField(lazy_gettext("哪里不对"), [InputRequired(REQUIRED)])

    def __init__(self, **values: object) -> None:
        """Word the choices in the reader's language."""
        super().__init__(**values)
        self.complaint.choices = [(key, lazy_gettext(text)) for key, text in COMPLAINT_WORDS.items()]
