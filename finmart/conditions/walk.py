"""Going through a condition: its parts, and the facts it speaks of."""

from finmart.conditions.types import (
    All,
    AnyOf,
    AtLeast,
    Calculation,
    Case,
    Comparison,
    Condition,
    Converted,
    Elapsed,
    Expression,
    Fact,
    Flag,
    Membership,
    Not,
    OnList,
    Unless,
    Window,
)

#: The day a dated list is judged on. It is a fact about the demand, so that a replay sees the same day.
AS_OF = "demand.as_of"


def parts_of(condition: Condition) -> tuple[tuple[str, Condition], ...]:
    """The conditions right inside a group with their paths from it (``/all/0``); none inside a leaf."""
    match condition:
        case All(parts):
            return tuple((f"/all/{place}", part) for place, part in enumerate(parts))
        case AnyOf(parts):
            return tuple((f"/any/{place}", part) for place, part in enumerate(parts))
        case AtLeast(_, parts):
            return tuple((f"/at_least/1/{place}", part) for place, part in enumerate(parts))
        case Unless(exception, part):
            return (("/unless/0", exception), ("/unless/1", part))
        case Not(part):
            return (("/not", part),)
        case _:
            return ()


def keys_of_expression(expression: Expression) -> tuple[str, ...]:
    """The keys of every fact and series an expression reads, in order, each once."""
    match expression:
        case Fact(key) | Window(key):
            return (key,)
        case Elapsed(_, key):
            return (key, AS_OF)
        case Converted(_, operand):
            return keys_of_expression(operand)
        case Calculation(_, operands):
            return tuple(dict.fromkeys(key for operand in operands for key in keys_of_expression(operand)))
        case Case(branches, otherwise):
            found = [key for asked, value in branches for key in (*keys_of(asked), *keys_of_expression(value))]
            return tuple(dict.fromkeys([*found, *(keys_of_expression(otherwise) if otherwise else ())]))
        case _:
            return ()


def keys_of(condition: Condition) -> tuple[str, ...]:
    """The keys of every fact a condition reads, in order, each once."""
    match condition:
        case Comparison(_, left, right):
            return tuple(dict.fromkeys((*keys_of_expression(left), *keys_of_expression(right))))
        case Membership(_, key) | Flag(key):
            return (key,)
        case OnList(key):
            return (key, AS_OF)
        case _:
            return tuple(dict.fromkeys(key for _, part in parts_of(condition) for key in keys_of(part)))
