"""Conditions as formulas over literals: what must hold at least how often, with every "not" pushed down to a leaf.

A Kleene formula without "not" works on two bits a subject at once, *met* and *met or unknown*, by the same ands and
ors; a denied leaf swaps and inverts its two bits once, when they are made. So one program of bit operations answers all
three values.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from finmart.conditions.types import All, AnyOf, AtLeast, Condition, Leaf, Not, Unless
from finmart.matching.engine.inputs import ProductOffer, VariantOffer


@dataclass(frozen=True)
class Literal:
    """The leaf at ``place`` of the book, as it stands or denied."""

    place: int


@dataclass(frozen=True)
class Group:
    """At least ``count`` of ``parts``; of no parts, zero are always met and one never."""

    count: int
    parts: tuple["Formula", ...]


Formula: TypeAlias = Literal | Group

TRUE = Group(0, ())
FALSE = Group(1, ())


@dataclass(frozen=True)
class Stated:
    """A leaf and whether it is denied."""

    leaf: Leaf
    denied: bool


@dataclass
class Book:
    """Every distinct leaf once, in the order in which it was first met."""

    places: dict[Stated, int] = field(default_factory=dict)

    @property
    def stated(self) -> tuple[Stated, ...]:
        """The leaves by their places."""
        return tuple(self.places)

    def literal(self, leaf: Leaf, *, denied: bool) -> Literal:
        """The literal of ``leaf``; a new leaf gets the next place."""
        return Literal(self.places.setdefault(Stated(leaf, denied), len(self.places)))


def formula(condition: Condition, book: Book, *, denied: bool = False) -> Formula:
    """The formula of ``condition``; "not at least k of n" is "at least n - k + 1 of the denied ones"."""
    match condition:
        case All(parts):
            return _group(len(parts), parts, book, denied=denied)
        case AnyOf(parts):
            return _group(1, parts, book, denied=denied)
        case AtLeast(count, parts):
            return _group(count, parts, book, denied=denied)
        case Unless(exception, part):
            return _group(1, (exception, part), book, denied=denied)
        case Not(part):
            return formula(part, book, denied=not denied)
        case _:
            return book.literal(condition, denied=denied)


def _group(count: int, parts: tuple[Condition, ...], book: Book, *, denied: bool) -> Formula:
    found = [formula(part, book, denied=denied) for part in parts]
    return at_least(len(parts) - count + 1 if denied else count, found)


def at_least(count: int, parts: Iterable[Formula]) -> Formula:
    """At least ``count`` of ``parts``, flattened; a part that says nothing (always met, never met) is counted away."""
    found = list(parts)
    count -= found.count(TRUE)
    found = [part for part in found if part not in (TRUE, FALSE)]
    if count <= 0:
        return TRUE
    if count > len(found):
        return FALSE
    if len(found) == 1:
        return found[0]
    return Group(count, tuple(found)) if 1 < count < len(found) else _flat(all_of=count > 1, parts=found)


def _flat(*, all_of: bool, parts: list[Formula]) -> Formula:
    """An "all" inside an "all" is one; so is an "any" inside an "any"; a part that stands twice counts once."""
    flat: dict[Formula, None] = {}
    for part in parts:
        same = isinstance(part, Group) and part.count == (len(part.parts) if all_of else 1)
        flat.update(dict.fromkeys(part.parts if isinstance(part, Group) and same else (part,)))
    if len(flat) == 1:
        return next(iter(flat))
    return Group(len(flat) if all_of else 1, tuple(flat))


def all_of(parts: Iterable[Formula]) -> Formula:
    """Every part."""
    found = list(parts)
    return at_least(len(found), found)


def any_of(parts: Iterable[Formula]) -> Formula:
    """One of the parts."""
    return at_least(1, parts)


def required(variant: VariantOffer, book: Book) -> tuple[Formula, ...]:
    """What a variant requires, clause by clause; preferences never exclude."""
    return tuple(formula(clause.condition, book) for clause in variant.clauses if clause.required)


def is_unchecked(variant: VariantOffer) -> bool:
    """Whether the variant states nothing that could be checked."""
    return not any(clause.required for clause in variant.clauses)


def product_formula(offer: ProductOffer, book: Book) -> Formula:
    """What a product requires: of some variant, everything. What all variants require is asked once.

    Variants that state nothing to check are left out: they make a product *unchecked* at best.
    """
    stated = [required(variant, book) for variant in offer.variants if not is_unchecked(variant)]
    if not stated:
        return FALSE
    shared = [part for part in dict.fromkeys(stated[0]) if all(part in others for others in stated[1:])]
    own = [all_of(part for part in parts if part not in shared) for parts in stated]
    return all_of([*shared, any_of(own)])
