"""Forms of credit's pages."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length


def _trimmed(text: str | None) -> str | None:
    """Blanks alone are no note."""
    return text.strip() if text else text


class HandleForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """What became of a row in quarantine."""

    note = TextAreaField(
        lazy_gettext("处理结果"),
        [
            InputRequired(lazy_gettext("请填写这一项。")),
            Length(min=4, max=500, message=lazy_gettext("请写明处理结果，4 到 500 个字。")),
        ],
        description=lazy_gettext("例如：已请提供单位更正，将随下一批重新提供。"),
        filters=[_trimmed],
        render_kw={"rows": 3},
    )
