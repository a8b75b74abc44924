"""By which ways a person wants to hear of news."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length

from finmart.platform.accounts.forms.fields import REQUIRED


class PreferencesForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """The ways beside the site itself, and the language of letters."""

    email = BooleanField(lazy_gettext("通过电子邮件接收"))
    sms = BooleanField(lazy_gettext("通过短信接收"))
    language = RadioField(
        lazy_gettext("消息使用的语言"),
        [InputRequired(REQUIRED)],
        choices=[SelectChoice("zh", "中文"), SelectChoice("en", "English")],
    )


class EmailForm(FlaskForm):  # type: ignore[misc]
    """Where e-mail goes."""

    address = StringField(
        lazy_gettext("电子邮箱"),
        [InputRequired(REQUIRED), Length(max=120)],
        render_kw={"type": "email", "autocomplete": "email"},
    )
