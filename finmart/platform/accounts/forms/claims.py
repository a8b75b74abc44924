"""Forms of proving a claim: papers, and the counter."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from finmart.platform.accounts.forms.fields import REQUIRED
from finmart.platform.accounts.service.evidence import ALLOWED
from finmart.platform.files.types.errors import MAX_BYTES
from finmart.platform.files.types.kinds import endings_of


class PaperForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """One paper of a claim."""

    kind = SelectField(lazy_gettext("材料种类"), [InputRequired(REQUIRED)], choices=[])
    file = FileField(
        lazy_gettext("文件"),
        [FileRequired(lazy_gettext("请选择一个文件。"))],
        description=lazy_gettext("清晰的扫描件或照片：PDF、PNG、JPEG，也可用 XLSX、DOCX；不超过 20 MB。加密保存。"),
        render_kw={
            "accept": endings_of(ALLOWED),
            "data-max-bytes": MAX_BYTES,
            "data-too-large": lazy_gettext("文件超过 20 MB，请压缩或拆分后再传。"),
        },
    )


class CodeForm(FlaskForm):  # type: ignore[misc]
    """The code of a claim, by GET: it changes nothing and carries no token."""

    class Meta:
        """No token in an address."""

        csrf = False

    code = StringField(
        lazy_gettext("认领编号"),
        [InputRequired(REQUIRED), Length(max=40)],
        description=lazy_gettext("申请人“认领材料”页面上的 12 位编号，大小写和连字符不限。"),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )


class CounterForm(FlaskForm):  # type: ignore[misc]
    """What the clerk saw."""

    identifier = StringField(
        lazy_gettext("证件上的代码"),
        [InputRequired(REQUIRED), Length(max=40)],
        description=lazy_gettext("照原件填写统一社会信用代码或居民身份证号码，系统核对是否一致。"),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    note = TextAreaField(
        lazy_gettext("核对情况"),
        [InputRequired(REQUIRED), Length(min=4, max=500, message=lazy_gettext("请写明核对情况，4 到 500 个字。"))],
        description=lazy_gettext("例如：法定代表人本人到场，核对营业执照原件和身份证。"),
        render_kw={"rows": 3},
    )
