"""Forms of credit's pages."""

from collections.abc import Iterable
from datetime import timedelta

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from finmart.credit.datasets.contract import DataSet
from finmart.platform.accounts.forms.fields import CheckboxesField
from finmart.platform.consents.types import CONSENT_PURPOSE_WORDS, REVOKE_WORDS, RevokeReason
from finmart.platform.kernel.clock import today
from finmart.platform.web import filters
from finmart.platform.web.language import current_language, localized

REQUIRED = lazy_gettext("请填写这一项。")
#: How long a consent may hold, in days from today on.
DAYS = (30, 90, 180, 365)
USUAL_DAYS = 90


def _trimmed(text: str | None) -> str | None:
    """Blanks alone are no note."""
    return text.strip() if text else text


class HandleForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """What became of a row in quarantine."""

    note = TextAreaField(
        lazy_gettext("处理结果"),
        [
            InputRequired(REQUIRED),
            Length(min=4, max=500, message=lazy_gettext("请写明处理结果，4 到 500 个字。")),
        ],
        description=lazy_gettext("例如：已请提供单位更正，将随下一批重新提供。"),
        filters=[_trimmed],
        render_kw={"rows": 3},
    )


class ConsentForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """What an institution may see, for what and how long. Nothing is chosen beforehand but the length."""

    scopes = CheckboxesField(
        lazy_gettext("让它看哪些数据"), [InputRequired(lazy_gettext("请至少选择一类数据，再提交授权。"))]
    )
    warned = BooleanField(lazy_gettext("我已看清上面的提示，单独同意让这家机构看到我的收入、资产或纳税数额。"))
    purpose = RadioField(lazy_gettext("让它看来做什么"), [InputRequired(lazy_gettext("请从列出的用途中选择一个。"))])
    days = RadioField(lazy_gettext("到什么时候为止"), [InputRequired(REQUIRED)], coerce=int)
    agreed = BooleanField(
        lazy_gettext("我已看清以上内容，同意这份授权。"),
        [InputRequired(lazy_gettext("请先确认同意授权的内容，再提交。"))],
    )

    def __init__(self, datasets: Iterable[DataSet]) -> None:
        super().__init__(data={"days": USUAL_DAYS})
        self.scopes.choices = [SelectChoice(one.name, localized(one.label_zh, one.label_en)) for one in datasets]
        self.purpose.choices = [SelectChoice(code, lazy_gettext(text)) for code, text in CONSENT_PURPOSE_WORDS.items()]
        self.days.choices = [SelectChoice(days, _until(days)) for days in DAYS]


def _until(days: int) -> str:
    """A length with the last day it means, so that nobody has to count."""
    last = filters.day(today() + timedelta(days=days), current_language())
    return str(lazy_gettext("%(days)s 天，到 %(last)s", days=days, last=last))


class RevokeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """Why a consent is withdrawn; the first answer is that no reason is given."""

    reason = SelectField(lazy_gettext("原因"), [InputRequired(REQUIRED)])

    def __init__(self) -> None:
        super().__init__(data={"reason": RevokeReason.UNSTATED.value})
        self.reason.choices = [SelectChoice(code, lazy_gettext(text)) for code, text in REVOKE_WORDS.items()]
