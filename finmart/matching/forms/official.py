"""Forms of the officials' pages: which period, and why a mask is lifted."""

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from finmart.matching.forms.fields import REQUIRED
from finmart.matching.insights.service.unmasking import REASONS
from finmart.platform.web.fields import SelectChoice


class PeriodForm(FlaskForm):  # type: ignore[misc]
    """Which data, published from when until when; sent by GET, so that an address says what is shown."""

    data = SelectField(lazy_gettext("数据"))
    since = DateField(lazy_gettext("发布日期从"), [Optional()])
    until = DateField(lazy_gettext("到"), [Optional()])

    class Meta:
        """Nothing is changed by it."""

        csrf = False
