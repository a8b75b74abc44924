"""Giving every distinct thing its number while a plan is compiled, and writing the tables of those numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from finmart.conditions.types import (
    All,
    AnyOf,
    AtLeast,
    Compare,
    Condition,
    Expression,
    Leaf,
    Membership,
    Not,
    OnList,
    Unless,
)
from finmart.matching.engine.plan.leaves import Asked, Settled, asked_by
from finmart.matching.engine.plan.types import (
    NEVER_NODE,
    UNKNOWN_NODE,
    Column,
    Kind,
    Level,
    Names,
    Number,
    Predicates,
    Test,
)

#: Above every cell.
TOP = np.iinfo(np.int32).max
NEVER, ALWAYS = 2 * NEVER_NODE, 2 * NEVER_NODE + 1
NOT_KNOWN = 2 * UNKNOWN_NODE
Group = tuple[int, tuple[int, ...]]


class Numbering:
    """Copies of a plan's names that grow; what was numbered before keeps its number."""

    def __init__(self, names: Names | None = None, columns: Sequence[Column] = (), nodes: int = 2) -> None:
        self.names: dict[tuple[Kind, Expression | str | OnList], int] = dict(names.columns) if names else {}
        self.predicates: dict[Test, int] = dict(names.predicates) if names else {}
        self.groups: dict[Group, int] = dict(names.groups) if names else {}
        self.literals: dict[Condition, int] = dict(names.literals) if names else {}
        self.level: dict[int, int] = dict(names.level) if names else {}
        self.columns = list(columns)
        self.nodes = nodes
        self.new_leaves: list[tuple[int, Leaf]] = []
        self.new_groups: list[tuple[Group, int]] = []
        self.touched: dict[int, set[Number]] = {}

    def _node(self) -> int:
        self.nodes += 1
        return self.nodes - 1

    def literal(self, condition: Condition) -> int:
        """The literal that answers ``condition``, which is numbered if it is new."""
        found = self.literals.get(condition)
        if found is None:
            found = self.literals[condition] = self._compiled(condition)
        return found

    def _compiled(self, condition: Condition) -> int:
        match condition:
            case All(parts):
                return self._group(len(parts), parts)
            case AnyOf(parts):
                return self._group(1, parts)
            case AtLeast(count, parts):
                return self._group(count, parts)
            case Unless(exception, part):
                return self._group(1, (exception, part))
            case Not(part):
                return self.literal(part) ^ 1
            case _:
                return self._leaf(condition)

    def _leaf(self, leaf: Leaf) -> int:
        asked = asked_by(leaf)
        if isinstance(asked, Settled):
            return NOT_KNOWN if asked.met is None else ALWAYS if asked.met else NEVER
        column = self._column(asked)
        test: Test = (column, asked.operator, asked.bound)
        node = self.predicates.get(test)
        if node is None:
            node = self.predicates[test] = self._node()
            self.new_leaves.append((node, asked.leaf))
            if asked.kind is Kind.NUMBER and not isinstance(asked.bound, Membership):
                self.touched.setdefault(column, set()).add(asked.bound)
        return 2 * node + asked.opposite

    def _column(self, asked: Asked) -> int:
        name = (asked.kind, asked.source)
        found = self.names.get(name)
        if found is None:
            found = self.names[name] = len(self.columns)
            self.columns.append(Column(asked.kind, asked.source, asked.keys))
        return found

    def _group(self, least: int, parts: Iterable[Condition]) -> int:
        literals = tuple(sorted(map(self.literal, parts)))
        if least <= 0:
            return ALWAYS
        if least > len(literals):
            return NEVER
        if len(literals) == 1:
            return literals[0]
        found = self.groups.get((least, literals))
        if found is None:
            found = self.groups[least, literals] = self._node()
            self.level[found] = 1 + max(self.level.get(literal >> 1, 0) for literal in literals)
            self.new_groups.append(((least, literals), found))
        return 2 * found

    def frozen(self) -> Names:
        """The names as a plan keeps them."""
        return Names(self.names, self.predicates, self.groups, self.literals, self.level)

    def cut_columns(self) -> tuple[Column, ...]:
        """All columns, with the new bounds among their cuts."""
        for number, bounds in self.touched.items():
            column = self.columns[number]
            self.columns[number] = replace(column, cuts=tuple(sorted({*column.cuts, *bounds})))
        return tuple(self.columns)


def _range(column: Column, operator: Compare | None, bound: Number | Membership) -> tuple[int, int]:
    """The cells in which a test is met."""
    if column.kind is not Kind.NUMBER or isinstance(bound, Membership):
        return 1, 1
    equal = 2 * column.cuts.index(bound) + 1
    match operator:
        case Compare.GE:
            return equal, TOP
        case Compare.LE:
            return 0, equal
        case _:
            return equal, equal


def predicates(numbering: Numbering, columns: Sequence[Column], before: Predicates | None) -> Predicates:
    """The table of predicates: the earlier ones, moved where their columns have new cuts, and the new ones."""
    old = 0 if before is None else len(before.leaves)
    tests = list(numbering.predicates)
    new = list(islice(numbering.predicates.items(), old, None))
    ranges = np.empty((2, len(tests)), dtype=np.int32)
    node = np.array([number for _test, number in new], dtype=np.intp)
    column_of = np.array([test[0] for test, _number in new], dtype=np.intp)
    leaves = tuple(leaf for _node, leaf in numbering.new_leaves)
    if before is not None:
        ranges[:, :old] = before.low, before.high
        node, column_of = np.concatenate((before.node, node)), np.concatenate((before.column, column_of))
        leaves = before.leaves + leaves
    moved = np.flatnonzero(np.isin(column_of[:old], list(numbering.touched))).tolist()
    for number in (*moved, *range(old, len(tests))):
        column, operator, bound = tests[number]
        ranges[:, number] = _range(columns[column], operator, bound)
    return Predicates(leaves, node, column_of, ranges[0], ranges[1])


def _level(groups: Sequence[tuple[Group, int]]) -> Level:
    sizes = [len(parts) for (_least, parts), _node in groups]
    return Level(
        nodes=np.array([node for _group, node in groups], dtype=np.intp),
        starts=np.cumsum([0, *sizes[:-1]], dtype=np.intp),
        parts=np.array([literal for (_least, parts), _node in groups for literal in parts], dtype=np.intp),
        least=np.array([least for (least, _parts), _node in groups], dtype=np.int32),
    )


def _longer(level: Level, more: Level) -> Level:
    return Level(
        nodes=np.concatenate((level.nodes, more.nodes)),
        starts=np.concatenate((level.starts, more.starts + len(level.parts))),
        parts=np.concatenate((level.parts, more.parts)),
        least=np.concatenate((level.least, more.least)),
    )


def levels(numbering: Numbering, before: Sequence[Level]) -> tuple[Level, ...]:
    """The groups level by level: the earlier ones and the new ones."""
    found = list(before)
    new: dict[int, list[tuple[Group, int]]] = {}
    for group, node in numbering.new_groups:
        new.setdefault(numbering.level[node], []).append((group, node))
    for depth in sorted(new):
        level = _level(new[depth])
        if depth <= len(found):
            found[depth - 1] = _longer(found[depth - 1], level)
        else:
            found.append(level)
    return tuple(found)
