"""Conditions and expressions as JSON and back, without loss. One object has one key: its operator."""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from finmart.conditions.errors import BadCondition
from finmart.conditions.types import (
    All,
    AnyOf,
    Arithmetic,
    AtLeast,
    Calculation,
    Compare,
    Comparison,
    Condition,
    Expression,
    Fact,
    Flag,
    Literal,
    MemberOf,
    Membership,
    Not,
    OnList,
    Unless,
    Window,
    WindowOf,
)

#: Deeper or larger conditions are refused: nobody could read them, and evaluation must stay bounded.
MAX_DEPTH = 12
MAX_NODES = 200
MAX_CODES = 500
MAX_INTEGER = 10**18

UNITS = frozenset({"money", "ratio", "count", "years", "months", "days"})
_PAIRS = frozenset({Arithmetic.TIMES, Arithmetic.MINUS, Arithmetic.DIVIDE})


class _Reader:
    """Counts nodes and depth while it reads, and knows where it is."""

    def __init__(self) -> None:
        self.nodes = 0

    def enter(self, path: str, depth: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            _fail(path, "too_large", f"more than {MAX_NODES} parts; split the condition")
        if depth > MAX_DEPTH:
            _fail(path, "too_deep", f"nested deeper than {MAX_DEPTH} levels; flatten the groups")


def _fail(path: str, code: str, text: str, **params: object) -> NoReturn:
    raise BadCondition(path, code, text, **params)


def _single(data: Any, path: str) -> tuple[str, Any]:
    if not isinstance(data, Mapping) or not data:
        _fail(path, "not_an_object", "expected an object with one operator")
    keys = [key for key in data if key != "unit"]
    if len(keys) != 1 or not isinstance(keys[0], str):
        _fail(path, "one_operator", "expected exactly one operator in an object")
    return keys[0], data[keys[0]]


def _items(body: Any, path: str, *, least: int, most: int | None = None) -> list[Any]:
    if not isinstance(body, list) or len(body) < least or (most is not None and len(body) > most):
        wanted = f"exactly {least}" if most == least else f"at least {least}"
        _fail(path, "wrong_number", f"expected a list of {wanted} parts")
    return body


def _integer(value: Any, path: str, *, least: int | None = None) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MAX_INTEGER:
        _fail(path, "not_an_integer", "expected a whole number (money in 分, ratios in ppm)")
    if least is not None and value < least:
        _fail(path, "too_small", f"expected at least {least}")
    return value


def _key(value: Any, path: str) -> str:
    if not isinstance(value, str) or not value:
        _fail(path, "not_a_key", "expected the key of a fact")
    return value


def _fact_key(value: Any, path: str) -> str:
    operator, body = _single(value, path)
    if operator != "fact":
        _fail(path, "not_a_fact", "this operator needs a fact on its left")
    return _key(body, path + "/fact")


def _codes(value: Any, path: str) -> tuple[str, ...]:
    codes = _items(value, path, least=1, most=MAX_CODES)
    if not all(isinstance(code, str) and code for code in codes):
        _fail(path, "not_codes", "expected a list of codes")
    if len(set(codes)) != len(codes):
        _fail(path, "code_twice", "a code stands twice in the list")
    return tuple(codes)


def _expression(data: Any, path: str, depth: int, reader: _Reader) -> Expression:
    reader.enter(path, depth)
    operator, body = _single(data, path)
    here = f"{path}/{operator}"
    if operator == "fact":
        return Fact(_key(body, here))
    if operator == "value":
        unit = data.get("unit")
        if unit is not None and unit not in UNITS:
            _fail(path, "unknown_unit", f"unknown unit {unit!r}")
        return Literal(_integer(body, here), unit)
    if operator == "window":
        return _window(body, here)
    if operator not in set(Arithmetic):
        _fail(path, "unknown_operator", f"unknown expression {operator!r}")
    kind = Arithmetic(operator)
    operands = _items(body, here, least=2, most=2 if kind in _PAIRS else None)
    return Calculation(kind, tuple(_expression(o, f"{here}/{i}", depth + 1, reader) for i, o in enumerate(operands)))


def _window(body: Any, path: str) -> Window:
    if not isinstance(body, Mapping) or set(body) - {"series", "months", "of", "skip", "every"}:
        _fail(path, "bad_window", "a window has series, months, of, and may have skip and every")
    if body.get("of") not in set(WindowOf):
        _fail(path + "/of", "unknown_window", f"unknown window figure {body.get('of')!r}")
    every = body.get("every")
    return Window(
        _key(body.get("series"), path + "/series"),
        _integer(body.get("months"), path + "/months", least=1),
        WindowOf(body["of"]),
        _integer(body.get("skip", 0), path + "/skip", least=0),
        None if every is None else _integer(every, path + "/every", least=1),
    )


def _parts(body: Any, path: str, depth: int, reader: _Reader) -> tuple[Condition, ...]:
    items = _items(body, path, least=1)
    return tuple(_condition(part, f"{path}/{i}", depth + 1, reader) for i, part in enumerate(items))


def _comparison(operator: str, body: Any, path: str, depth: int, reader: _Reader) -> Condition:
    left, right = _items(body, path, least=2, most=2)
    return Comparison(
        Compare(operator),
        _expression(left, path + "/0", depth + 1, reader),
        _expression(right, path + "/1", depth + 1, reader),
    )


def _membership(operator: str, body: Any, path: str, _depth: int, _reader: _Reader) -> Condition:
    fact, codes = _items(body, path, least=2, most=2)
    return Membership(MemberOf(operator), _fact_key(fact, path + "/0"), _codes(codes, path + "/1"))


def _flag(_operator: str, body: Any, path: str, _depth: int, _reader: _Reader) -> Condition:
    fact, expected = _items(body, path, least=2, most=2)
    if not isinstance(expected, bool):
        _fail(path + "/1", "not_a_flag", "expected true or false")
    return Flag(_fact_key(fact, path + "/0"), expected)


def _on_list(_operator: str, body: Any, path: str, _depth: int, _reader: _Reader) -> Condition:
    if not isinstance(body, Mapping) or set(body) - {"fact", "remaining_months"}:
        _fail(path, "bad_list", "on_list has a fact and may have remaining_months")
    return OnList(
        _key(body.get("fact"), path + "/fact"),
        _integer(body.get("remaining_months", 0), path + "/remaining_months", least=0),
    )


def _group(operator: str, body: Any, path: str, depth: int, reader: _Reader) -> Condition:
    if operator == "not":
        return Not(_condition(body, path, depth + 1, reader))
    if operator == "at_least":
        count, parts = _items(body, path, least=2, most=2)
        found = _parts(parts, path + "/1", depth, reader)
        number = _integer(count, path + "/0", least=1)
        if number > len(found):
            _fail(path, "too_many", f"at least {number} of only {len(found)} parts can never be met")
        return AtLeast(number, found)
    if operator == "unless":
        exception, part = _items(body, path, least=2, most=2)
        return Unless(
            _condition(exception, path + "/0", depth + 1, reader), _condition(part, path + "/1", depth + 1, reader)
        )
    found = _parts(body, path, depth, reader)
    return All(found) if operator == "all" else AnyOf(found)


_READERS: dict[str, Callable[[str, Any, str, int, _Reader], Condition]] = {
    **{operator.value: _comparison for operator in Compare},
    **{operator.value: _membership for operator in MemberOf},
    "is": _flag,
    "on_list": _on_list,
    **dict.fromkeys(("all", "any", "not", "at_least", "unless"), _group),
}


def _condition(data: Any, path: str, depth: int, reader: _Reader) -> Condition:
    reader.enter(path, depth)
    operator, body = _single(data, path)
    read = _READERS.get(operator)
    if read is None:
        _fail(path, "unknown_operator", f"unknown condition {operator!r}")
    return read(operator, body, f"{path}/{operator}", depth, reader)


def parse_condition(data: Any) -> Condition:
    """Read a condition from its JSON form. Raises ``BadCondition`` with the place and the reason."""
    return _condition(data, "", 1, _Reader())


def parse_expression(data: Any) -> Expression:
    """Read an expression (a limit's formula) from its JSON form. Raises ``BadCondition``."""
    return _expression(data, "", 1, _Reader())


def dump_expression(expression: Expression) -> dict[str, Any]:
    """The JSON form of an expression."""
    match expression:
        case Fact(key):
            return {"fact": key}
        case Literal(value, unit):
            return {"value": value} if unit is None else {"value": value, "unit": unit}
        case Window(series, months, of, skip, every):
            body: dict[str, Any] = {"series": series, "months": months, "of": of.value}
            if skip:
                body["skip"] = skip
            if every is not None:
                body["every"] = every
            return {"window": body}
        case Calculation(operator, operands):
            return {operator.value: [dump_expression(operand) for operand in operands]}


def dump_condition(condition: Condition) -> dict[str, Any]:
    """The JSON form of a condition."""
    match condition:
        case Comparison(operator, left, right):
            return {operator.value: [dump_expression(left), dump_expression(right)]}
        case Membership(member, key, codes):
            return {member.value: [{"fact": key}, list(codes)]}
        case Flag(key, expected):
            return {"is": [{"fact": key}, expected]}
        case OnList(key, months):
            return {"on_list": {"fact": key, "remaining_months": months} if months else {"fact": key}}
        case Not(part):
            return {"not": dump_condition(part)}
        case _:
            return _dump_group(condition)


def _dump_group(condition: All | AnyOf | AtLeast | Unless) -> dict[str, Any]:
    match condition:
        case All(parts):
            return {"all": [dump_condition(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [dump_condition(part) for part in parts]}
        case AtLeast(count, parts):
            return {"at_least": [count, [dump_condition(part) for part in parts]]}
        case Unless(exception, part):
            return {"unless": [dump_condition(exception), dump_condition(part)]}
