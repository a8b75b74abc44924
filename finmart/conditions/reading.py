"""The small steps of reading a JSON form: each refuses what does not fit, with the place and a sentence."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from finmart.conditions.errors import BadCondition
from finmart.reference.refusals import N_

#: Deeper or larger conditions are refused: nobody could read them, and evaluation must stay bounded.
MAX_DEPTH = 12
MAX_NODES = 200
MAX_CODES = 500
MAX_INTEGER = 10**18


Word = TypeVar("Word", bound=StrEnum)


class Budget:
    """Counts the parts while they are read."""

    def __init__(self) -> None:
        self.nodes = 0

    def enter(self, path: str, depth: int) -> None:
        """Count one more part at ``depth``. Raises ``BadCondition`` when there are too many or they lie too deep."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            fail(path, "too_large", N_("一条条件最多{most}个部分，请拆成几条。"), most=MAX_NODES)
        if depth > MAX_DEPTH:
            fail(path, "too_deep", N_("条件最多嵌套{most}层，请减少分组。"), most=MAX_DEPTH)


def fail(path: str, code: str, msgid: str, **params: object) -> NoReturn:
    """Raise ``BadCondition``."""
    raise BadCondition(path, code, msgid, **params)


def single(data: Any, path: str, *beside: str) -> tuple[str, Any]:
    """The one operator of an object and its body; ``beside`` may stand next to it."""
    if not isinstance(data, Mapping):
        fail(path, "not_an_object", N_("这里应当是一个只含一个运算的对象。"))
    names = [name for name in data if name not in beside]
    if len(names) != 1 or not isinstance(names[0], str):
        fail(path, "one_operator", N_("一个对象里只能有一个运算。"))
    return names[0], data[names[0]]


def fields(body: Any, path: str, allowed: frozenset[str]) -> Mapping[str, Any]:
    """An object that has no other fields than ``allowed``."""
    if not isinstance(body, Mapping) or set(body) - allowed:
        fail(path, "unknown_field", N_("这里只能有这些字段：{fields}。"), fields="、".join(sorted(allowed)))
    return body


def items(body: Any, path: str, *, least: int, most: int | None = None) -> list[Any]:
    """A list with ``least`` to ``most`` items."""
    if not isinstance(body, list) or len(body) < least:
        fail(path, "too_few", N_("这里应当是至少{least}项的列表。"), least=least)
    if most is not None and len(body) > most:
        fail(path, "too_many", N_("这里最多{most}项。"), most=most)
    return body


def integer(value: Any, path: str, *, least: int = -MAX_INTEGER) -> int:
    """A whole number of at least ``least``; true and false are none.

    JSON knows one kind of number, so 3.0 is the whole number 3, as its schema says too.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MAX_INTEGER:
        fail(path, "not_an_integer", N_("这里应当是整数：金额以分为单位，比率以百万分之一为单位。"))
    if value < least:
        fail(path, "too_small", N_("这里的数不能小于{least}。"), least=least)
    return value


def text(value: Any, path: str) -> str:
    """The key of a fact."""
    if not isinstance(value, str) or not value:
        fail(path, "not_a_key", N_("这里应当写数据项的代码。"))
    return value


def word(kind: type[Word], value: Any, path: str) -> Word:
    """One of the words of ``kind``."""
    if not isinstance(value, str) or value not in set(kind):
        fail(path, "unknown_word", N_("这里只能写：{words}。"), words="、".join(each.value for each in kind))
    return kind(value)


def day(value: Any, path: str) -> date:
    """A calendar day as ``2026-01-31``."""
    try:
        found = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or found.isoformat() != value:
        fail(path, "not_a_day", N_("这里应当是日期，例如 2026-01-31。"))
    return found


def fact_key(value: Any, path: str) -> str:
    """The key in ``{"fact": KEY}``."""
    operator, body = single(value, path)
    if operator != "fact":
        fail(path, "not_a_fact", N_("这个运算的左边应当是一个数据项。"))
    return text(body, path + "/fact")


def flag(value: Any, path: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        fail(path, "not_a_flag", N_("这里应当是 true 或 false。"))
    return value


def codes(value: Any, path: str) -> tuple[str, ...]:
    """A list of different codes, at least one."""
    found = items(value, path, least=1, most=MAX_CODES)
    if not all(isinstance(code, str) and code for code in found):
        fail(path, "not_codes", N_("这里应当是一列代码。"))
    if len(set(found)) != len(found):
        fail(path, "code_twice", N_("同一个代码写了两次。"))
    return tuple(found)
