"""Forms of members and invitations."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from finmart.platform.accounts.forms.fields import (
    REQUIRED,
    new_password_field,
    phone_field,
    repeated_password_field,
    terms_field,
)


class InviteForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """Into which role, and which branch: one of the institution's tree, or words of one's own elsewhere."""

    role = SelectField(lazy_gettext("角色"), [InputRequired(REQUIRED)], choices=[])
    branch = StringField(lazy_gettext("网点或部门"), [Length(max=80)], description=lazy_gettext("可以不填。"))
    at = SelectField(lazy_gettext("所属网点"), choices=[], default="")


class MemberForm(FlaskForm):  # type: ignore[misc]
    """Another role or branch of a member."""

    role = SelectField(lazy_gettext("角色"), [InputRequired(REQUIRED)], choices=[])
    at = SelectField(
        lazy_gettext("所属网点"),
        choices=[],
        description=lazy_gettext("网点的管理员只管理本网点及其下级的成员和申请；总部的管理员管理全部。"),
    )


class AcceptForm(FlaskForm):  # type: ignore[misc]
    """A new account for somebody invited."""

    name = StringField(
        lazy_gettext("您的姓名"), [InputRequired(REQUIRED), Length(max=60)], render_kw={"autocomplete": "name"}
    )
    phone = phone_field()
    password = new_password_field()
    repeated = repeated_password_field()
    terms = terms_field()
