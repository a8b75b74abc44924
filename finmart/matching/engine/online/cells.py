"""One applicant's cell in every column, and from them the state of every node of the plan."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import islice
from typing import Any, ClassVar, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from finmart.conditions.evaluate import evaluate_leaf
from finmart.conditions.types import Expression, Fact, Facts, FactValue, Leaf, OnList, State, Window
from finmart.conditions.units import DATE
from finmart.matching.engine.online.levels import Table, padded
from finmart.matching.engine.online.places import Cuts, Figure, cell_of, cell_of_quotient, figure, series
from finmart.matching.engine.online.values import Known, value_of
from finmart.matching.engine.plan.types import (
    MET,
    NEVER_NODE,
    NO_CELL,
    NOT_MET,
    UNKNOWN,
    UNKNOWN_NODE,
    Column,
    Indexes,
    Kind,
    Plan,
    States,
)
from finmart.reference.facts import unit_of

OF_STATE = {State.NOT_MET: NOT_MET, State.UNKNOWN: UNKNOWN, State.MET: MET}
Cell: TypeAlias = Callable[[Known], int]
_NOTHING = (np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32))


def _fact(key: str, cuts: Cuts) -> Cell:
    def cell(known: Known) -> int:
        found = known.facts.get(key)
        if found is None or isinstance(found.value, bool) or not isinstance(found.value, int):
            return NO_CELL
        return bisect_left(cuts, found.value) + bisect_right(cuts, found.value)

    return cell


def _number(source: Expression, cuts: Cuts) -> Cell:
    whole = tuple(cut for cut in cuts if isinstance(cut, int))
    value = value_of(source)
    if len(whole) < len(cuts):
        return lambda known: cell_of(value(known), cuts)
    if isinstance(source, Fact) and unit_of(source.key) != DATE:
        return _fact(source.key, cuts)

    def cell(known: Known) -> int:
        found = value(known)
        if isinstance(found, Fraction):
            return cell_of_quotient(found.numerator, found.denominator, whole)
        return NO_CELL if found is None else bisect_left(whole, found) + bisect_right(whole, found)

    return cell


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
        remembered = {**self.earlier, **self._known}
        # Those met last are behind the others; edits must not make what is remembered grow.
        newest = islice(remembered.items(), max(0, len(remembered) - self.MOST), None)
        return Vocabulary(self.key, predicates, leaves, dict(newest))

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


class Before(Protocol):
    """How somebody stood before something changed."""

    @property
    def cells(self) -> NDArray[np.int32]:
        """The cell in every column."""

    @property
    def literals(self) -> States:
        """The state of every literal."""


class Reader:
    """Everything about a plan that is made once and used for every applicant.

    ``former`` is the reader of the plan that this one was made out of, whose columns and predicates it begins with.
    """

    def __init__(self, plan: Plan, former: "Reader | None" = None) -> None:
        self._former = former
        self.plan = plan
        self._cells: dict[int, Cell] = {}
        self._figures: dict[str, list[tuple[int, Figure]]] = {}
        self._windows: dict[int, Figure] = {}
        for place, column in enumerate(plan.columns):
            self._add(place, column)
        codes = [place for place, column in enumerate(plan.columns) if column.kind is Kind.CODES]
        grown = self._grown()
        self.vocabularies = {place: self._vocabulary(place, grown) for place in codes}
        self._by_number()
        self._tables = [self._table(place) for place in range(len(plan.levels))]
        self._former = None

    def _add(self, place: int, column: Column) -> None:
        """What finds the cell of a column; the former reader's, where it is the same column."""
        former = self._former
        if former is None or place >= len(former.plan.columns) or former.plan.columns[place] is not column:
            former = None
        if isinstance(column.source, Window):
            found = figure(column.source, column.cuts) if former is None else former._windows[place]
            self._windows[place] = found
            self._figures.setdefault(column.source.series, []).append((place, found))
        elif column.kind is not Kind.CODES:
            self._cells[place] = _cell(column) if former is None else former._cells[place]

    def _grown(self) -> frozenset[int]:
        """The columns with predicates that the former reader does not have."""
        before = 0 if self._former is None else len(self._former.plan.predicates.leaves)
        return frozenset(self.plan.predicates.column[before:].tolist())

    def _table(self, place: int) -> Table:
        former, level = self._former, self.plan.levels[place]
        if former is not None and place < len(former.plan.levels) and former.plan.levels[place] is level:
            return former._tables[place]
        return padded(level)

    def _by_number(self) -> None:
        predicates = self.plan.predicates
        of_cells = np.array([c.kind is not Kind.CODES for c in self.plan.columns], dtype=np.bool_)[predicates.column]
        numbered = np.flatnonzero(of_cells)
        self._column = predicates.column[numbered]
        self._low, self._high = predicates.low[numbered], predicates.high[numbered]
        self._nodes = predicates.node[numbered]

    def _vocabulary(self, place: int, grown: Container[int]) -> Vocabulary:
        if self._former is not None and place not in grown:
            return self._former.vocabularies[place]
        predicates = self.plan.predicates
        own = np.flatnonzero(predicates.column == place)
        key = str(self.plan.columns[place].source)
        nodes, leaves = predicates.node[own], tuple(predicates.leaves[number] for number in own)
        before = None if self._former is None else self._former.vocabularies.get(place)
        return Vocabulary(key, nodes, leaves) if before is None else before.followed(nodes, leaves)

    def cells(self, known: Known) -> NDArray[np.int32]:
        """The applicant's cell in every column; columns of codes have none."""
        found = [NO_CELL] * len(self.plan.columns)
        for place, cell in self._cells.items():
            found[place] = cell(known)
        for key in self._figures:
            self._put_figures(found, known, key)
        return np.array(found, dtype=np.int32)

    def _put_figures(self, found: list[int] | NDArray[np.int32], known: Known, key: str) -> None:
        months = known.series(key)
        if months is None:
            for place, _cell_of_figure in self._figures[key]:
                found[place] = NO_CELL
            return
        own = series(months)
        for place, cell_of_figure in self._figures[key]:
            found[place] = cell_of_figure(own)

    @cached_property
    def reads(self) -> dict[str, tuple[int, ...]]:
        """key → the columns that read it, but for windows."""
        found: dict[str, list[int]] = {}
        for place in self._cells:
            for key in self.plan.columns[place].keys:
                found.setdefault(key, []).append(place)
        return {key: tuple(places) for key, places in found.items()}

    def renewed(self, cells: NDArray[np.int32], known: Known, keys: Iterable[str]) -> NDArray[np.int32]:
        """``cells`` after the facts ``keys`` have changed."""
        found, changed = cells.copy(), set(keys)
        for place in {place for key in changed for place in self.reads.get(key, ())}:
            found[place] = self._cells[place](known)
        for key in changed & self._figures.keys():
            self._put_figures(found, known, key)
        return found

    def literals(self, cells: NDArray[np.int32], known: Known) -> States:
        """The state of every literal: (2 · nodes,)."""
        found = np.zeros(self.plan.nodes, dtype=np.uint16)
        found[NEVER_NODE], found[UNKNOWN_NODE] = LITERALS[NOT_MET], LITERALS[UNKNOWN]
        found[self._nodes] = _within(cells.take(self._column), self._low, self._high)
        self._put_codes(found, known, self.vocabularies.values())
        return self._put_groups(found)

    def relit(self, before: Before, cells: NDArray[np.int32], known: Known, keys: Iterable[str]) -> States:
        """``literals`` after the facts ``keys`` have changed, out of the cells and literals ``before``."""
        found, changed = before.literals.copy().view(np.uint16), set(keys)
        for place in np.flatnonzero(cells != before.cells).tolist():
            nodes, low, high = self._of_column[place]
            found[nodes] = _within(cells[place], low, high)
        self._put_codes(found, known, (each for each in self.vocabularies.values() if each.key in changed))
        return self._put_groups(found)

    def _put_codes(self, found: NDArray[np.uint16], known: Known, vocabularies: Iterable[Vocabulary]) -> None:
        for vocabulary in vocabularies:
            found[vocabulary.predicates] = LITERALS.take(vocabulary.states(known.facts.get(vocabulary.key)))

    def _put_groups(self, found: NDArray[np.uint16]) -> States:
        literals: States = found.view(np.uint8)
        for table in self._tables:
            found[table.nodes] = LITERALS.take(table.states(literals))
        return literals

    @cached_property
    def _of_column(self) -> dict[int, tuple[Indexes, NDArray[np.int32], NDArray[np.int32]]]:
        """column → the nodes that its predicates answer, and their ranges."""
        order = np.argsort(self._column, kind="stable")
        places, first = np.unique(self._column[order], return_index=True)
        own = np.split(order, first[1:])
        found = {
            place: (self._nodes[each], self._low[each], self._high[each])
            for place, each in zip(places.tolist(), own, strict=True)
        }
        return {place: found.get(place, _NOTHING) for place in range(len(self.plan.columns))}


def _within(cells: Any, low: NDArray[np.int32], high: NDArray[np.int32]) -> NDArray[np.uint16]:
    """Both literals of each range, as two bytes of one number."""
    # Not met, unknown and met are 0, 1, 2: met counts twice, and what has no cell lies below every range.
    states = ((cells >= low) & (cells <= high)).view(np.uint8) << np.uint8(1)
    states |= (cells < 0).view(np.uint8)
    found: NDArray[np.uint16] = LITERALS.take(states)
    return found


#: By the state of a node, its two literals: the state itself and its opposite.
LITERALS = np.array([[NOT_MET, MET], [UNKNOWN, UNKNOWN], [MET, NOT_MET]], dtype=np.uint8).view(np.uint16).ravel()
