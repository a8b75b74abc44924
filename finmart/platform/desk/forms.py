"""Forms of the operator's desk."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

REQUIRED = lazy_gettext("请填写这一项。")


class SearchForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """A search by GET: it changes nothing and carries no token."""

    class Meta:
        """No token in an address."""

        csrf = False

    q = StringField(lazy_gettext("查找"), [Length(max=80)], render_kw={"type": "search"})
    kind = SelectField(lazy_gettext("类型"), choices=[])


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Why something is locked or revoked."""

    reason = TextAreaField(
        lazy_gettext("理由"),
        [InputRequired(REQUIRED), Length(min=4, max=500, message=lazy_gettext("请写明理由，4 到 500 个字。"))],
        render_kw={"rows": 3},
    )


class VerifyForm(FlaskForm):  # type: ignore[misc]
    """How a claim was verified, and on what evidence."""

    method = SelectField(lazy_gettext("核实方式"), [InputRequired(REQUIRED)], choices=[])
    note = TextAreaField(
        lazy_gettext("核实依据"),
        [InputRequired(REQUIRED), Length(min=4, max=500, message=lazy_gettext("请写明依据，4 到 500 个字。"))],
        description=lazy_gettext("例如：核对营业执照原件和授权书，与登记信息一致。"),
        render_kw={"rows": 3},
    )


class SettleForm(FlaskForm):  # type: ignore[misc]
    """Which of several claims stays, on what evidence, and what the others are told."""

    keep = RadioField(lazy_gettext("保留哪一条认领"), [InputRequired(lazy_gettext("请选择要保留的认领。"))], choices=[])
    note = TextAreaField(
        lazy_gettext("核实依据"),
        [InputRequired(REQUIRED), Length(min=4, max=500, message=lazy_gettext("请写明依据，4 到 500 个字。"))],
        description=lazy_gettext("保留的认领如果还没有核实，会按这个依据同时核实。只有平台人员可以看到。"),
        render_kw={"rows": 3},
    )
    reason = TextAreaField(
        lazy_gettext("撤销其他认领的理由"),
        [InputRequired(REQUIRED), Length(min=4, max=500, message=lazy_gettext("请写明理由，4 到 500 个字。"))],
        description=lazy_gettext("会原样显示给被撤销的申请人，请不要写入其他单位或个人的信息。"),
        render_kw={"rows": 3},
    )


class InviteForm(FlaskForm):  # type: ignore[misc]
    """Into which role of the organisation."""

    role = SelectField(lazy_gettext("角色"), [InputRequired(REQUIRED)], choices=[])


class ActionForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the token that shows the click came from our page."""
