"""Industries and regions by their names, for whoever does not know the codes by heart."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from finmart.reference import industries, regions

#: What a name ends with and people leave out, the likelier first: 餐饮 is 餐饮业, 南昌 is 南昌市 before 南昌县.
_ENDINGS: Mapping[str, tuple[str, ...]] = {"industry": ("", "业"), "region": ("", "市", "省", "区", "县")}
#: Nobody reads a longer list of names.
MOST_NEAR = 5


@cache
def _by_name(kind: str) -> Mapping[str, tuple[str, ...]]:
    """name → codes, what holds the others first: 房地产业 is the section before its division of the same name."""
    found: dict[str, list[str]] = defaultdict(list)
    named: Iterable[tuple[int, str, str]]
    if kind == "industry":
        named = ((node.level, node.code, node.label_zh) for node in industries.everything())
    else:
        current = (node for node in regions.everything() if not node.abolished)
        named = ((len(regions.ancestors(node.code)), node.code, node.label_zh) for node in current)
    for _depth, code, label in sorted(named):
        found[label].append(code)
    return {label: tuple(codes) for label, codes in found.items()}


def code_called(kind: str, name: str) -> str | None:
    """The code of the ``industry`` or ``region`` of this name or code; None if there is none, or no single one."""
    find = industries.find if kind == "industry" else regions.find
    if find(name) is not None:
        return name
    for ending in _ENDINGS[kind]:
        codes = _by_name(kind).get(name + ending, ())
        if len(codes) == 1 or (codes and kind == "industry"):
            return codes[0]
    near = names_near(kind, name)
    return _by_name(kind)[near[0]][0] if len(near) == 1 and len(_by_name(kind)[near[0]]) == 1 else None


def names_near(kind: str, name: str) -> tuple[str, ...]:
    """Names that hold ``name``, the shortest first."""
    found = (label for label in _by_name(kind) if name and name in label)
    return tuple(sorted(found, key=lambda label: (len(label), label))[:MOST_NEAR])
