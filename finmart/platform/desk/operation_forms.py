"""Forms by which the operator runs the platform: organisations, announcements, dictionaries, switches."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from finmart.platform.desk.forms import REQUIRED, SearchForm

NOT_A_DAY = lazy_gettext("请按 2026-11-30 的样子填写日期。")


class DayField(DateField):  # type: ignore[misc]  # WTForms carries no types.
    """A day that refuses what is no day in our own words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed. Raises ``ValueError`` with the sentence people are shown."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(NOT_A_DAY) from None


def day_field(label: object, description: object = "", *, required: bool = True) -> DayField:
    """A day; one that is not required may be left out."""
    validator = InputRequired(REQUIRED) if required else Optional()
    return DayField(label, [validator], description=description, render_kw={"type": "date"})


class OrganisationSearchForm(SearchForm):
    """Organisations by text, kind, and what they need."""

    attention = SelectField(lazy_gettext("需要处理"), choices=[])


class RegistrationForm(FlaskForm):  # type: ignore[misc]
    """What is written down about an organisation."""

    name_zh = StringField(lazy_gettext("单位名称"), [InputRequired(REQUIRED), Length(max=120)])
    name_en = StringField(lazy_gettext("英文名称"), [Length(max=160)])
    institution_kind = SelectField(lazy_gettext("机构类型"), choices=[])
    region = SelectField(lazy_gettext("所在地区"), choices=[])
    contact_phone = StringField(
        lazy_gettext("公开联系电话"),
        [Length(max=40)],
        description=lazy_gettext("会显示在机构页面上。"),
        render_kw={"inputmode": "tel"},
    )
    contact_address = StringField(
        lazy_gettext("公开联系地址"), [Length(max=160)], description=lazy_gettext("会显示在机构页面上。")
    )
    code = StringField(
        lazy_gettext("平台内代码"),
        [Length(max=64)],
        description=lazy_gettext("目录中已有的机构填写目录代码，用来对应产品；没有就留空。不是统一社会信用代码。"),
    )


class DatesForm(FlaskForm):  # type: ignore[misc]
    """From when to when an institution is qualified and under contract; last days are included."""

    qualified_from = day_field(lazy_gettext("资质有效期第一天"), required=False)
    qualified_last = day_field(lazy_gettext("资质有效期最后一天"), required=False)
    agreement_from = day_field(lazy_gettext("接入协议第一天"), required=False)
    agreement_last = day_field(lazy_gettext("接入协议最后一天"), required=False)


class MemberForm(FlaskForm):  # type: ignore[misc]
    """Whom an invitation makes of its reader: role, office, and the region of an official."""

    role = SelectField(lazy_gettext("角色"), [InputRequired(REQUIRED)], choices=[])
    branch = StringField(lazy_gettext("部门或网点"), [Length(max=80)])
    region = SelectField(
        lazy_gettext("负责地区"),
        choices=[],
        description=lazy_gettext("不选时按单位所在地区；工作人员只看到负责地区的数字。"),
    )


class AnnouncementForm(FlaskForm):  # type: ignore[misc]
    """An announcement in both languages, with whom it is for and when."""

    title_zh = StringField(lazy_gettext("标题（中文）"), [InputRequired(REQUIRED), Length(max=80)])
    title_en = StringField(lazy_gettext("标题（英文）"), [InputRequired(REQUIRED), Length(max=160)])
    body_zh = TextAreaField(
        lazy_gettext("正文（中文）"), [InputRequired(REQUIRED), Length(max=4000)], render_kw={"rows": 5}
    )
    body_en = TextAreaField(
        lazy_gettext("正文（英文）"), [InputRequired(REQUIRED), Length(max=8000)], render_kw={"rows": 5}
    )
    audience = SelectField(lazy_gettext("给谁看"), [InputRequired(REQUIRED)], choices=[])
    region = SelectField(lazy_gettext("只给这个地区的人看"), choices=[])
    shown_from = day_field(lazy_gettext("显示的第一天"))
    shown_until = day_field(lazy_gettext("显示的最后一天"))


class ValueForm(FlaskForm):  # type: ignore[misc]
    """One dated value of a dictionary; which fields are asked depends on the entry."""

    number = StringField(lazy_gettext("取值"), [Length(max=20)], render_kw={"inputmode": "decimal"})
    words = TextAreaField(lazy_gettext("内容"), [Length(max=1000)], render_kw={"rows": 3})
    scope = SelectField(lazy_gettext("产品类型"), choices=[])
    valid_from = day_field(lazy_gettext("从哪一天起有效"))
    valid_until = day_field(
        lazy_gettext("失效日期"), lazy_gettext("当天起不再有效，例如下一次公布日。"), required=False
    )
    source = StringField(
        lazy_gettext("来源"),
        [InputRequired(REQUIRED), Length(max=300)],
        description=lazy_gettext("例如文件名称和文号，或公布的机构。"),
    )
