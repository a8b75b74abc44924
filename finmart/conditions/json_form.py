"""Conditions and expressions as JSON and back, without loss. One object has one key: its operator."""

from collections.abc import Callable
from typing import Any

from finmart.conditions.reading import Budget, codes, fact_key, fail, fields, flag, integer, items, single, text
from finmart.conditions.types import (
    LANGUAGE_VERSION,
    All,
    AnyOf,
    Arithmetic,
    AtLeast,
    Calculation,
    Clause,
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
from finmart.reference.refusals import N_

UNITS = frozenset({"money", "ratio", "count", "years", "months", "days"})
_PAIRS = frozenset({Arithmetic.TIMES, Arithmetic.MINUS, Arithmetic.DIVIDE})
_WINDOW_FIELDS = frozenset({"series", "months", "of", "skip", "every"})
_LIST_FIELDS = frozenset({"fact", "remaining_months"})
_CLAUSE_FIELDS = frozenset({"version", "condition", "required"})


def _literal(data: Any, path: str) -> Literal:
    unit = data.get("unit")
    if unit is not None and not (isinstance(unit, str) and unit in UNITS):
        fail(path + "/unit", "unknown_unit", N_("没有名为“{given}”的单位。"), given=str(unit)[:20])
    return Literal(integer(data["value"], path + "/value"), unit)


def _window(body: Any, path: str) -> Window:
    found = fields(body, path, _WINDOW_FIELDS)
    if str(found.get("of")) not in set(WindowOf):
        fail(path + "/of", "unknown_window", N_("没有名为“{given}”的区间指标。"), given=str(found.get("of"))[:20])
    every = found.get("every")
    return Window(
        text(found.get("series"), path + "/series"),
        integer(found.get("months"), path + "/months", least=1),
        WindowOf(found["of"]),
        integer(found.get("skip", 0), path + "/skip", least=0),
        None if every is None else integer(every, path + "/every", least=1),
    )


def _expression(data: Any, path: str, depth: int, budget: Budget) -> Expression:
    budget.enter(path, depth)
    beside = ("unit",) if isinstance(data, dict) and "value" in data else ()
    operator, body = single(data, path, *beside)
    here = f"{path}/{operator}"
    if operator == "fact":
        return Fact(text(body, here))
    if operator == "value":
        return _literal(data, path)
    if operator == "window":
        return _window(body, here)
    if operator not in set(Arithmetic):
        fail(path, "unknown_operator", N_("没有名为“{given}”的运算。"), given=operator[:20])
    kind = Arithmetic(operator)
    operands = items(body, here, least=2, most=2 if kind in _PAIRS else None)
    return Calculation(kind, tuple(_expression(o, f"{here}/{i}", depth + 1, budget) for i, o in enumerate(operands)))


def _comparison(operator: str, body: Any, path: str, depth: int, budget: Budget) -> Condition:
    left, right = items(body, path, least=2, most=2)
    return Comparison(
        Compare(operator),
        _expression(left, path + "/0", depth + 1, budget),
        _expression(right, path + "/1", depth + 1, budget),
    )


def _membership(operator: str, body: Any, path: str, _depth: int, _budget: Budget) -> Condition:
    fact, wanted = items(body, path, least=2, most=2)
    return Membership(MemberOf(operator), fact_key(fact, path + "/0"), codes(wanted, path + "/1"))


def _flag(_operator: str, body: Any, path: str, _depth: int, _budget: Budget) -> Condition:
    fact, expected = items(body, path, least=2, most=2)
    return Flag(fact_key(fact, path + "/0"), flag(expected, path + "/1"))


def _on_list(_operator: str, body: Any, path: str, _depth: int, _budget: Budget) -> Condition:
    found = fields(body, path, _LIST_FIELDS)
    months = integer(found.get("remaining_months", 0), path + "/remaining_months", least=0)
    return OnList(text(found.get("fact"), path + "/fact"), months)


def _parts(body: Any, path: str, depth: int, budget: Budget) -> tuple[Condition, ...]:
    found = items(body, path, least=1)
    return tuple(_condition(part, f"{path}/{i}", depth + 1, budget) for i, part in enumerate(found))


def _group(operator: str, body: Any, path: str, depth: int, budget: Budget) -> Condition:
    if operator == "not":
        return Not(_condition(body, path, depth + 1, budget))
    if operator == "unless":
        items(body, path, least=2, most=2)
        return Unless(*_parts(body, path, depth, budget))
    if operator == "at_least":
        return _at_least(body, path, depth, budget)
    found = _parts(body, path, depth, budget)
    return All(found) if operator == "all" else AnyOf(found)


def _at_least(body: Any, path: str, depth: int, budget: Budget) -> Condition:
    count, parts = items(body, path, least=2, most=2)
    found = _parts(parts, path + "/1", depth, budget)
    number = integer(count, path + "/0", least=1)
    if number > len(found):
        fail(path, "never_met", N_("只有{parts}项，不可能至少满足{wanted}项。"), parts=len(found), wanted=number)
    return AtLeast(number, found)


_READERS: dict[str, Callable[[str, Any, str, int, Budget], Condition]] = {
    **{operator.value: _comparison for operator in Compare},
    **{operator.value: _membership for operator in MemberOf},
    "is": _flag,
    "on_list": _on_list,
    **dict.fromkeys(("all", "any", "not", "at_least", "unless"), _group),
}


def _condition(data: Any, path: str, depth: int, budget: Budget) -> Condition:
    budget.enter(path, depth)
    operator, body = single(data, path)
    read = _READERS.get(operator)
    if read is None:
        fail(path, "unknown_operator", N_("没有名为“{given}”的运算。"), given=operator[:20])
    return read(operator, body, f"{path}/{operator}", depth, budget)


def parse_condition(data: Any) -> Condition:
    """Read a condition from its JSON form. Raises ``BadCondition`` with the place and the reason."""
    return _condition(data, "", 1, Budget())


def parse_expression(data: Any) -> Expression:
    """Read an expression (a limit's formula) from its JSON form. Raises ``BadCondition``."""
    return _expression(data, "", 1, Budget())


def parse_clause(data: Any) -> Clause:
    """Read ``{"version": 1, "condition": …, "required": …}``. Raises ``BadCondition``, also for another version."""
    found = fields(data, "", _CLAUSE_FIELDS)
    if found.get("version") != LANGUAGE_VERSION:
        fail("/version", "unknown_version", N_("条件语言的版本应当是{known}。"), known=LANGUAGE_VERSION)
    condition = _condition(found.get("condition"), "/condition", 1, Budget())
    return Clause(condition, flag(found.get("required", True), "/required"))


def dump_clause(clause: Clause) -> dict[str, Any]:
    """The JSON form of a clause, with the language's version."""
    return {"version": LANGUAGE_VERSION, "condition": dump_condition(clause.condition), "required": clause.required}


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
        case Membership(member, key, wanted):
            return {member.value: [{"fact": key}, list(wanted)]}
        case Flag(key, expected):
            return {"is": [{"fact": key}, expected]}
        case OnList(key, months):
            return {"on_list": {"fact": key, "remaining_months": months} if months else {"fact": key}}
        case _:
            return _dump_group(condition)


def _dump_group(condition: All | AnyOf | AtLeast | Unless | Not) -> dict[str, Any]:
    match condition:
        case All(parts):
            return {"all": [dump_condition(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [dump_condition(part) for part in parts]}
        case AtLeast(count, parts):
            return {"at_least": [count, [dump_condition(part) for part in parts]]}
        case Unless(exception, part):
            return {"unless": [dump_condition(exception), dump_condition(part)]}
        case Not(part):
            return {"not": dump_condition(part)}
