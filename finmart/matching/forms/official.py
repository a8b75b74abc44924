"""Forms of the officials' pages: which period, and why a mask is lifted."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from finmart.matching.forms.fields import REQUIRED, word_choices
from finmart.matching.insights.service.unmasking import REASONS


class PeriodForm(FlaskForm):  # type: ignore[misc]
    """Which data, published from which month to which; sent by GET, so that an address says what is shown."""

    cases = SelectField(lazy_gettext("数据"))
    since = SelectField(lazy_gettext("发布月份从"))
    until = SelectField(lazy_gettext("到"))

    class Meta:
        """A form that changes nothing needs no token."""

        csrf = False

    def __init__(self, months: Mapping[str, str], **options: Any) -> None:
        super().__init__(formdata=None, **options)
        named = [SelectChoice(month, words) for month, words in months.items()]
        self.since.choices = [SelectChoice("", lazy_gettext("最早")), *named]
        self.until.choices = [SelectChoice("", lazy_gettext("最近")), *named]
        self.cases.choices = [
            SelectChoice("real", lazy_gettext("真实数据")),
            SelectChoice("demo", lazy_gettext("演示数据")),
        ]


class UnmaskForm(FlaskForm):  # type: ignore[misc]
    """Why an official needs to know who asks."""

    reason = RadioField(lazy_gettext("为什么需要查看申请人"), [InputRequired(REQUIRED)])

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.reason.choices = word_choices(REASONS)
