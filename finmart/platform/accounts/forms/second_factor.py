"""Forms of the second step of signing in."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from finmart.platform.accounts.forms.fields import REQUIRED


class SecondStepForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """A code from the authenticator, or one that stands in for it."""

    code = StringField(
        lazy_gettext("验证码"),
        [InputRequired(REQUIRED), Length(max=40)],
        description=lazy_gettext("验证器上的 6 位数字；验证器不在身边时，可以填一个恢复码。"),
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"},
    )


class BeginForm(FlaskForm):  # type: ignore[misc]
    """Whoever begins knows the password: an unlocked browser alone is not enough."""

    password = PasswordField(
        lazy_gettext("当前密码"), [InputRequired(REQUIRED)], render_kw={"autocomplete": "current-password"}
    )


class FirstCodeForm(FlaskForm):  # type: ignore[misc]
    """The first code of an authenticator just set up."""

    code = StringField(
        lazy_gettext("验证码"),
        [InputRequired(REQUIRED), Length(max=12)],
        description=lazy_gettext("验证器上现在显示的 6 位数字，每 30 秒换一次。"),
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code"},
    )
