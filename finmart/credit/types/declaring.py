"""Reading what an applicant types into a question, by the kind of the fact it answers."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from finmart.conditions.types import Value
from finmart.credit.types.errors import DeclarationInvalid, NotDeclarable
from finmart.platform.kernel.errors import BadInput
from finmart.platform.kernel.money import Money, Rate
from finmart.reference import industries, regions
from finmart.reference.facts import FactDefinition, facts

YES = frozenset({"yes", "true", "1", "是", "有"})
NO = frozenset({"no", "false", "0", "否", "无"})
#: The answer that says that none of the choices applies.
NONE = "none"
#: More than any head count, age or number of months a person could mean.
MOST = 10_000_000
#: Amounts that a person may truthfully state as below zero: a loss is a negative profit.
MAY_BE_NEGATIVE = frozenset(
    {"net_profit", "net_profit_previous", "net_assets", "operating_cash_flow", "controller.net_assets"}
)


def read_answer(key: str, text: str) -> Value:
    """The value that ``text`` means for the fact ``key``: money in 万元, ratios in %, several codes with ``;`` between.

    Raises ``NotDeclarable`` or ``DeclarationInvalid``.
    """
    definition = facts().get(key)
    if definition is None or not definition.is_declarable or definition.kind not in _READERS:
        raise NotDeclarable(key)
    try:
        return _READERS[definition.kind](definition, text.strip())
    except (BadInput, ValueError):
        raise DeclarationInvalid(definition.label_zh, text) from None


def _money(definition: FactDefinition, text: str) -> int:
    fen = Money.from_wan(text).fen
    if fen < 0 and definition.key not in MAY_BE_NEGATIVE:
        raise ValueError(text)
    return fen


def _ratio(_definition: FactDefinition, text: str) -> int:
    return Rate.from_percent(text).ppm


def _whole(_definition: FactDefinition, text: str) -> int:
    value = int(text)
    if not 0 <= value <= MOST:
        raise ValueError(text)
    return value


def _date(_definition: FactDefinition, text: str) -> date:
    return date.fromisoformat(text)


def _flag(_definition: FactDefinition, text: str) -> bool:
    if text.lower() not in YES | NO:
        raise ValueError(text)
    return text.lower() in YES


def _code(definition: FactDefinition, text: str) -> str:
    if not text or (definition.choices and definition.choice(text) is None):
        raise ValueError(text)
    return text


def _codes(definition: FactDefinition, text: str) -> tuple[str, ...]:
    if text == NONE:
        return ()
    return tuple(sorted({_code(definition, part.strip()) for part in text.split(";")}))


def _industry(_definition: FactDefinition, text: str) -> str:
    found = industries.find(text)
    if found is None:
        raise ValueError(text)
    return found.code


def _region(_definition: FactDefinition, text: str) -> str:
    if regions.find(text) is None:
        raise ValueError(text)
    return text


_READERS: Mapping[str, Callable[[FactDefinition, str], Value]] = MappingProxyType(
    {
        "money": _money,
        "ratio": _ratio,
        **dict.fromkeys(("count", "years", "months", "days"), _whole),
        "date": _date,
        "flag": _flag,
        **dict.fromkeys(("code", "text"), _code),
        "codes": _codes,
        "industry": _industry,
        "region": _region,
    }
)


def typed_value(key: str, stored: object) -> Value:
    """A fact's value from its JSON form: lists become tuples, and days of the dictionary's dates become dates."""
    definition = facts().get(key)
    if definition is not None and definition.kind == "date" and isinstance(stored, str):
        return date.fromisoformat(stored)
    if isinstance(stored, list):
        return tuple(stored)
    if isinstance(stored, bool | int | str):
        return stored
    raise ValueError(f"the stored value of {key} has no known type")
