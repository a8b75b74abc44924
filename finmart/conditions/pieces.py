"""One value that holds no others, as the few fields that a form shows, and back: what comes back is what went in."""

from dataclasses import dataclass
from typing import Any

from finmart.conditions import shapes, tree
from finmart.conditions.errors import BadCondition
from finmart.conditions.json_form import UNITS, parse_expression
from finmart.conditions.leaves import stored, typed, whole
from finmart.conditions.shapes import Json
from finmart.conditions.types import TimeUnit, WindowOf
from finmart.conditions.units import unit
from finmart.reference.facts import facts
from finmart.reference.refusals import N_

#: Values that hold no others; those of the second line speak of one fact.
SIMPLE = ("number", "day")
ABOUT_FACTS = ("fact", "window", "since", "until")
#: Values around other values, in the order in which people reach for them.
HOLDING = ("share", "plus", "minus", "times", "divide", "min", "max", "case", "to")
#: kind of piece → the kinds of facts that it may speak of
FACT_KINDS = {
    "fact": frozenset({"money", "ratio", "count", "years", "months", "days", "date"}),
    "window": frozenset({"series"}),
    "since": frozenset({"date"}),
    "until": frozenset({"date"}),
}


@dataclass(frozen=True)
class PieceFields:
    """What the form of a value holds, each as the text that stands in its field.

    ``value`` is in the measure that people type (万元 for money, % for ratios); ``unit`` empty takes the unit of the
    other side. ``counted`` is in what ``since`` and ``until`` count.
    """

    kind: str
    key: str = ""
    value: str = ""
    unit: str = ""
    months: str = ""
    of: str = ""
    skip: str = ""
    every: str = ""
    counted: str = ""

    @property
    def asks_fact(self) -> bool:
        """Whether its fact is still to be chosen."""
        return self.kind in ABOUT_FACTS and not self.key


def fields_of(piece: Json) -> PieceFields | None:
    """The fields that say what ``piece`` says; None for a value around others, and for what says nothing sound."""
    try:
        found = _fields(piece)
        return found if found is not None and piece_of(found) == piece else None
    except (KeyError, TypeError, ValueError, AttributeError, BadCondition):
        return None


def _fields(piece: Json) -> PieceFields | None:
    match piece:
        case {"fact": str(key)}:
            return PieceFields("fact", key)
        case {"value": int(value)}:
            given = piece.get("unit", "")
            return PieceFields("number", value=typed(value, given), unit=given)
        case {"date": str(day)}:
            return PieceFields("day", value=day)
        case {"window": dict(body)}:
            said = {name: str(body.get(name, "")) for name in ("months", "of", "skip", "every")}
            return PieceFields("window", body["series"], **said)
        case {"since": dict(body)} | {"until": dict(body)}:
            return PieceFields(next(iter(piece)), body["fact"], counted=body["in"])
        case _:
            return None


def piece_of(found: PieceFields) -> Json:
    """The value that the fields say. Raises ``BadCondition`` naming the field, ``KeyError`` for an unknown fact."""
    if found.kind in ABOUT_FACTS:
        if not found.key or facts()[found.key].kind not in FACT_KINDS[found.kind]:
            raise BadCondition("key", "no_fact", N_("请先选择一项数据。"))
        return _about_fact(found)
    if found.kind == "day":
        return {"date": found.value.strip()}
    if found.kind != "number" or found.unit not in {"", *UNITS}:
        raise BadCondition("unit", "no_unit", N_("请选择单位。"))
    number: Json = {"value": stored(found.value, found.unit, "value")}
    return {**number, "unit": found.unit} if found.unit else number


def _about_fact(found: PieceFields) -> Json:
    if found.kind == "fact":
        return {"fact": found.key}
    if found.kind != "window":
        if found.counted not in set(TimeUnit):
            raise BadCondition("counted", "no_unit", N_("请选择单位。"))
        return {found.kind: {"fact": found.key, "in": found.counted}}
    return {"window": window_of(found.key, found.months, found.of, found.skip, found.every)}


def window_of(series: str, months: str, of: str, skip: str, every: str) -> Json:
    """A window as its fields say it. Raises ``BadCondition`` or ``ValueError``."""
    window: dict[str, Any] = {"series": series, "months": whole(months, "months"), "of": WindowOf(of or "sum").value}
    if skip.strip() not in ("", "0"):
        window["skip"] = whole(skip, "skip")
    if every.strip():
        window["every"] = whole(every, "every")
    return window


def blank(kind: str, key: str = "", unit_hint: str = "") -> PieceFields:
    """The fields of a value that was just chosen. Raises ``ValueError`` for a kind that there is none of."""
    if kind not in (*SIMPLE, *ABOUT_FACTS):
        raise ValueError(f"no value is called {kind!r}")
    if kind == "window":
        return PieceFields(kind, key, months="12", of="sum")
    return PieceFields(kind, key, unit=unit_hint if kind == "number" else "", counted="years" if key else "")


def unit_hint(root: Json, path: str) -> str:
    """The unit that a number at ``path`` most likely has: that of what it stands beside; a multiplier has none."""
    above, _dot, last = path.rpartition(".")
    if not path:
        return "money"
    holder, number = tree.at(root, above), int(last)
    kind = shapes.kind_of(holder)
    if kind in ("times", "divide"):
        return "ratio" if kind == "times" and number == 0 else ""
    beside = [part for place, part in enumerate(shapes.children(holder)) if place != number]
    if kind == "case":
        beside = [part for place, part in enumerate(beside) if part and "value" in part]
    found = next((known for part in beside if (known := _unit_of(part))), "")
    # What a sum or a value by case is compared with stands outside it; a limit's whole formula is money.
    return found or (unit_hint(root, above) if kind in (*shapes.CALCULATIONS, "case") else "")


def _unit_of(piece: Json) -> str:
    try:
        found = unit(parse_expression(piece))
    except BadCondition:
        return ""
    return found if found in UNITS else ""
