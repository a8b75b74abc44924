"""One applicant's cell in every column, and from them the state of every node of the plan."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from finmart.conditions.evaluate import evaluate_leaf
from finmart.conditions.types import Expression, Facts, FactValue, Leaf, OnList, State, Window, WindowOf
from finmart.matching.engine.online.values import Known, value_of
from finmart.matching.engine.plan.types import (
    MET,
    NO_CELL,
    NOT_MET,
    UNKNOWN,
    UNKNOWN_NODE,
    Column,
    Indexes,
    Kind,
    Number,
    Plan,
    States,
)

OF_STATE = {State.NOT_MET: NOT_MET, State.UNKNOWN: UNKNOWN, State.MET: MET}
Cell: TypeAlias = Callable[[Known], int]


def cell_of(value: Number | None, cuts: tuple[Number, ...]) -> int:
    """The cell that ``value`` lies in (see ``plan.types.Column``)."""
    if value is None:
        return NO_CELL
    place = bisect_left(cuts, value)
    return 2 * place + (place < len(cuts) and cuts[place] == value)


def _number(source: Expression, cuts: tuple[Number, ...]) -> Cell:
    if isinstance(source, Window) and source.of is WindowOf.MEAN and source.months > 0:
        # A mean compares with a bound as the sum does with so many times it, without a fraction.
        return _number(replace(source, of=WindowOf.SUM), tuple(cut * source.months for cut in cuts))
    value = value_of(source)
    return lambda known: cell_of(value(known), cuts)


def _flag(key: str) -> Cell:
    def cell(known: Known) -> int:
        found = known.facts.get(key)
        return int(found.value) if found is not None and isinstance(found.value, bool) else NO_CELL

    return cell


def _entry(leaf: OnList) -> Cell:
    def cell(known: Known) -> int:
        # Not met, unknown, met are 0, 1, 2; as cells 0, none, 1.
        return {NOT_MET: 0, UNKNOWN: NO_CELL, MET: 1}[OF_STATE[evaluate_leaf(leaf, known.facts).state]]

    return cell


def _cell(column: Column) -> Cell:
    match column.source:
        case OnList():
            return _entry(column.source)
        case str():
            return _flag(column.source)
        case _:
            return _number(column.source, column.cuts)


def _frozen(value: object) -> frozenset[str] | None:
    """The codes of a value as the plain evaluator takes them: a code, or a set that holds nothing else."""
    if isinstance(value, str):
        return frozenset({value})
    if isinstance(value, tuple | frozenset) and all(isinstance(code, str) for code in value):
        return frozenset(value)
    return None


@dataclass
class Vocabulary:
    """The predicates of one column of codes; what they say of a set of codes is remembered.

    ``earlier`` are states remembered for the first of the predicates, by a plan that had no more.
    """

    key: str
    predicates: Indexes
    leaves: tuple[Leaf, ...]
    earlier: Mapping[frozenset[str], States] = field(default_factory=dict)

    MOST: ClassVar[int] = 4096

    def __post_init__(self) -> None:
        self._known: dict[frozenset[str], States] = {}

    def followed(self, predicates: Indexes, leaves: tuple[Leaf, ...]) -> "Vocabulary":
        """The vocabulary of a plan that has more predicates behind these."""
        if len(leaves) == len(self.leaves):
            return self
        return Vocabulary(self.key, predicates, leaves, {**self.earlier, **self._known})

    def states(self, known: FactValue | None) -> States | int:
        """The state of each predicate, or one for all."""
        codes = None if known is None else _frozen(known.value)
        if known is None or codes is None:
            return UNKNOWN
        found = self._known.get(codes)
        if found is None:
            facts: Facts = {self.key: known}
            first: list[int] = self.earlier[codes].tolist() if codes in self.earlier else []
            rest = [OF_STATE[evaluate_leaf(leaf, facts).state] for leaf in self.leaves[len(first) :]]
            found = np.array([*first, *rest], dtype=np.uint8)
            if len(self._known) < self.MOST:
                self._known[codes] = found
        return found


class Reader:
    """Everything about a plan that is made once and used for every applicant.

    ``former`` is the reader of the plan that this one was made out of, whose columns and predicates it begins with.
    """

    def __init__(self, plan: Plan, former: "Reader | None" = None) -> None:
        self._former = former
        self.plan = plan
        made = [(place, column) for place, column in enumerate(plan.columns) if column.kind is not Kind.CODES]
        self._cells: list[tuple[int, Cell]] = [(place, _cell(column)) for place, column in made]
        codes = [place for place, column in enumerate(plan.columns) if column.kind is Kind.CODES]
        self.vocabularies = {place: self._vocabulary(place) for place in codes}
        self._former = None
        predicates = plan.predicates
        of_cells = np.array([c.kind is not Kind.CODES for c in plan.columns], dtype=np.bool_)[predicates.column]
        self._numbered = np.flatnonzero(of_cells)
        self._column = predicates.column[self._numbered]
        self._low, self._high = predicates.low[self._numbered], predicates.high[self._numbered]
        self._nodes = 2 * predicates.node[self._numbered]

    def _vocabulary(self, place: int) -> Vocabulary:
        predicates = self.plan.predicates
        own = np.flatnonzero(predicates.column == place)
        key = str(self.plan.columns[place].source)
        nodes, leaves = 2 * predicates.node[own], tuple(predicates.leaves[number] for number in own)
        before = None if self._former is None else self._former.vocabularies.get(place)
        return Vocabulary(key, nodes, leaves) if before is None else before.followed(nodes, leaves)

    def cells(self, known: Known) -> NDArray[np.int32]:
        """The applicant's cell in every column; columns of codes have none."""
        found = np.full(len(self.plan.columns), NO_CELL, dtype=np.int32)
        for place, cell in self._cells:
            found[place] = cell(known)
        return found

    @cached_property
    def reads(self) -> dict[str, tuple[int, ...]]:
        """key → the columns that read it."""
        found: dict[str, list[int]] = {}
        for place, column in enumerate(self.plan.columns):
            for key in column.keys:
                found.setdefault(key, []).append(place)
        return {key: tuple(places) for key, places in found.items()}

    def renewed(self, cells: NDArray[np.int32], known: Known, keys: Iterable[str]) -> NDArray[np.int32]:
        """``cells`` after the facts ``keys`` have changed."""
        found = cells.copy()
        by_place = dict(self._cells)
        for place in {place for key in keys for place in self.reads.get(key, ()) if place in by_place}:
            found[place] = by_place[place](known)
        return found

    def literals(self, cells: NDArray[np.int32], known: Known) -> States:
        """The state of every literal: (2 · nodes,)."""
        found = np.empty(2 * self.plan.nodes, dtype=np.uint8)
        found[:2] = NOT_MET, MET
        found[2 * UNKNOWN_NODE : 2 * UNKNOWN_NODE + 2] = UNKNOWN
        own = cells[self._column]
        met = (own >= self._low) & (own <= self._high)
        self._put(found, self._nodes, np.where(own < 0, UNKNOWN, met * np.uint8(MET)).astype(np.uint8))
        for vocabulary in self.vocabularies.values():
            self._put(found, vocabulary.predicates, vocabulary.states(known.facts.get(vocabulary.key)))
        for level in self.plan.levels:
            # A part that is met counts in both halves of the number, one that is not known only in the lower half.
            counted = np.add.reduceat(_COUNTED[found[level.parts]], level.starts)
            states = ((counted >> 16) >= level.least).astype(np.uint8) + ((counted & 0xFFFF) >= level.least)
            self._put(found, 2 * level.nodes, states)
        return found

    @staticmethod
    def _put(found: States, positive: Indexes, states: States | int) -> None:
        found[positive] = states
        found[positive + 1] = MET - states


_COUNTED = np.array([0, 1, (1 << 16) + 1], dtype=np.int32)
