"""The form of what an institution says of itself."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField
from wtforms.validators import InputRequired

from finmart.platform.web.errors import say
from finmart.products.editing.checks import Fault
from finmart.products.forms import particulars
from finmart.products.particulars.cells import cells_of
from finmart.products.particulars.figures import Figures, figure_specs


class FiguresForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types.
    """Base of the form; ``figures_form`` adds the fields of the institution's sort."""

    as_of = DateField(lazy_gettext("数据截至"), [InputRequired(lazy_gettext("请填写这一项。"))])

    kind: str

    @property
    def shown(self) -> list[particulars.Shown]:
        """The fields in order, with their units."""
        return particulars.shown_of(self, figure_specs(self.kind).values())

    def cells(self) -> dict[str, str]:
        """What the form says."""
        return particulars.cells_of(self, figure_specs(self.kind).values(), {})

    def show(self, faults: Iterable[Fault]) -> None:
        """Put each fault at its field."""
        for fault in faults:
            field = self[fault.place]
            field.errors = [*field.errors, say(fault.message)]


def figures_form(kind: str, figures: Figures | None, **data: Any) -> FiguresForm:
    """The form of an institution of this ``kind`` that says what ``figures`` say, or what was sent."""
    known = figure_specs(kind).values()
    held = particulars.data_of(known, cells_of(figures, known))
    form: FiguresForm = type("OneFiguresForm", (FiguresForm,), {**particulars.fields_of(known), "kind": kind})(
        data={**held, **data}
    )
    return form
