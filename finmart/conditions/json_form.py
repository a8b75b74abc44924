"""Conditions and expressions as JSON and back, without loss. One object has one key: its operator."""

from collections.abc import Callable
from typing import Any

from finmart.conditions.reading import (
    Budget,
    codes,
    day,
    fact_key,
    fail,
    fields,
    flag,
    integer,
    items,
    single,
    text,
    word,
)
from finmart.conditions.types import (
    LANGUAGE_VERSION,
    All,
    AnyOf,
    Arithmetic,
    AtLeast,
    Calculation,
    Case,
    Clause,
    Compare,
    Comparison,
    Condition,
    Converted,
    Day,
    Direction,
    Elapsed,
    Expression,
    Fact,
    Flag,
    Literal,
    MemberOf,
    Membership,
    Not,
    OnList,
    TimeUnit,
    Unless,
    Window,
    WindowOf,
)
from finmart.reference.refusals import N_

UNITS = frozenset({"money", "ratio", "count", "years", "months", "days"})
_PAIRS = frozenset({Arithmetic.TIMES, Arithmetic.MINUS, Arithmetic.DIVIDE})
_WINDOW_FIELDS = frozenset({"series", "months", "of", "skip", "every"})
_LIST_FIELDS = frozenset({"fact", "remaining_months", "remaining_days"})
_ELAPSED_FIELDS = frozenset({"fact", "in"})
#: What may stand beside the operator of an expression.
_BESIDE = {"value": "unit", "case": "else"}
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


def _elapsed(operator: str, body: Any, path: str) -> Elapsed:
    found = fields(body, path, _ELAPSED_FIELDS)
    return Elapsed(
        Direction(operator), text(found.get("fact"), path + "/fact"), word(TimeUnit, found.get("in"), path + "/in")
    )


def _converted(body: Any, path: str, depth: int, budget: Budget) -> Converted:
    wanted, operand = items(body, path, least=2, most=2)
    return Converted(word(TimeUnit, wanted, path + "/0"), _expression(operand, path + "/1", depth + 1, budget))


def _branch(body: Any, path: str, depth: int, budget: Budget) -> tuple[Condition, Expression]:
    asked, value = items(body, path, least=2, most=2)
    return _condition(asked, path + "/0", depth, budget), _expression(value, path + "/1", depth, budget)


def _case(data: Any, path: str, depth: int, budget: Budget) -> Case:
    branches = items(data["case"], path + "/case", least=1)
    read = tuple(_branch(each, f"{path}/case/{i}", depth + 1, budget) for i, each in enumerate(branches))
    other = _expression(data["else"], path + "/else", depth + 1, budget) if "else" in data else None
    return Case(read, other)


def _calculation(operator: str, body: Any, path: str, depth: int, budget: Budget) -> Calculation:
    kind = word(Arithmetic, operator, path)
    operands = items(body, path, least=2, most=2 if kind in _PAIRS else None)
    return Calculation(kind, tuple(_expression(o, f"{path}/{i}", depth + 1, budget) for i, o in enumerate(operands)))


_SIMPLE: dict[str, Callable[[Any, str], Expression]] = {
    "fact": lambda body, path: Fact(text(body, path)),
    "date": lambda body, path: Day(day(body, path)),
    "window": _window,
    "since": lambda body, path: _elapsed("since", body, path),
    "until": lambda body, path: _elapsed("until", body, path),
}


def _expression(data: Any, path: str, depth: int, budget: Budget) -> Expression:
    budget.enter(path, depth)
    beside = tuple(extra for name, extra in _BESIDE.items() if isinstance(data, dict) and name in data)
    operator, body = single(data, path, *beside)
    here = f"{path}/{operator}"
    if operator in _SIMPLE:
        return _SIMPLE[operator](body, here)
    if operator == "value":
        return _literal(data, path)
    if operator == "to":
        return _converted(body, here, depth, budget)
    if operator == "case":
        return _case(data, path, depth, budget)
    if operator not in set(Arithmetic):
        fail(path, "unknown_operator", N_("没有名为“{given}”的运算。"), given=operator[:20])
    return _calculation(operator, body, here, depth, budget)


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
    left = [integer(found.get(name, 0), f"{path}/{name}", least=0) for name in ("remaining_months", "remaining_days")]
    return OnList(text(found.get("fact"), path + "/fact"), *left)


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
    given = found.get("version")
    if given != LANGUAGE_VERSION or isinstance(given, bool):
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
        case Day(value):
            return {"date": value.isoformat()}
        case Window():
            return {"window": _dump_window(expression)}
        case Elapsed(direction, key, counted):
            return {direction.value: {"fact": key, "in": counted.value}}
        case Converted(wanted, operand):
            return {"to": [wanted.value, dump_expression(operand)]}
        case Calculation(operator, operands):
            return {operator.value: [dump_expression(operand) for operand in operands]}
        case Case():
            return _dump_case(expression)


def _dump_window(window: Window) -> dict[str, Any]:
    body: dict[str, Any] = {"series": window.series, "months": window.months, "of": window.of.value}
    if window.skip:
        body["skip"] = window.skip
    if window.every is not None:
        body["every"] = window.every
    return body


def _dump_case(case: Case) -> dict[str, Any]:
    body: dict[str, Any] = {"case": [[dump_condition(asked), dump_expression(value)] for asked, value in case.branches]}
    if case.otherwise is not None:
        body["else"] = dump_expression(case.otherwise)
    return body


def dump_condition(condition: Condition) -> dict[str, Any]:
    """The JSON form of a condition."""
    match condition:
        case Comparison(operator, left, right):
            return {operator.value: [dump_expression(left), dump_expression(right)]}
        case Membership(member, key, wanted):
            return {member.value: [{"fact": key}, list(wanted)]}
        case Flag(key, expected):
            return {"is": [{"fact": key}, expected]}
        case OnList(key, months, days):
            rest = {"remaining_months": months, "remaining_days": days}
            return {"on_list": {"fact": key, **{name: number for name, number in rest.items() if number}}}
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
