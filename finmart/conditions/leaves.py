"""One leaf of a condition as the few fields that a form shows, and back: what comes back is what went in, or no form.

A comparison that these fields cannot say exactly (arithmetic, values by case) has no ``LeafFields``: it is built of
``pieces``, each with fields of its own.
"""

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from finmart.conditions.errors import BadCondition
from finmart.conditions.shapes import COMPARISONS, Json
from finmart.conditions.types import WindowOf
from finmart.reference.facts import FactDefinition, facts
from finmart.reference.refusals import N_

#: kind of fact → what can be asked of it
_LISTS = {"code": ("in", "not_in"), "codes": ("has_any", "has_all", "has_none"), "industry": ("industry_in",)}
LISTS = {**_LISTS, "region": ("region_in",)}
#: What the language also knows and the form offers only where it is said already.
_SELDOM = {"codes": ("in", "not_in")}
#: Units typed in other measures than they are stored in: money in 万元, ratios in percent.
_SCALE = {"money": 1_000_000, "ratio": 10_000}
#: A number with more digits is a mistake, and no memory should be spent on it.
_MOST_DIGITS = 20
_UNIT_OF_WINDOW = {
    WindowOf.COUNT: "count",
    WindowOf.GROWTH: "ratio",
    WindowOf.LONGEST_GAP: "months",
    WindowOf.COVERS: "months",
}
#: What a leaf says of places and industries may also be denied.
_DENIABLE = ("industry_in", "region_in")


@dataclass(frozen=True)
class LeafFields:
    """What the form of a leaf holds, each as the text that stands in its field.

    ``operator`` is one of ``COMPARISONS``, of ``LISTS``, ``is`` or ``on_list``. ``value`` is in the measure that people
    type (万元, %, whole numbers); ``other`` names the fact that a number is compared with instead, ``value`` percent of
    it. ``months``, ``of``, ``skip`` and ``every`` describe the window of a monthly series. An entry on a list must run
    for ``value`` more months and ``days`` more days.
    """

    key: str
    operator: str
    value: str = ""
    other: str = ""
    codes: tuple[str, ...] = ()
    months: str = ""
    of: str = ""
    skip: str = ""
    every: str = ""
    denied: bool = False
    days: str = ""


def operators_of(definition: FactDefinition) -> tuple[str, ...]:
    """What can be asked of a fact, the usual first."""
    if definition.kind in LISTS:
        return LISTS[definition.kind]
    return {"flag": ("is",), "date": ("on_list", *COMPARISONS)}.get(definition.kind, COMPARISONS)


def unit_asked(found: LeafFields) -> str:
    """The unit of the value that is compared: of the fact, or of what the window asks."""
    definition = facts()[found.key]
    if definition.kind != "series":
        return definition.unit
    return _UNIT_OF_WINDOW.get(WindowOf(found.of or "sum"), definition.unit)


def fields_of(leaf: Json) -> LeafFields | None:
    """The fields that say what ``leaf`` says; None when they cannot, or when a fact is unknown."""
    try:
        found = _fields(leaf)
        return found if found is not None and leaf_of(found) == leaf else None
    except (KeyError, IndexError, TypeError, ValueError, BadCondition):
        return None


def _fields(leaf: Json) -> LeafFields | None:
    [(operator, body)] = leaf.items()
    if operator == "not":
        inner = _fields(body)
        return replace(inner, denied=True) if inner is not None and inner.operator in _DENIABLE else None
    if operator == "is":
        return LeafFields(body[0]["fact"], operator, value="yes" if body[1] else "no")
    if operator == "on_list":
        months, days = body.get("remaining_months", 0), body.get("remaining_days", 0)
        return LeafFields(body["fact"], operator, value=str(months), days=str(days))
    if operator not in COMPARISONS:
        return LeafFields(body[0]["fact"], operator, codes=tuple(body[1]))
    left, right = body
    if "window" in left:
        window = left["window"]
        said = {name: str(window.get(name, "")) for name in ("months", "of", "skip", "every")}
        base = LeafFields(window["series"], operator)
        base = replace(base, months=said["months"], of=said["of"], skip=said["skip"], every=said["every"])
    else:
        base = LeafFields(left["fact"], operator)
    return _with_right(base, right)


def _with_right(base: LeafFields, right: Json) -> LeafFields:
    if "value" in right:
        return replace(base, value=typed(right["value"], unit_asked(base)))
    if "date" in right:
        return replace(base, value=right["date"])
    if "fact" in right:
        return replace(base, other=right["fact"], value="100")
    share, fact = right["times"]
    return replace(base, other=fact["fact"], value=typed(share["value"], "ratio"))


def typed(value: int, unit: str) -> str:
    """A stored number in the measure that people type."""
    return f"{(Decimal(value) / _SCALE.get(unit, 1)).normalize():f}"


def stored(text: str, unit: str, place: str) -> int:
    """A typed number as it is stored. Raises ``BadCondition`` at ``place`` for what is none."""
    try:
        given = Decimal(text.strip().replace(",", ""))
        if not given.is_finite() or given.adjusted() > _MOST_DIGITS:
            raise InvalidOperation
        exact = given * _SCALE.get(unit, 1)
        if exact != exact.to_integral_value():
            raise InvalidOperation
        return int(exact)
    except (InvalidOperation, OverflowError, ValueError):
        raise BadCondition(place, "no_number", N_("请填写数字：金额以万元计，比率以百分数计，其余填整数。")) from None


def whole(text: str, place: str) -> int:
    """A typed whole number. Raises ``BadCondition`` at ``place`` for what is none."""
    return stored(text, "count", place)


def leaf_of(found: LeafFields) -> Json:
    """The leaf that the fields say. Raises ``BadCondition`` naming the field, ``KeyError`` for an unknown fact."""
    definition = facts()[found.key]
    if found.operator not in (*operators_of(definition), *_SELDOM.get(definition.kind, ())):
        raise BadCondition("operator", "no_operator", N_("请选择怎样比较。"))
    if definition.kind in LISTS:
        return _listed(found)
    if found.operator == "is":
        if found.value not in ("yes", "no"):
            raise BadCondition("value", "no_choice", N_("请选择是或否。"))
        return {"is": [{"fact": found.key}, found.value == "yes"]}
    if found.operator == "on_list":
        left = {
            "remaining_months": whole(found.value or "0", "value"),
            "remaining_days": whole(found.days or "0", "days"),
        }
        return {"on_list": {"fact": found.key, **{name: number for name, number in left.items() if number}}}
    return {found.operator: [left_of(found), _right(found, definition)]}


def _listed(found: LeafFields) -> Json:
    codes = [code.strip() for code in found.codes if code.strip()]
    if not codes:
        raise BadCondition("codes", "no_codes", N_("请至少选择或填写一项。"))
    leaf: Json = {found.operator: [{"fact": found.key}, codes]}
    return {"not": leaf} if found.denied else leaf


def left_of(found: LeafFields) -> Json:
    """What a comparison compares, its left side. Raises as ``leaf_of`` does."""
    definition = facts()[found.key]
    if definition.kind != "series":
        return {"fact": found.key}
    of = WindowOf(found.of or "sum")
    window: dict[str, Any] = {"series": found.key, "months": whole(found.months, "months"), "of": of.value}
    if found.skip.strip() not in ("", "0"):
        window["skip"] = whole(found.skip, "skip")
    if of is WindowOf.COUNT and found.every.strip():
        window["every"] = whole(found.every, "every")
    return {"window": window}


def _right(found: LeafFields, definition: FactDefinition) -> Json:
    if found.other:
        share = stored(found.value or "100", "ratio", "value")
        if share == _SCALE["ratio"] * 100:
            return {"fact": found.other}
        return {"times": [{"value": share, "unit": "ratio"}, {"fact": found.other}]}
    if definition.kind == "date":
        return {"date": found.value.strip()}
    unit = unit_asked(found)
    right: Json = {"value": stored(found.value, unit, "value")}
    return {**right, "unit": unit} if unit in _SCALE else right
