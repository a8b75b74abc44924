"""The compiled plan: what all products ask, each distinct thing once, as frozen tables that every fast engine reads.

Numbers of things: K columns, P predicates, N nodes, V variants, Q products. A *node* is something with a state; a
*literal* names a node or its opposite: ``2 * node`` and ``2 * node + 1``. States are uint8 in Kleene's order, so that
the opposite is ``2 - state`` and "at least k of" is the k-th largest. See docs/engine.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from finmart.conditions.types import Compare, Condition, Expression, Leaf, Membership, OnList
from finmart.matching.engine.inputs import ProductOffer, VariantOffer

Number: TypeAlias = int | Fraction
Indexes: TypeAlias = NDArray[np.intp]
States: TypeAlias = NDArray[np.uint8]

#: Kleene's values in their order.
NOT_MET, UNKNOWN, MET = 0, 1, 2
#: The cell of a value that is not known.
NO_CELL = -1
#: Nodes that every plan has: one that is never met, and one that is never known.
NEVER_NODE, UNKNOWN_NODE = 0, 1
#: A term that the source does not state.
NOT_STATED = np.iinfo(np.int64).min


class Kind(StrEnum):
    """How a column's cell is found.

    ``number``: ``source`` is an expression, ``cuts`` its bounds (see ``Column``). ``flag``: ``source`` is a
    fact's key; cell 1 when it is true, 0 when false. ``codes``: ``source`` is the key of a fact with a code or a set
    of codes; it has no cells, its predicates are answered leaf by leaf (and remembered for each set of codes).
    ``entry``: ``source`` is a dated list; cell 1 when it runs on, 0 when not.
    """

    NUMBER = "number"
    FLAG = "flag"
    CODES = "codes"
    ENTRY = "entry"


@dataclass(frozen=True)
class Column:
    """One thing that an applicant has one value of.

    A number ``x`` lies in cell ``2 * i + 1`` when it equals ``cuts[i]``, else in cell ``2 * j`` when ``j`` cuts are
    below it: exact for any number, and an int whatever its size. ``cuts`` rise strictly. Two expressions compared with
    each other are one column, their difference, with the cut 0.
    """

    kind: Kind
    source: Expression | str | OnList
    keys: tuple[str, ...]
    cuts: tuple[Number, ...] = ()


@dataclass(frozen=True)
class Predicates:
    """P distinct leaves, of which none is another's opposite. Predicate p is met where ``low[p] <= cell <= high[p]``.

    ``node`` intp (P,), the node that it answers; ``column`` intp (P,); ``low``, ``high`` int32 (P,). Without a cell it
    is unknown. ``leaves[p]`` is one leaf that means it. For columns of codes ``low``, ``high`` say nothing: the state
    is that of ``leaves[p]``. They stand in no order of columns.
    """

    leaves: tuple[Leaf, ...]
    node: Indexes
    column: Indexes
    low: NDArray[np.int32]
    high: NDArray[np.int32]


@dataclass(frozen=True)
class Level:
    """Groups whose parts all lie in earlier levels (or are predicates).

    Group g answers ``nodes[g]`` (intp): its parts are the literals ``parts[starts[g] : starts[g + 1]]`` (intp; the
    last runs to the end; none is empty), and it is met when at least ``least[g]`` (int32) of them are.
    """

    nodes: Indexes
    starts: Indexes
    parts: Indexes
    least: NDArray[np.int32]


class Term:
    """The rows of ``Variants.terms``: money in 分, days, rates in ppm; ``NOT_STATED`` where the source says nothing.

    ``GUARANTEES`` are bits of ``Plan.modes`` (0: not stated). ``PURPOSES`` is a place in ``Plan.purposes``.
    """

    AMOUNT_MIN, AMOUNT_MAX, TERM_MIN, TERM_MAX, GUARANTEES, PURPOSES = range(6)
    #: Of the product: what ranking compares beside the answers.
    WORDS, EVIDENCE, CONNECTED, SPEED = range(6, 10)
    #: Places in ``Plan.prices`` and ``Plan.limits``; −1 where the limit is no formula.
    PRICE, LIMIT = 10, 11
    #: 1 for a variant that is bare (``VariantOffer.is_bare``).
    BARE = 12
    COUNT = 13


@dataclass(frozen=True)
class Uses:
    """Where each node stands: node n in the slots ``starts[n]`` to ``starts[n + 1]``, by variant and by low bits."""

    starts: Indexes
    variants: Indexes
    kinds: NDArray[np.uint8]


@dataclass(frozen=True)
class Variants:
    """V ways to get a product, product by product.

    ``slots`` intp (W, V): column v holds the clauses of variant v from the top, padded with ``PAD``; a slot is
    ``4 * node + 2 * preferred + opposite``. ``product`` intp (V,). ``terms`` int64 (Term.COUNT, V). ``odd`` bool (V,):
    some number does not fit 62 bits, so that this variant is answered by the plain evaluator.
    """

    product: Indexes
    slots: Indexes
    terms: NDArray[np.int64]
    odd: NDArray[np.bool_]

    @cached_property
    def worded(self) -> NDArray[np.uint8]:
        """1 for variants (V,) of a product with words that nobody can check, else 0."""
        found: NDArray[np.uint8] = (self.terms[Term.WORDS] != 0).astype(np.uint8)
        return found

    @cached_property
    def uses(self) -> Uses:
        """Which variants a node's state counts in: what renews the counts of somebody who has changed."""
        slots = self.slots.ravel()
        nodes = slots >> 2
        # Sixteen bits are sorted in one pass over them, which is ten times as fast.
        narrow = nodes.astype(np.uint16) if int(nodes.max(initial=0)) <= np.iinfo(np.uint16).max else nodes
        order = np.argsort(narrow, kind="stable")
        starts = np.concatenate(([0], np.cumsum(np.bincount(nodes))))
        return Uses(starts, order % max(1, self.slots.shape[1]), (slots[order] & 3).astype(np.uint8))


#: The opposite of what is never met, as a preference: it weighs nothing.
PAD = 4 * NEVER_NODE + 3


#: A column, how its cell is compared (GE, LE or EQ; None for a leaf of codes) and with what.
Test: TypeAlias = tuple[int, Compare | None, Number | Membership]


@dataclass(frozen=True)
class Names:
    """What is shared, so that it is compiled once: looked up while compiling, never while matching."""

    columns: Mapping[tuple[Kind, Expression | str | OnList], int]
    predicates: Mapping[Test, int]
    groups: Mapping[tuple[int, tuple[int, ...]], int]
    literals: Mapping[Condition, int]
    level: Mapping[int, int]


@dataclass(frozen=True)
class Sharing:
    """The same for what variants share: each thing's place."""

    modes: Mapping[str, int]
    purposes: Mapping[tuple[str, ...], int]
    prices: Mapping[VariantOffer, int]
    limits: Mapping[Expression, int]
    evidence: Mapping[str, int]


@dataclass(frozen=True)
class Plan:
    """All products, compiled. ``starts`` intp (Q + 1,): the variants of product q are ``starts[q]`` to its next.

    ``codes_rank`` intp (Q,): the place of each product's code among all codes in order, which ends every comparison.
    ``numbers`` uint64 (Q,): ``rank.number_of`` each code, from which turns are drawn.
    ``edits`` counts the changes since the plan was compiled whole: each may leave things behind that nothing uses.
    """

    offers: tuple[ProductOffer, ...]
    columns: tuple[Column, ...]
    predicates: Predicates
    levels: tuple[Level, ...]
    nodes: int
    variants: Variants
    starts: Indexes
    codes_rank: Indexes
    numbers: NDArray[np.uint64]
    names: Names = field(repr=False, compare=False)
    sharing: Sharing = field(repr=False, compare=False)
    #: Guarantee modes by bit, kinds of purposes, ways to price (as one variant of each), formulas, tiers of evidence.
    modes: tuple[str, ...] = ()
    purposes: tuple[tuple[str, ...], ...] = ()
    prices: tuple[VariantOffer, ...] = ()
    limits: tuple[Expression, ...] = ()
    evidence: tuple[str, ...] = ()
    edits: int = 0

    @cached_property
    def is_by_code(self) -> bool:
        """Whether products stand in the order of their codes, so that the order of places ends every comparison."""
        return bool((self.codes_rank[1:] > self.codes_rank[:-1]).all())

    def variant(self, place: int) -> VariantOffer:
        """The variant at a place of the tables."""
        product = int(self.variants.product[place])
        return self.offers[product].variants[place - int(self.starts[product])]

    def literal_of(self, condition: Condition) -> int:
        """The literal that answers ``condition``. Raises ``KeyError`` for one that no product states."""
        return self.names.literals[condition]
