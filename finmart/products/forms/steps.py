"""Forms of the steps in a product's life, of a file of drafts, and of reports."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, HiddenField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from finmart.platform.kernel.clock import today
from finmart.products.reports.types import KIND_WORDS, MAX_NOTE

REQUIRED = lazy_gettext("请填写这一项。")
REASON = lazy_gettext("请写明原因，4 到 500 个字。")


def _text(label: str, message: str, *, hint: str = "", least: int = 4) -> TextAreaField:
    return TextAreaField(
        label,
        [InputRequired(REQUIRED), Length(min=least, max=MAX_NOTE, message=message)],
        description=hint,
        render_kw={"rows": 3},
    )


def told_apart(form: FlaskForm, prefix: str) -> FlaskForm:
    """Give the fields of one of several forms on a page ids of their own; their names stay."""
    for field in form:
        field.id = f"{prefix}-{field.id}"
    return form


class CheckForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """The checker's yes to exactly these contents."""

    fingerprint = HiddenField()


class SendBackForm(CheckForm):
    """The checker's no, with the reason."""

    reason = _text(lazy_gettext("退回的原因"), REASON, hint=lazy_gettext("会原样发给填写人，请写明要改什么。"))


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Why a product goes or comes back."""

    reason = _text(lazy_gettext("原因"), REASON)


class SuspendForm(ReasonForm):
    """From when until when a product leaves the shelf."""

    begins = DateField(lazy_gettext("从哪天起"), [InputRequired(REQUIRED)])
    ends = DateField(
        lazy_gettext("哪天恢复"), [Optional()], description=lazy_gettext("不确定就留空，需要时再手动恢复。")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **{"data": {"begins": today()}, **kwargs})


class ValidityForm(FlaskForm):  # type: ignore[misc]
    """The last day of a listing."""

    valid_until = DateField(
        lazy_gettext("有效期的最后一天"),
        [Optional()],
        description=lazy_gettext("过了这一天自动下架；不确定就留空。"),
    )


class FileForm(FlaskForm):  # type: ignore[misc]
    """A workbook or a CSV file of products."""

    file = FileField(
        lazy_gettext("产品文件"),
        [FileRequired(lazy_gettext("请选择一个 XLSX 或 CSV 文件。"))],
        description=lazy_gettext("XLSX（读第一张表），或 UTF-8、GB 18030 编码的 CSV；最多 300 个产品、2 MB。"),
        render_kw={"accept": ".xlsx,.csv,text/csv"},
    )


class ReportForm(FlaskForm):  # type: ignore[misc]
    """What is wrong on a product's page."""

    kind = RadioField(lazy_gettext("哪里有误"), [InputRequired(lazy_gettext("请选择哪一项信息有误。"))])
    note = TextAreaField(
        lazy_gettext("具体说明"),
        [Length(max=MAX_NOTE, message=lazy_gettext("说明太长，请控制在 500 个字以内。"))],
        description=lazy_gettext("请不要填写姓名、电话、证件号码等个人信息。"),
        render_kw={"rows": 4},
    )

    def __init__(self) -> None:
        super().__init__()
        self.kind.choices = [SelectChoice(kind.value, lazy_gettext(text)) for kind, text in KIND_WORDS.items()]


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """What came of a report."""

    answer = _text(
        lazy_gettext("答复"),
        lazy_gettext("请写明答复，4 到 500 个字。"),
        hint=lazy_gettext("已登录的反馈人会收到这段文字。"),
    )
