"""A condition's JSON form while somebody builds it: groups, parts by their path, and places still to be filled.

A path is the numbers of the parts from the root, with dots between: "" is the whole, "1.0" the first part of the second
part. ``{}`` is a part that says nothing yet; ``parse_condition`` refuses it, nothing here does. Everything is pure and
copies what it changes.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from finmart.conditions.errors import BadCondition
from finmart.conditions.reading import MAX_NODES, Budget, fail
from finmart.reference.refusals import N_

Json = dict[str, Any]

#: As long as a condition of ``MAX_NODES`` parts with long lists of codes can be.
MAX_TEXT = 100_000
GROUPS = ("all", "any", "at_least", "not", "unless")
#: A part that still has to be filled in.
EMPTY: Json = {}


def read(text: str) -> Json:
    """A tree that was sent as JSON. Raises ``BadCondition`` for what is none, lies too deep or is too large."""
    if len(text) > MAX_TEXT:
        raise BadCondition("", "too_large", N_("一条条件最多{most}个部分，请拆成几条。"), most=MAX_NODES)
    try:
        node = json.loads(text)
    except (ValueError, RecursionError):
        raise BadCondition("", "not_json", N_("没有收到完整的条件，请返回上一页重新填写。")) from None
    budget = Budget()
    _check(node, "", 1, budget)
    return dict(node)


def _check(node: Any, path: str, depth: int, budget: Budget) -> None:
    """Groups must hold what groups hold; what a leaf says is read when it is shown."""
    budget.enter(path, depth)
    if not isinstance(node, dict):
        fail(path, "not_an_object", N_("这里应当是一个只含一个运算的对象。"))
    group = group_of(node)
    if not group:
        return
    body = node[group]
    if group == "at_least":
        is_sound = isinstance(body, list) and len(body) == 2 and isinstance(body[0], int) and isinstance(body[1], list)
    elif group == "not":
        is_sound = isinstance(body, dict)
    else:
        is_sound = isinstance(body, list) and (len(body) == 2 if group == "unless" else bool(body))
    if not is_sound:
        fail(path, "not_a_group", N_("没有收到完整的条件，请返回上一页重新填写。"))
    for number, part in enumerate(parts_of(node)):
        _check(part, f"{path}/{number}", depth + 1, budget)


def group_of(node: Json) -> str:
    """Which group ``node`` is; empty for a leaf and for an empty place."""
    return next((name for name in GROUPS if name in node), "") if len(node) == 1 else ""


def parts_of(node: Json) -> list[Json]:
    """The parts of a group in their order; of ``unless`` the exception first. Empty for a leaf."""
    group = group_of(node)
    if not group:
        return []
    body = node[group]
    if group == "not":
        return [body]
    return list(body[1] if group == "at_least" else body)


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
    return [int(number) for number in path.split(".")] if path else []


def at(node: Json, path: str) -> Json:
    """The part at ``path``. Raises ``LookupError`` or ``ValueError`` where there is none."""
    for number in _numbers(path):
        node = parts_of(node)[number]
    return node


def replaced(node: Json, path: str, part: Json) -> Json:
    """``node`` with ``part`` at ``path``. Raises what ``at`` raises."""
    numbers = _numbers(path)
    if not numbers:
        return deepcopy(part)
    parts = parts_of(node)
    inner = replaced(parts[numbers[0]], ".".join(map(str, numbers[1:])), part)
    parts[numbers[0]] = inner
    return grouped(group_of(node), parts, count_of(node))


def without(node: Json, path: str) -> Json:
    """``node`` without the part at ``path``; a place that a group cannot do without is left empty."""
    numbers = _numbers(path)
    if not numbers:
        return {}
    above = ".".join(map(str, numbers[:-1]))
    group = at(node, above)
    parts = parts_of(group)
    at(node, path)
    if group_of(group) in ("not", "unless") or len(parts) == 1:
        parts[numbers[-1]] = {}
    else:
        del parts[numbers[-1]]
    return replaced(node, above, grouped(group_of(group), parts, count_of(group)))


def added(node: Json, path: str, part: Json) -> tuple[Json, str]:
    """``node`` with one more part in the group at ``path``, and that part's path.

    A leaf becomes a group of both; ``not`` and ``unless`` take it into their last part.
    """
    place = at(node, path)
    group = group_of(place)
    if not group:
        held = [place, part] if place else [part]
        return replaced(node, path, {"all": held}), _below(path, len(held) - 1)
    if group in ("not", "unless"):
        last = len(parts_of(place)) - 1
        return added(node, _below(path, last), part)
    parts = [*parts_of(place), part]
    return replaced(node, path, grouped(group, parts, count_of(place))), _below(path, len(parts) - 1)


def _below(path: str, number: int) -> str:
    return f"{path}.{number}" if path else str(number)


def regrouped(node: Json, path: str, group: str, count: int = 1) -> Json:
    """``node`` with another kind of group at ``path``; its parts stay. Raises ``ValueError``."""
    place = at(node, path)
    if group_of(place) == group and count_of(place) in (0, count):
        return deepcopy(node)
    parts = parts_of(place)
    if group_of(place) == "not" and group_of(parts[0]) == "any":
        # "none of them" holds its parts in an inner group, which another kind does not need.
        parts = parts_of(parts[0])
    return replaced(node, path, grouped(group, parts, count))


def walked(node: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    """Every part with its path, the whole first."""
    yield path, node
    for number, part in enumerate(parts_of(node)):
        yield from walked(part, _below(path, number))


def empty_places(node: Json) -> list[str]:
    """The paths of the parts that still say nothing."""
    return [path for path, part in walked(node) if not part]
