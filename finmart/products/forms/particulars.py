"""Fields of what only products of a type, or institutions of a kind, state: made of the definitions, none by hand."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from finmart.platform.accounts.forms.fields import CheckboxesField
from finmart.platform.web.language import localized
from finmart.products.particulars.cells import FLAGS, SEPARATOR
from finmart.products.particulars.kinds import columns, specs
from finmart.products.particulars.spec import NUMBERS, Kind, Spec

COLUMNS = columns()
LONGEST = 20_000
_ENTRIES = re.compile(r"[\r\n;；、]+")
#: What stands behind the field of a number.
_UNITS: Mapping[Kind, Any] = {
    Kind.RATE: "%",
    Kind.SHARE: "%",
    Kind.MONEY: lazy_gettext("万元"),
    Kind.YUAN: lazy_gettext("元"),
    Kind.DAYS: lazy_gettext("天"),
    Kind.YEARS: lazy_gettext("年"),
}


@dataclass(frozen=True)
class Shown:
    """One field of the form and the unit behind it."""

    field: Field
    unit: str | None
    is_boxes: bool
    is_wide: bool


def title_of(column: str) -> str:
    """What a column is called, with the type of product that has it."""
    return localized(*COLUMNS[column][1].label)


def hint_of(column: str) -> str:
    """How a column is filled in; empty where its title says enough."""
    return localized(*COLUMNS[column][1].hint)


def _field(spec: Spec) -> Field:
    title, hint = localized(*spec.label), localized(*spec.hint)
    limits = [Length(max=LONGEST)]
    offered = [SelectChoice(code, localized(*words)) for code, words in spec.choices.items()]
    if spec.kind is Kind.CHOICES:
        return CheckboxesField(title, choices=offered, description=hint)
    if spec.kind in (Kind.CHOICE, Kind.FLAG):
        flags = [SelectChoice(code, localized(*words)) for code, words in FLAGS.items()]
        unsaid = SelectChoice("", lazy_gettext("未说明"))
        return SelectField(title, choices=[unsaid, *(offered or flags)], description=hint)
    if spec.kind is Kind.LIST:
        each = lazy_gettext("每行一项。")
        return TextAreaField(title, limits, description=hint or each, render_kw={"rows": 3})
    if spec.kind is Kind.TEXT:
        return TextAreaField(title, limits, description=hint, render_kw={"rows": 3})
    return StringField(title, limits, description=hint, render_kw={"autocomplete": "off", "inputmode": "decimal"})


def _shown(spec: Spec, cell: str) -> Any:
    if spec.kind is Kind.CHOICES:
        return cell.split(SEPARATOR) if cell else []
    return cell.replace(SEPARATOR, "\n") if spec.kind is Kind.LIST else cell


def _cell(spec: Spec, data: Any, before: str) -> str:
    """A field's input as its cell; codes in another order than before say the same."""
    if spec.kind is Kind.CHOICES:
        chosen = tuple(data or ())
        return before if set(chosen) == set(filter(None, before.split(SEPARATOR))) else SEPARATOR.join(chosen)
    if spec.kind is Kind.LIST:
        return SEPARATOR.join(filter(None, (part.strip() for part in _ENTRIES.split(data or ""))))
    return (data or "").strip()


def fields_of(known: Iterable[Spec]) -> dict[str, Field]:
    """column → its field."""
    return {spec.column: _field(spec) for spec in known}


def data_of(known: Iterable[Spec], held: Mapping[str, str]) -> dict[str, Any]:
    """column → what its field shows of the cells ``held``."""
    return {spec.column: _shown(spec, held.get(spec.column, "")) for spec in known}


def cells_of(form: FlaskForm, known: Iterable[Spec], before: Mapping[str, str]) -> dict[str, str]:
    """column → the cell that the form says."""
    return {spec.column: _cell(spec, form[spec.column].data, before.get(spec.column, "")) for spec in known}


def shown_of(form: FlaskForm, known: Iterable[Spec]) -> list[Shown]:
    """The fields in order, with their units."""
    return [
        Shown(
            form[spec.column],
            str(_UNITS[spec.kind]) if spec.kind in _UNITS else None,
            is_boxes=spec.kind is Kind.CHOICES,
            is_wide=spec.kind not in NUMBERS | {Kind.FLAG, Kind.CHOICE},
        )
        for spec in known
    ]


def fields(product_type: str) -> dict[str, Field]:
    """The fields of a product type."""
    return fields_of(specs(product_type).values())


def data(product_type: str, held: Mapping[str, str]) -> dict[str, Any]:
    """What they show."""
    return data_of(specs(product_type).values(), held)


def cells(form: FlaskForm, product_type: str, before: Mapping[str, str]) -> dict[str, str]:
    """What they say."""
    return cells_of(form, specs(product_type).values(), before)


def shown(form: FlaskForm, product_type: str) -> list[Shown]:
    """What a page draws of them."""
    return shown_of(form, specs(product_type).values())
