"""A second, small reading of the condition language: True, False or None (unknown). No code of the project."""

from datetime import date
from fractions import Fraction
from typing import Any

Facts = dict[str, Any]
PPM = 1_000_000


def _window(body: dict[str, Any], facts: Facts) -> Fraction | None:
    months = facts.get(body["series"])
    start, end = body.get("skip", 0), body.get("skip", 0) + body["months"]
    reach = end + body["months"] if body["of"] == "growth" else end
    if months is None or len(months) < reach:
        return None
    part = months[start:end]
    if body["of"] == "growth":
        before = sum(months[end:reach])
        return Fraction((sum(part) - before) * PPM, before) if before > 0 else None
    if body["of"] == "count":
        size = body.get("every", 1)
        blocks = [part[place : place + size] for place in range(0, len(part) - size + 1, size)]
        return Fraction(sum(any(value > 0 for value in block) for block in blocks))
    if body["of"] == "sum":
        return Fraction(sum(part))
    raise ValueError(f"this reading knows no window {body['of']}")


def value_of(expression: dict[str, Any], facts: Facts) -> Fraction | None:
    """The value of an expression; None when it cannot be known."""
    if "value" in expression:
        return Fraction(expression["value"], PPM if expression.get("unit") == "ratio" else 1)
    if "fact" in expression:
        known = facts.get(expression["fact"])
        return None if known is None else Fraction(known)
    if "window" in expression:
        found = _window(expression["window"], facts)
        growth = expression["window"]["of"] == "growth"
        return None if found is None else found / PPM if growth else found
    if "case" in expression:
        return _case(expression, facts)
    operator, operands = next(iter(expression.items()))
    if operator in ("date", "since", "until"):
        return _days(operator, operands, facts)
    if operator == "to":
        return _converted(operands[0], operands[1], facts)
    values = [value_of(operand, facts) for operand in operands]
    if any(value is None for value in values):
        return None
    known_values = [value for value in values if value is not None]
    return apply(operator, known_values)


def _case(expression: dict[str, Any], facts: Facts) -> Fraction | None:
    """The value of the first branch that is met; an unknown branch leaves everything unknown."""
    for asked, value in expression["case"]:
        state = state_of(asked, facts)
        if state is not False:
            return value_of(value, facts) if state else None
    return value_of(expression["else"], facts) if "else" in expression else None


def _days(operator: str, body: Any, facts: Facts) -> Fraction | None:
    """A day as a number, or the time between a day and the match: no invoice says either day."""
    if operator == "date":
        return Fraction(date.fromisoformat(body).toordinal())
    if body["fact"] in facts:
        raise ValueError("no invoice says a day, so this reading never counts one")
    return None


def _converted(unit: str, inner: dict[str, Any], facts: Facts) -> Fraction | None:
    value = value_of(inner, facts)
    if value is not None and "value" not in inner:
        raise ValueError(f"no invoice says an age, so this reading never turns one into {unit}")
    return None


def apply(operator: str, values: list[Fraction]) -> Fraction | None:
    """What an operator makes of known values; None for a division by nothing."""
    if operator == "plus":
        return sum(values, Fraction(0))
    if operator == "min":
        return min(values)
    if operator == "max":
        return max(values)
    left, right = values
    if operator == "times":
        return left * right
    if operator == "minus":
        return left - right
    return left / right if right else None


#: Facts of the dictionary that are shares, kept in ppm.
SHARES = {"debt_to_assets", "core_orders_drop", "legal_representative.share"}


def _compared(operator: str, left: Fraction, right: Fraction) -> bool:
    return {
        "ge": left >= right,
        "gt": left > right,
        "le": left <= right,
        "lt": left < right,
        "eq": left == right,
        "ne": left != right,
    }[operator]


def _inside(code: str, outer: str) -> bool:
    """Division codes nest by their digits: 360113 lies in 360100 and in 360000."""
    return (
        code == outer
        or (outer.endswith("0000") and code[:2] == outer[:2])
        or (outer.endswith("00") and code[:4] == outer[:4])
    )


def _member(operator: str, body: list[Any], facts: Facts) -> bool | None:
    known = facts.get(body[0]["fact"])
    if known is None:
        return None
    own = {known} if isinstance(known, str) else set(known)
    if operator == "region_in":
        return any(_inside(code, outer) for code in own for outer in body[1])
    if operator == "industry_in":
        raise ValueError("no invoice says an industry, so this reading never needs one")
    hit = own & set(body[1])
    return {"in": bool(hit), "has_any": bool(hit), "not_in": not hit, "has_none": not hit}.get(
        operator, set(body[1]) <= own
    )


def _at_least(count: int, states: list[bool | None]) -> bool | None:
    if states.count(True) >= count:
        return True
    return None if states.count(True) + states.count(None) >= count else False


def state_of(condition: dict[str, Any], facts: Facts) -> bool | None:
    """True when met, False when not, None when unknown."""
    operator, body = next(iter(condition.items()))
    if operator in ("ge", "gt", "le", "lt", "eq", "ne"):
        left, right = (value_of(side, facts) for side in body)
        return None if left is None or right is None else _compared(operator, left, right)
    if operator in ("all", "any"):
        states = [state_of(part, facts) for part in body]
        return _at_least(len(states) if operator == "all" else 1, states)
    if operator == "at_least":
        return _at_least(body[0], [state_of(part, facts) for part in body[1]])
    if operator == "unless":
        return _at_least(1, [state_of(part, facts) for part in body])
    if operator == "not":
        inner = state_of(body, facts)
        return None if inner is None else not inner
    if operator == "is":
        known = facts.get(body[0]["fact"])
        return None if known is None else known == body[1]
    if operator == "on_list":
        return None
    return _member(operator, body, facts)
