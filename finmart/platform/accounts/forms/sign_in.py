"""Forms of signing in and getting back in."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from finmart.platform.accounts.forms.fields import (
    REQUIRED,
    current_password_field,
    new_password_field,
    phone_field,
    repeated_password_field,
)


class SignInForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """Phone and password."""

    phone = phone_field()
    password = current_password_field()


class ResetRequestForm(FlaskForm):  # type: ignore[misc]
    """Where the reset code goes."""

    phone = phone_field()


class ResetCodeForm(FlaskForm):  # type: ignore[misc]
    """The code and the new password."""

    phone = phone_field()
    code = StringField(
        lazy_gettext("验证码"),
        [InputRequired(REQUIRED), Length(max=12)],
        description=lazy_gettext("短信中的 6 位数字，10 分钟内有效。"),
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code"},
    )
    password = new_password_field()
    repeated = repeated_password_field()


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password, on a one-time link."""

    password = new_password_field()
    repeated = repeated_password_field()


class ChangePasswordForm(FlaskForm):  # type: ignore[misc]
    """The old password and a new one."""

    current = PasswordField(
        lazy_gettext("当前密码"), [InputRequired(REQUIRED)], render_kw={"autocomplete": "current-password"}
    )
    password = new_password_field()
    repeated = repeated_password_field()


class ActionForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the token that shows the click came from our page."""
