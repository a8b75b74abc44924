"""A condition's JSON form while somebody builds it: groups, parts by their path, and places still to be filled.

A path is the numbers of the parts from the root, with dots between: "" is the whole, "1.0" the first part of the second
part; it goes on through comparisons, calculations and values by case. ``{}`` is a part that says nothing yet;
``parse_condition`` refuses it, nothing here does. Everything is pure and copies what it changes.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from finmart.conditions import shapes
from finmart.conditions.errors import BadCondition
from finmart.conditions.reading import MAX_DEPTH, MAX_NODES, Budget, fail
from finmart.conditions.shapes import GROUPS, Json, Role
from finmart.reference.refusals import N_

#: As long as a condition of ``MAX_NODES`` parts with long lists of codes can be.
MAX_TEXT = 100_000
#: A part that still has to be filled in.
EMPTY: Json = {}


def read(text: str) -> Json:
    """A tree that was sent as JSON. Raises ``BadCondition`` for what is none, lies too deep or is too large."""
    if len(text) > MAX_TEXT:
        raise BadCondition("", "too_large", N_("一条条件最多{most}个部分，请拆成几条。"), most=MAX_NODES)
    try:
        node = json.loads(text)
        # Half a character, and none, pass as JSON; pages cannot show the one, nor databases keep the other.
        if b"\\u0000" in json.dumps(node, ensure_ascii=False).encode():
            raise ValueError
    except RecursionError:
        raise BadCondition("", "too_deep", N_("条件最多嵌套{most}层，请减少分组。"), most=MAX_DEPTH) from None
    except ValueError:
        raise BadCondition("", "not_json", N_("没有收到完整的条件，请返回上一页重新填写。")) from None
    budget = Budget()
    _check(node, "", 1, budget)
    return dict(node)


def _check(node: Any, path: str, depth: int, budget: Budget) -> None:
    """Parts must hold what their kind holds; what a leaf says is read when it is shown."""
    budget.enter(path, depth)
    if not isinstance(node, dict):
        fail(path, "not_an_object", N_("这里应当是一个只含一个运算的对象。"))
    if not shapes.is_sound(node):
        fail(path, "not_a_group", N_("没有收到完整的条件，请返回上一页重新填写。"))
    for number, part in enumerate(shapes.children(node)):
        _check(part, f"{path}/{number}", depth + 1, budget)


def group_of(node: Json) -> str:
    """Which group ``node`` is; empty for a leaf and for an empty place."""
    return next((name for name in GROUPS if name in node), "") if len(node) == 1 else ""


def parts_of(node: Json) -> list[Json]:
    """The parts of a group in their order; of ``unless`` the exception first. Empty for everything else."""
    return shapes.children(node) if group_of(node) else []


def count_of(node: Json) -> int:
    """How many parts of an ``at_least`` must be met; 0 for everything else."""
    return int(node["at_least"][0]) if "at_least" in node else 0


def grouped(group: str, parts: list[Json], count: int = 1) -> Json:
    """A group of ``parts``; parts that it has no room for are held together by an inner group.

    Raises ``ValueError`` for a group that there is none of.
    """
    if group not in GROUPS:
        raise ValueError(f"no group is called {group!r}")
    held = parts or [EMPTY]
    if group == "at_least":
        return {"at_least": [max(1, min(count, len(held))), held]}
    if group == "not":
        return {"not": held[0] if len(held) == 1 else {"any": held}}
    if group == "unless":
        first, *rest = held
        return {"unless": [first, EMPTY if not rest else rest[0] if len(rest) == 1 else {"all": rest}]}
    return {group: held}


def _numbers(path: str) -> list[int]:
    numbers = path.split(".") if path else []
    if not all(number.isdecimal() for number in numbers):
        raise ValueError(f"{path!r} is no path")
    return [int(number) for number in numbers]


def at(node: Json, path: str) -> Json:
    """The part at ``path``. Raises ``LookupError`` or ``ValueError`` where there is none."""
    for number in _numbers(path):
        node = shapes.children(node)[number]
    return node


def role_at(node: Json, path: str, root: Role = "condition") -> Role:
    """Whether a condition or a value belongs at ``path``. Raises what ``at`` raises."""
    role = root
    for number in _numbers(path):
        role = shapes.role_of(node, number)
        node = shapes.children(node)[number]
    return role


def replaced(node: Json, path: str, part: Json) -> Json:
    """``node`` with ``part`` at ``path``. Raises what ``at`` raises."""
    numbers = _numbers(path)
    if not numbers:
        return deepcopy(part)
    parts = shapes.children(node)
    parts[numbers[0]] = replaced(parts[numbers[0]], ".".join(map(str, numbers[1:])), part)
    return shapes.rebuilt(node, parts)


def without(node: Json, path: str) -> Json:
    """``node`` without the part at ``path``; a place that what holds it cannot do without is left empty."""
    numbers = _numbers(path)
    if not numbers:
        return {}
    above = ".".join(map(str, numbers[:-1]))
    holder = at(node, above)
    at(node, path)
    if not group_of(holder):
        return replaced(node, above, shapes.shortened(holder, numbers[-1]))
    parts = parts_of(holder)
    if group_of(holder) in ("not", "unless") or len(parts) == 1:
        parts[numbers[-1]] = {}
    else:
        del parts[numbers[-1]]
    return replaced(node, above, grouped(group_of(holder), parts, count_of(holder)))


def added(node: Json, path: str, part: Json) -> tuple[Json, str]:
    """``node`` with one more part in what stands at ``path``, and that part's path.

    A condition that is no group becomes a group of both; ``not`` and ``unless`` take it into their last part. A
    calculation gets an empty place for an operand, a value by case one for a branch.
    """
    place = at(node, path)
    group = group_of(place)
    if shapes.kind_of(place) in (*shapes.LISTS, "case"):
        longer, number = shapes.lengthened(place)
        return replaced(node, path, longer), below(path, number)
    if not group:
        held = [place, part] if place else [part]
        return replaced(node, path, {"all": held}), below(path, len(held) - 1)
    if group in ("not", "unless"):
        return added(node, below(path, len(parts_of(place)) - 1), part)
    parts = [*parts_of(place), part]
    return replaced(node, path, grouped(group, parts, count_of(place))), below(path, len(parts) - 1)


def below(path: str, number: int | str) -> str:
    """The path of the part ``number`` of what stands at ``path``."""
    return f"{path}.{number}" if path else str(number)


def regrouped(node: Json, path: str, group: str, count: int = 1) -> Json:
    """``node`` with another group or operator at ``path``; its parts stay. Raises ``ValueError``."""
    place = at(node, path)
    if not group_of(place):
        return replaced(node, path, shapes.turned(place, group))
    if group_of(place) == group and count_of(place) in (0, count):
        return deepcopy(node)
    parts = parts_of(place)
    if group_of(place) == "not" and group_of(parts[0]) == "any":
        # "none of them" holds its parts in an inner group, which another kind does not need.
        parts = parts_of(parts[0])
    return replaced(node, path, grouped(group, parts, count))


def walked(node: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    """Every condition with its path, the whole first; what stands inside comparisons is not asked."""
    yield path, node
    for number, part in enumerate(parts_of(node)):
        yield from walked(part, below(path, number))


def places(node: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    """Every part with its path, conditions and values alike, the whole first."""
    yield path, node
    for number, part in enumerate(shapes.children(node)):
        yield from places(part, below(path, number))


def empty_places(node: Json) -> list[str]:
    """The paths of the parts that still say nothing."""
    return [path for path, part in places(node) if not part]
