"""The generated products in the words of DuckDB and Polars.

Both get every figure that a condition compares as a ready column (windows, sums, quotients), and codes as small
numbers, outside the time that is measured: that favours them. Their own three-valued "and" and "or" do the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import combinations
from operator import and_, or_
from typing import Any

import numpy as np
import polars as pl

from finmart.conditions.types import Compare, Comparison, Expression, Literal, OnList
from finmart.conditions.walk import AS_OF
from finmart.matching.engine.bulk.exact import Exact
from finmart.matching.engine.bulk.formula import Book, Formula, Stated, product_formula
from finmart.matching.engine.bulk.formula import Literal as Leaf
from finmart.matching.engine.bulk.reckon import Lookups, Reckoner
from finmart.matching.engine.bulk.table import Table
from finmart.matching.engine.inputs import ProductOffer

_SIGNS = {
    Compare.GE: ">=",
    Compare.GT: ">",
    Compare.LE: "<=",
    Compare.LT: "<",
    Compare.EQ: "=",
    Compare.NE: "<>",
}


@dataclass(frozen=True)
class Asked:
    """A leaf as peers ask it: ``column`` compared by ``sign`` with a number or a column, or among some codes.

    ``maybe`` are the codes with which nothing can be said.
    """

    column: str
    sign: str = ""
    other: str | int = 0
    among: tuple[int, ...] = ()
    maybe: tuple[int, ...] = ()
    denied: bool = False


@dataclass
class Peers:
    """Columns and questions for all leaves of ``offers``."""

    table: Table
    names: dict[Expression | str, str] = field(default_factory=dict)
    columns: dict[str, pl.Series] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """The first column is the row's own number, which is also the order in which rows are named."""
        self.reckoner = Reckoner(self.table, Lookups())
        self.columns["row"] = pl.Series("row", np.arange(self.table.size, dtype=np.int64))

    def frame(self) -> pl.DataFrame:
        """All columns that have been asked for."""
        return pl.DataFrame(list(self.columns.values()))

    def asked(self, stated: Stated) -> Asked:
        """The question of one leaf."""
        leaf = stated.leaf
        if isinstance(leaf, Comparison):
            other = leaf.right.value if isinstance(leaf.right, Literal) else self._figure(leaf.right)
            return Asked(self._figure(leaf.left), _SIGNS[leaf.operator], other, denied=stated.denied)
        column, lookups = self.table.dictionary(leaf.key), self.reckoner.lookups
        if isinstance(leaf, OnList):
            days = self.table.dictionary(AS_OF)
            states = lookups.leaf(leaf, column, days).reshape(-1, len(days.values) + 1)[:, 0]
        else:
            states = lookups.leaf(leaf, column)
        met, maybe = (tuple(np.flatnonzero(states[:-1] == state).tolist()) for state in (2, 1))
        return Asked(self._codes(leaf.key), "in", 0, met, maybe, denied=stated.denied)

    def _figure(self, expression: Expression) -> str:
        name = self.names.setdefault(expression, f"f{len(self.names)}")
        if name not in self.columns:
            self.columns[name] = _series(name, self.reckoner.value(expression), self.table.size)
        return name

    def _codes(self, key: str) -> str:
        name = self.names.setdefault(key, f"c{len(self.names)}")
        if name not in self.columns:
            codes = self.table.dictionary(key).codes
            known = pl.Series("known", codes >= 0)
            self.columns[name] = pl.select(pl.when(known).then(pl.Series(name, codes))).to_series().alias(name)
        return name


def _series(name: str, found: Exact, size: int) -> pl.Series:
    values = found.over if found.is_whole else found.over / found.under
    known = pl.Series("known", np.broadcast_to(found.known, (size,)))
    return pl.select(pl.when(known).then(pl.Series(name, np.broadcast_to(values, (size,))))).to_series().alias(name)


def spoken(offers: Sequence[ProductOffer], peers: Peers) -> list[tuple[Formula, list[Asked]]]:
    """Each product's formula with the questions of its leaves."""
    found = []
    for offer in offers:
        book = Book()
        asked = product_formula(offer, book)
        found.append((asked, [peers.asked(stated) for stated in book.stated]))
    return found


def _is_run(places: Sequence[int]) -> bool:
    return len(places) > 4 and places[-1] - places[0] == len(places) - 1


def sql(asked: Formula, leaves: Sequence[Asked]) -> str:
    """The product as an SQL condition."""
    if isinstance(asked, Leaf):
        return _sql_leaf(leaves[asked.place])
    parts = [sql(part, leaves) for part in asked.parts]
    if asked.count in (1, len(parts)):
        return "(" + (" AND " if asked.count > 1 else " OR ").join(parts) + ")"
    return "(" + " OR ".join("(" + " AND ".join(some) + ")" for some in combinations(parts, asked.count)) + ")"


def _sql_leaf(asked: Asked) -> str:
    text = f"{asked.column} {asked.sign} {asked.other}"
    if asked.sign == "in":
        text = f"{asked.column} in ({', '.join(map(str, asked.among or (-9,)))})"
        if _is_run(asked.among):
            text = f"{asked.column} between {asked.among[0]} and {asked.among[-1]}"
        if asked.maybe:
            maybe = ", ".join(map(str, asked.maybe))
            text = f"(case when {asked.column} in ({maybe}) then null else {text} end)"
    return f"(not {text})" if asked.denied else f"({text})"


def expression(asked: Formula, leaves: Sequence[Asked]) -> pl.Expr:
    """The product as a Polars expression."""
    if isinstance(asked, Leaf):
        return _expression_leaf(leaves[asked.place])
    parts = [expression(part, leaves) for part in asked.parts]
    if asked.count in (1, len(parts)):
        return reduce(and_ if asked.count > 1 else or_, parts)
    return reduce(or_, (reduce(and_, some) for some in combinations(parts, asked.count)))


def _expression_leaf(asked: Asked) -> pl.Expr:
    column = pl.col(asked.column)
    if asked.sign == "in":
        found = column.is_in(list(asked.among))
        if _is_run(asked.among):
            found = column.is_between(asked.among[0], asked.among[-1])
        if asked.maybe:
            found = pl.when(column.is_in(list(asked.maybe))).then(None).otherwise(found)
    else:
        other: Any = pl.col(asked.other) if isinstance(asked.other, str) else pl.lit(asked.other)
        found = {
            ">=": column.__ge__,
            ">": column.__gt__,
            "<=": column.__le__,
            "<": column.__lt__,
            "=": column.__eq__,
            "<>": column.__ne__,
        }[asked.sign](other)
    return ~found if asked.denied else found
