"""The rows of the plan's variant tables: slots of clauses and the terms that fit, limit, cost and ranking read."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from finmart.conditions.types import Expression
from finmart.matching.engine.inputs import ProductOffer, VariantOffer
from finmart.matching.engine.plan.names import Numbering
from finmart.matching.engine.plan.types import NOT_STATED, PAD, Sharing, Term, Variants

#: Larger numbers, and sets of more guarantee modes than bits, are left to the plain evaluator.
LARGEST = 1 << 62
#: The tables add up states in bytes.
MOST_CLAUSES = 255

Thing = TypeVar("Thing", bound=Hashable)


class Places(Generic[Thing]):
    """Distinct things and the place of each; begins as a copy of ``known``."""

    def __init__(self, known: Mapping[Thing, int] | None = None) -> None:
        self.places = dict(known or {})

    def of(self, thing: Thing) -> int:
        """The place of ``thing``, which is added if it is new."""
        return self.places.setdefault(thing, len(self.places))

    def all(self) -> tuple[Thing, ...]:
        """Everything, each at its place."""
        return tuple(self.places)


def price_of(variant: VariantOffer) -> VariantOffer:
    """A variant with nothing but what its lowest cost is worked out from, so that equal ones are one."""
    rates = [rate for rate in (variant.rate_min, variant.rate_max) if rate is not None]
    return VariantOffer(
        key="",
        rate_min=min(rates, default=None),
        rate_kind=variant.rate_kind,
        repayment_modes=variant.repayment_modes,
        fees=tuple(fee for fee in variant.fees if fee.payer == "borrower"),
    )


class Shared:
    """What variants share by place."""

    def __init__(self, before: Sharing | None = None) -> None:
        self.modes: Places[str] = Places(before.modes if before else None)
        self.purposes: Places[tuple[str, ...]] = Places(before.purposes if before else {(): 0})
        self.prices: Places[VariantOffer] = Places(before.prices if before else None)
        self.limits: Places[Expression] = Places(before.limits if before else None)
        self.evidence: Places[str] = Places(before.evidence if before else None)

    def frozen(self) -> Sharing:
        """The places as a plan keeps them."""
        return Sharing(
            self.modes.places, self.purposes.places, self.prices.places, self.limits.places, self.evidence.places
        )


def _bits(modes: Iterable[str], shared: Shared) -> int:
    return sum(1 << shared.modes.of(mode) for mode in set(modes))


def _stated(value: int | None) -> int:
    return NOT_STATED if value is None else value


def _terms(offer: ProductOffer, variant: VariantOffer, shared: Shared) -> list[int]:
    found = [0] * Term.COUNT
    found[Term.AMOUNT_MIN] = _stated(variant.amount_min)
    found[Term.AMOUNT_MAX] = _stated(variant.amount_max)
    found[Term.TERM_MIN] = _stated(variant.term_min_days)
    found[Term.TERM_MAX] = _stated(variant.term_max_days)
    found[Term.GUARANTEES] = _bits(variant.guarantee_modes, shared)
    found[Term.PURPOSES] = shared.purposes.of(offer.purposes)
    found[Term.WORDS] = offer.words
    found[Term.EVIDENCE] = shared.evidence.of(offer.evidence_tier)
    found[Term.CONNECTED] = 0 if offer.connected else 1
    found[Term.SPEED] = _stated(offer.decision_days)
    found[Term.PRICE] = shared.prices.of(price_of(variant))
    found[Term.LIMIT] = -1 if variant.limit is None else shared.limits.of(variant.limit)
    found[Term.BARE] = int(variant.is_bare)
    return found


def _is_odd(terms: Sequence[int], variant: VariantOffer) -> bool:
    too_large = any(value != NOT_STATED and abs(value) >= LARGEST for value in terms)
    return too_large or len(variant.clauses) > MOST_CLAUSES


def _slots(variant: VariantOffer, numbering: Numbering) -> list[int]:
    """``4 * node + 2 * preferred + opposite`` for each clause."""
    found = []
    for clause in variant.clauses:
        literal = numbering.literal(clause.condition)
        found.append(4 * (literal >> 1) + 2 * (not clause.required) + (literal & 1))
    return found


def padded(slots: Sequence[Sequence[int]], width: int) -> NDArray[np.intp]:
    """Rows of slots as columns of equal length."""
    found = np.full((width, len(slots)), PAD, dtype=np.intp)
    for place, row in enumerate(slots):
        found[: len(row), place] = row
    return found


def variant_rows(offers: Sequence[ProductOffer], numbering: Numbering, shared: Shared, first: int = 0) -> Variants:
    """The tables of all variants of ``offers``, whose first product has the number ``first``."""
    pairs = [(place, offer, variant) for place, offer in enumerate(offers, first) for variant in offer.variants]
    slots = [_slots(variant, numbering) for _place, _offer, variant in pairs]
    terms = [_terms(offer, variant, shared) for _place, offer, variant in pairs]
    odd = [_is_odd(row, pair[2]) for row, pair in zip(terms, pairs, strict=True)]
    kept = [[0 if wrong else value for value in row] for row, wrong in zip(terms, odd, strict=True)]
    shown = [[] if wrong else row for row, wrong in zip(slots, odd, strict=True)]
    return Variants(
        product=np.array([place for place, _offer, _variant in pairs], dtype=np.intp),
        slots=padded(shown, max(map(len, shown), default=0)),
        terms=np.array(kept, dtype=np.int64).reshape(len(pairs), Term.COUNT).T.copy(),
        odd=np.array(odd, dtype=np.bool_),
    )
