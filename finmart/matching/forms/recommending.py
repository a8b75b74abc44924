"""The one question of the page of recommendations."""

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import AnyOf

ON, OFF = "on", "off"


class SwitchForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """Whether products may be worked out unasked; two buttons, each with its own value."""

    wanted = HiddenField(validators=[AnyOf((ON, OFF))])
