"""The sign-up forms, one a kind of applicant: what a kind is not asked, its form does not have (DECISIONS 4)."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from finmart.platform.accounts.forms.fields import (
    REQUIRED,
    CheckboxesField,
    new_password_field,
    phone_field,
    repeated_password_field,
    terms_field,
)
from finmart.platform.accounts.types.kinds import SubjectKind

MAX_SCALE_MU = 1_000_000


class FirmFields(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """What a firm says of itself: the three kinds with a business licence."""

    name = StringField(
        lazy_gettext("名称"),
        [InputRequired(REQUIRED), Length(max=60)],
        description=lazy_gettext("与营业执照上的名称一致。"),
        render_kw={"autocomplete": "organization"},
    )
    identifier = StringField(
        lazy_gettext("统一社会信用代码"),
        [InputRequired(REQUIRED), Length(max=40)],
        description=lazy_gettext("营业执照上的 18 位代码。加密保存。"),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    region = SelectField(lazy_gettext("注册所在区县"), [InputRequired(REQUIRED)], choices=[])


class PersonFields(FlaskForm):  # type: ignore[misc]
    """What a resident says: no licence, no credit code."""

    name = StringField(
        lazy_gettext("姓名"), [InputRequired(REQUIRED), Length(max=60)], render_kw={"autocomplete": "name"}
    )
    identifier = StringField(
        lazy_gettext("居民身份证号码"),
        [InputRequired(REQUIRED), Length(max=40)],
        description=lazy_gettext("18 位号码。加密保存，页面上只显示前四位和后两位。"),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    region = SelectField(lazy_gettext("所在区县"), [InputRequired(REQUIRED)], choices=[])


class FarmerFields(PersonFields):
    """What a farmer adds: village, activities, scale."""

    village = StringField(
        lazy_gettext("所在村（社区）代码"),
        [InputRequired(REQUIRED), Length(max=12)],
        description=lazy_gettext("填写 12 位村（社区）代码；不知道时填 9 位乡镇（街道）代码。"),
        render_kw={"inputmode": "numeric", "list": "townships", "autocomplete": "off"},
    )
    activities = CheckboxesField(
        lazy_gettext("经营内容"),
        [InputRequired(lazy_gettext("请至少选择一项经营内容。"))],
        choices=[],
    )
    scale_mu = IntegerField(
        lazy_gettext("土地或水面（亩）"),
        [Optional(), NumberRange(0, MAX_SCALE_MU, lazy_gettext("请填写 0 到 1000000 之间的整数。"))],
        render_kw={"inputmode": "numeric", "min": 0},
    )
    scale_note = StringField(
        lazy_gettext("其他规模说明"),
        [Length(max=120)],
        description=lazy_gettext("例如：存栏生猪 200 头、大棚 12 个。"),
    )


class ContactFields(FlaskForm):  # type: ignore[misc]
    """Who signs in for a firm."""

    contact = StringField(
        lazy_gettext("您的姓名"), [InputRequired(REQUIRED), Length(max=60)], render_kw={"autocomplete": "name"}
    )


class CredentialFields(FlaskForm):  # type: ignore[misc]
    """How the new account is opened."""

    phone = phone_field()
    password = new_password_field()
    repeated = repeated_password_field()
    terms = terms_field()


class FirmSignUpForm(FirmFields, ContactFields, CredentialFields):
    """Sign-up of an enterprise, a sole trader or a co-operative."""


class PersonSignUpForm(PersonFields, CredentialFields):
    """Sign-up of a resident."""


class FarmerSignUpForm(FarmerFields, CredentialFields):
    """Sign-up of a farmer."""


#: What a visitor fills in …
SIGN_UP_FORMS: dict[SubjectKind, type[FlaskForm]] = {
    SubjectKind.ENTERPRISE: FirmSignUpForm,
    SubjectKind.INDIVIDUAL_BUSINESS: FirmSignUpForm,
    SubjectKind.COOPERATIVE: FirmSignUpForm,
    SubjectKind.FARMER: FarmerSignUpForm,
    SubjectKind.PERSON: PersonSignUpForm,
}

#: … and what somebody with an account adds for a further identity.
IDENTITY_FORMS: dict[SubjectKind, type[FlaskForm]] = {
    SubjectKind.ENTERPRISE: FirmFields,
    SubjectKind.INDIVIDUAL_BUSINESS: FirmFields,
    SubjectKind.COOPERATIVE: FirmFields,
    SubjectKind.FARMER: FarmerFields,
    SubjectKind.PERSON: PersonFields,
}


class ClaimForm(FlaskForm):  # type: ignore[misc]
    """The code of a claim made anew."""

    identifier = StringField(
        lazy_gettext("统一社会信用代码或居民身份证号码"),
        [InputRequired(REQUIRED), Length(max=40)],
        description=lazy_gettext("18 位代码或号码。加密保存。"),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
