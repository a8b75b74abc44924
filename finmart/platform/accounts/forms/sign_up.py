"""The sign-up forms, one a kind of applicant: what a kind is not asked, its form does not have (DECISIONS 4)."""

from collections.abc import Callable

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import IntegerField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from finmart.platform.accounts.forms.fields import (
    REQUIRED,
    CheckboxesField,
    new_password_field,
    phone_field,
    repeated_password_field,
    terms_field,
)
from finmart.platform.accounts.service.identities import check_identifier, check_scale, check_township
from finmart.platform.accounts.service.passwords import check_password
from finmart.platform.accounts.service.subjects import normal_identifier
from finmart.platform.accounts.types.contacts import check_person_name, normal_phone
from finmart.platform.accounts.types.errors import PhoneInvalid
from finmart.platform.accounts.types.kinds import SubjectKind, identifier_scheme
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.errors import say

MAX_SCALE_MU = 1_000_000


def _judged(judge: Callable[..., object], *arguments: object, **named: object) -> None:
    """Have a service judge a field, so that all errors stand beside their fields at once."""
    try:
        judge(*arguments, **named)
    except FinmartError as error:
        raise ValidationError(say(error.message)) from None


class IdentityFields(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """What the kinds have in common; the route says which ``kind`` it is."""

    kind = SubjectKind.ENTERPRISE

    def validate_name(self, field: StringField) -> None:
        """Blanks are no name."""
        if not field.data.strip():
            raise ValidationError(REQUIRED)

    def validate_identifier(self, field: StringField) -> None:
        """The code's own rules, and that it fits the kind."""
        _judged(check_identifier, self.kind, normal_identifier(identifier_scheme(self.kind).value, field.data))


class FirmFields(IdentityFields):
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


class PersonFields(IdentityFields):
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

    def validate_name(self, field: StringField) -> None:
        """As documents write names."""
        super().validate_name(field)
        _judged(check_person_name, field.data)


class FarmerFields(PersonFields):
    """What a farmer adds: township and village as far as known, activities, scale."""

    township = SelectField(
        lazy_gettext("所在乡镇（街道）"),
        [Optional()],
        choices=[],
        description=lazy_gettext("不在南昌市，或在列表中找不到时，只填区县即可。"),
    )
    village = StringField(
        lazy_gettext("村（社区）代码"),
        [Length(max=40)],
        description=lazy_gettext("12 位数字，不知道可以不填；查不到的代码不影响注册，按乡镇（街道）或区县记录。"),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
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
        description=lazy_gettext("例如：存栏生猪 200 头、大棚 12 个。亩数和说明至少填一项。"),
    )

    def validate_township(self, field: SelectField) -> None:
        """It lies in the district chosen."""
        if self.region.data:
            _judged(check_township, self.region.data, field.data or "")

    def validate_scale_note(self, field: StringField) -> None:
        """One of the two ways to say the scale is used."""
        if not self.scale_mu.raw_data or not self.scale_mu.raw_data[0].strip():
            _judged(check_scale, None, field.data or "")


class ContactFields(FlaskForm):  # type: ignore[misc]
    """Who signs in for a firm."""

    contact = StringField(
        lazy_gettext("您的姓名"), [InputRequired(REQUIRED), Length(max=60)], render_kw={"autocomplete": "name"}
    )

    def validate_contact(self, field: StringField) -> None:
        """As documents write names."""
        _judged(check_person_name, field.data)


class CredentialFields(FlaskForm):  # type: ignore[misc]
    """How the new account is opened."""

    phone = phone_field()
    password = new_password_field()
    repeated = repeated_password_field()
    terms = terms_field()

    def validate_phone(self, field: StringField) -> None:
        """A mobile number of the mainland."""
        _judged(normal_phone, field.data)

    def validate_password(self, field: PasswordField) -> None:
        """Not easily guessed, whatever the phone turns out to be."""
        try:
            phone = normal_phone(self.phone.data or "")
        except PhoneInvalid:
            phone = ""
        _judged(check_password, field.data, phone=phone)


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
