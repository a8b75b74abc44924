"""Values given as text on the command line, read by the fact dictionary."""

from collections.abc import Mapping
from datetime import date

from finmart.conditions.types import FactValue, Value
from finmart.matching.types.errors import ValueRefused
from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.money import Money, Rate
from finmart.reference.facts import FactDefinition, facts

ORIGIN = "declared"
YES_NO = {"yes": True, "true": True, "是": True, "no": False, "false": False, "否": False}


def _code(definition: FactDefinition, text: str) -> str:
    if definition.choices and definition.choice(text) is None:
        raise ValueRefused(definition.key, text)
    return text


def _value(definition: FactDefinition, text: str) -> Value:
    """The value ``text`` means for a fact; money in 元, ratios in %. Raises ``ValueRefused`` or ``BadInput``."""
    match definition.kind:
        case "money":
            return Money.from_yuan(text).fen
        case "ratio":
            return Rate.from_percent(text).ppm
        case "count" | "years" | "months" | "days":
            return int(text)
        case "date":
            return date.fromisoformat(text)
        case "flag":
            return YES_NO[text.lower()]
        case "codes":
            return tuple(sorted(_code(definition, part) for part in text.split("+") if part))
        case "code" | "industry" | "region" | "text":
            return _code(definition, text)
        case _:
            raise ValueRefused(definition.key, text)


def read_declared(values: Mapping[str, str]) -> dict[str, FactValue]:
    """key → declared fact. Raises ``ValueRefused`` naming the key that is not known or cannot be declared so."""
    found: dict[str, FactValue] = {}
    for key, text in values.items():
        definition = facts().get(key)
        if definition is None or not definition.is_declarable:
            raise ValueRefused(key, text)
        try:
            value = _value(definition, text.strip())
        except (BadInput, KeyError, ValueError) as error:
            raise ValueRefused(key, text) from error
        found[key] = FactValue(value=value, observed_until=None, source=ORIGIN, origin=ORIGIN)
    return found


def declarable_keys() -> frozenset[str]:
    """The facts an applicant may state itself."""
    return frozenset(key for key, definition in facts().items() if definition.is_declarable)
