"""What every part of the language holds inside it, in order, as JSON that may still have empty places.

A comparison holds two values, a calculation its operands, a conversion one value, a value by case the condition and the
value of each branch and at last the value of all other cases, a group its conditions. Everything else holds nothing.
"""

from typing import Any, Literal

Json = dict[str, Any]
Role = Literal["condition", "value"]

GROUPS = ("all", "any", "at_least", "not", "unless")
COMPARISONS = ("ge", "gt", "le", "lt", "eq", "ne")
#: Calculations of exactly two operands, and of two or more.
PAIRS = ("minus", "times", "divide")
LISTS = ("plus", "min", "max")
CALCULATIONS = (*LISTS, *PAIRS)
_HOLDERS = (*GROUPS, *COMPARISONS, *CALCULATIONS, "to")


def kind_of(node: Json) -> str:
    """The operator of a part that holds others; empty for every other part and for an empty place."""
    if "case" in node and set(node) <= {"case", "else"}:
        return "case"
    return next((name for name in _HOLDERS if name in node), "") if len(node) == 1 else ""


def _is_pair(body: Any) -> bool:
    return isinstance(body, list) and len(body) == 2


def is_sound(node: Json) -> bool:
    """Whether what a part holds stands where it should, so that nothing below has to ask again."""
    kind = kind_of(node)
    body = node.get(kind)
    if kind == "at_least":
        return isinstance(body, list) and _is_pair(body) and _is_count(body[0]) and isinstance(body[1], list)
    if kind == "to":
        return isinstance(body, list) and _is_pair(body) and isinstance(body[0], str)
    if kind == "case":
        return isinstance(body, list) and bool(body) and all(map(_is_pair, body))
    if kind in (*COMPARISONS, *PAIRS, "unless"):
        return _is_pair(body)
    if kind in LISTS:
        return isinstance(body, list) and len(body) > 1
    return kind in ("", "not") or (isinstance(body, list) and bool(body))


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def children(node: Json) -> list[Any]:
    """What stands inside ``node``, in order; empty for what holds nothing."""
    kind = kind_of(node)
    match kind:
        case "":
            return []
        case "not":
            return [node["not"]]
        case "at_least" | "to":
            return list(node[kind][1]) if kind == "at_least" else [node["to"][1]]
        case "case":
            branches = [each for branch in node["case"] for each in branch]
            return [*branches, node["else"]] if "else" in node else branches
        case _:
            return list(node[kind])


def rebuilt(node: Json, parts: list[Json]) -> Json:
    """``node`` around ``parts``; there must be as many as its kind holds."""
    kind = kind_of(node)
    match kind:
        case "not":
            return {"not": parts[0]}
        case "at_least":
            return {"at_least": [max(1, min(node["at_least"][0], len(parts))), parts]}
        case "to":
            return {"to": [node["to"][0], parts[0]]}
        case "case":
            pairs = [parts[place : place + 2] for place in range(0, len(parts) - 1, 2)]
            return {"case": pairs, "else": parts[-1]} if len(parts) % 2 else {"case": pairs}
        case _:
            return {kind: parts}


def role_of(node: Json, number: int) -> Role:
    """Whether the part ``number`` of ``node`` is a condition or a value."""
    kind = kind_of(node)
    if kind == "case":
        return "condition" if number % 2 == 0 and number < 2 * len(node["case"]) else "value"
    return "condition" if kind in GROUPS else "value"


def shortened(node: Json, number: int) -> Json:
    """A calculation or a value by case without the part ``number``; of two operands the other one is left alone."""
    parts = children(node)
    if kind_of(node) == "case":
        first = number - number % 2
        is_branch = number < 2 * len(node["case"])
        kept = [*parts[:first], *parts[first + 2 :]] if is_branch else parts[:number]
        return rebuilt(node, kept) if len(kept) > 1 else {}
    if kind_of(node) in CALCULATIONS:
        del parts[number]
        return rebuilt(node, parts) if len(parts) > 1 else dict(parts[0])
    parts[number] = {}
    return rebuilt(node, parts)


def lengthened(node: Json) -> tuple[Json, int]:
    """A sum, a choice or a value by case with one more place for an operand or a branch, and that place's number."""
    parts = children(node)
    place = 2 * len(node["case"]) if kind_of(node) == "case" else len(parts)
    fresh: list[Json] = [{}, {}] if kind_of(node) == "case" else [{}]
    return rebuilt(node, [*parts[:place], *fresh, *parts[place:]]), place


def otherwise(node: Json) -> tuple[Json, int]:
    """A value by case with a place for all other cases, and that place's number."""
    return {**node, "else": node.get("else", {})}, 2 * len(node["case"])


def turned(node: Json, kind: str) -> Json:
    """A comparison, a calculation or a conversion with another operator; what it holds stays.

    Raises ``ValueError`` for an operator that does not hold values.
    """
    old, parts = kind_of(node), children(node)
    if old == "to" and kind in ("years", "months", "days"):
        return {"to": [kind, parts[0]]}
    if (old in COMPARISONS and kind in COMPARISONS) or (old in CALCULATIONS and kind in LISTS):
        return {kind: parts}
    if old not in CALCULATIONS or kind not in PAIRS:
        raise ValueError(f"{old!r} does not become {kind!r}")
    return {kind: parts if len(parts) == 2 else [parts[0], {old: parts[1:]}]}


def wrapped(part: Json, kind: str) -> tuple[Json, str]:
    """``part`` as the first value of a new calculation, conversion or value by case, and the path of its empty place.

    The path is empty where nothing is left to fill in. Raises ``ValueError`` for what holds no values.
    """
    if kind == "to":
        return {"to": ["months", part]}, "" if part else "0"
    if kind == "case":
        return {"case": [[{}, part]]}, "0"
    if kind == "share":
        return {"times": [{}, part]}, "0"
    if kind not in CALCULATIONS:
        raise ValueError(f"{kind!r} holds no values")
    return {kind: [part, {}]}, "1" if part else "0"
