"""The language as a JSON Schema (2020-12), built from the same words that ``json_form`` reads.

A schema says the shape. What needs counting or the dictionary stays with ``json_form`` and ``validate``: how deep and
how large a condition may be, that ``at_least`` names no more parts than there are, that a day is in the calendar, that
a fact exists and its unit fits.
"""

from typing import Any

from finmart.conditions.json_form import UNITS
from finmart.conditions.reading import MAX_CODES, MAX_INTEGER
from finmart.conditions.types import (
    LANGUAGE_VERSION,
    Arithmetic,
    Compare,
    Direction,
    MemberOf,
    TimeUnit,
    WindowOf,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: The name by which one version of the language is known; it is no address.
IDENTIFIER = f"urn:finmart:conditions:{LANGUAGE_VERSION}"

Json = dict[str, Any]


def _ref(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}


def _object(required: Json, optional: Json | None = None) -> Json:
    """An object with these fields and no others."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def _tuple(*parts: Json) -> Json:
    return {"type": "array", "prefixItems": list(parts), "minItems": len(parts), "maxItems": len(parts)}


def _list(of: Json, least: int) -> Json:
    return {"type": "array", "items": of, "minItems": least}


def _integer(least: int = -MAX_INTEGER) -> Json:
    return {"type": "integer", "minimum": least, "maximum": MAX_INTEGER}


_KEY: Json = {"type": "string", "minLength": 1}
_FACT = _object({"fact": _KEY})
_CODES: Json = {**_list(_KEY, 1), "maxItems": MAX_CODES, "uniqueItems": True}
_WINDOW = _object(
    {"series": _KEY, "months": _integer(1), "of": {"enum": [each.value for each in WindowOf]}},
    {"skip": _integer(0), "every": {"anyOf": [_integer(1), {"type": "null"}]}},
)
_PAIRS = (Arithmetic.TIMES, Arithmetic.MINUS, Arithmetic.DIVIDE)
_UNIT: Json = {"anyOf": [{"enum": sorted(UNITS)}, {"type": "null"}]}
_TIME: Json = {"enum": [each.value for each in TimeUnit]}


def _expressions() -> list[Json]:
    inner = _ref("expression")
    lengths = [_object({each.value: _object({"fact": _KEY, "in": _TIME})}) for each in Direction]
    pairs = [_object({each.value: _tuple(inner, inner)}) for each in _PAIRS]
    more = [_object({each.value: _list(inner, 2)}) for each in Arithmetic if each not in _PAIRS]
    return [
        _FACT,
        _object({"value": _integer()}, {"unit": _UNIT}),
        _object({"date": {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}}),
        _object({"window": _WINDOW}),
        *lengths,
        _object({"to": _tuple(_TIME, inner)}),
        *pairs,
        *more,
        _object({"case": _list(_tuple(_ref("condition"), inner), 1)}, {"else": inner}),
    ]


def _conditions() -> list[Json]:
    expression, condition = _ref("expression"), _ref("condition")
    on_list = _object({"fact": _KEY}, {"remaining_months": _integer(0), "remaining_days": _integer(0)})
    return [
        *(_object({each.value: _tuple(expression, expression)}) for each in Compare),
        *(_object({each.value: _tuple(_FACT, _CODES)}) for each in MemberOf),
        _object({"is": _tuple(_FACT, {"type": "boolean"})}),
        _object({"on_list": on_list}),
        *(_object({name: _list(condition, 1)}) for name in ("all", "any")),
        _object({"not": condition}),
        _object({"at_least": _tuple(_integer(1), _list(condition, 1))}),
        _object({"unless": _tuple(condition, condition)}),
    ]


def schema() -> Json:
    """The schema of a clause: ``{"version": …, "condition": …, "required": …}``; ``$defs`` hold its parts."""
    return {
        "$schema": DIALECT,
        "$id": IDENTIFIER,
        "title": f"Finmart condition language, version {LANGUAGE_VERSION}",
        **_object(
            {"version": {"const": LANGUAGE_VERSION}, "condition": _ref("condition")},
            {"required": {"type": "boolean"}},
        ),
        "$defs": {"condition": {"anyOf": _conditions()}, "expression": {"anyOf": _expressions()}},
    }
