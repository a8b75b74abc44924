"""Particulars and figures as validated JSON: only what is stated stands in it, and nothing unknown is let in."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from finmart.platform.kernel.errors import BadInput
from finmart.products.particulars.cells import check
from finmart.products.particulars.figures import Figures, figure_specs, figures_class
from finmart.products.particulars.kinds import KINDS, Particulars, specs
from finmart.products.particulars.spec import NUMBERS, SEVERAL, Kind, Spec, Stated


class ParticularsFault(ValueError):
    """A document holds what its kind does not know; the text names the field."""


def dump(held: Stated) -> dict[str, Any]:
    """name → value of what is stated."""
    stated = {each.name: getattr(held, each.name) for each in fields(held)}
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in stated.items() if value is not None
    }


def _typed(spec: Spec, value: Any) -> Any:
    if spec.kind in NUMBERS:
        is_sound = isinstance(value, int) and not isinstance(value, bool)
    elif spec.kind is Kind.FLAG:
        is_sound = isinstance(value, bool)
    elif spec.kind in SEVERAL:
        is_sound = isinstance(value, list) and all(isinstance(part, str) for part in value)
    else:
        is_sound = isinstance(value, str)
    if not is_sound:
        raise ParticularsFault(f"{spec.column}: {value!r} is no {spec.kind}")
    found = tuple(value) if spec.kind in SEVERAL else value
    try:
        check(spec, found)
    except BadInput as error:
        raise ParticularsFault(f"{spec.column}: {value!r} is not allowed") from error
    return found


def _values(known: Mapping[str, Spec], document: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(document) - set(known))
    if unknown:
        raise ParticularsFault(f"no field is called {', '.join(unknown)}")
    return {name: _typed(known[name], value) for name, value in document.items()}


def load(product_type: str, document: Mapping[str, Any] | None) -> Particulars | None:
    """The particulars in ``document``; None when nothing is stated. Raises ``ParticularsFault``."""
    if not document:
        return None
    values = _values(specs(product_type), document)
    return KINDS[product_type](**values)


def load_figures(institution_kind: str, document: Mapping[str, Any] | None) -> Figures | None:
    """The figures in ``document``; None when nothing is stated. Raises ``ParticularsFault``."""
    if not document:
        return None
    values = _values(figure_specs(institution_kind), document)
    return figures_class(institution_kind)(**values)
