"""Fields that several forms of accounts share; the shape only, services judge what is in them."""

from flask_babel import lazy_gettext
from wtforms import BooleanField, PasswordField, SelectMultipleField, StringField
from wtforms.validators import EqualTo, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from finmart.platform.accounts.service.passwords import MAX_LENGTH, MIN_LENGTH

REQUIRED = lazy_gettext("请填写这一项。")


def phone_field(**attributes: object) -> StringField:
    """A mobile number; phones show their number pad."""
    return StringField(
        lazy_gettext("手机号"),
        [InputRequired(REQUIRED), Length(max=24)],
        render_kw={"type": "tel", "inputmode": "tel", "autocomplete": "username", **attributes},
    )


def current_password_field() -> PasswordField:
    """The password somebody has."""
    return PasswordField(
        lazy_gettext("密码"),
        [InputRequired(REQUIRED), Length(max=MAX_LENGTH * 4)],
        render_kw={"autocomplete": "current-password"},
    )


def new_password_field() -> PasswordField:
    """A password somebody chooses."""
    return PasswordField(
        lazy_gettext("新密码"),
        [InputRequired(REQUIRED), Length(max=MAX_LENGTH * 4)],
        description=lazy_gettext("至少 %(length)s 位，同时使用字母和数字，不要包含手机号。", length=MIN_LENGTH),
        render_kw={"autocomplete": "new-password"},
    )


def repeated_password_field() -> PasswordField:
    """The chosen password once more; the form's other field is called ``password``."""
    return PasswordField(
        lazy_gettext("再次填写新密码"),
        [InputRequired(REQUIRED), EqualTo("password", lazy_gettext("两次填写的密码不一致。"))],
        render_kw={"autocomplete": "new-password"},
    )


def terms_field() -> BooleanField:
    """Agreeing to what is stored; never ticked beforehand."""
    return BooleanField(
        lazy_gettext("我已阅读并同意服务条款和上述信息收集说明"),
        [InputRequired(lazy_gettext("请先阅读并同意服务条款和信息收集说明。"))],
    )


class CheckboxesField(SelectMultipleField):  # type: ignore[misc]  # WTForms carries no types.
    """Several of a short list, each a box of its own; the form component draws them as one group."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
