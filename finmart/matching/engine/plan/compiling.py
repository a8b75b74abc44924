"""Compiling offers into a plan, and the plan that follows one, which leaves the earlier plan as it was."""

from collections.abc import Sequence
from itertools import accumulate, islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.inputs import ProductOffer
from finmart.matching.engine.plan.middle import Middle, middle_of
from finmart.matching.engine.plan.names import Numbering, levels, predicates
from finmart.matching.engine.plan.rows import Shared, variant_rows
from finmart.matching.engine.plan.types import PAD, Indexes, Plan, Variants
from finmart.matching.engine.rank import number_of


class Codes(NamedTuple):
    """What only the products' codes decide (Q,)."""

    places: Indexes
    numbers: NDArray[np.uint64]


def _ranks(offers: Sequence[ProductOffer]) -> Codes:
    """The place of each code among all, where equal codes have one place, and its number in draws of turns."""
    places = {code: place for place, code in enumerate(sorted({offer.code for offer in offers}))}
    codes = [offer.code for offer in offers]
    numbers = np.array([number_of(code) for code in codes], dtype=np.uint64)
    return Codes(np.array([places[code] for code in codes], dtype=np.intp), numbers)


def _starts(offers: Sequence[ProductOffer]) -> Indexes:
    return np.array([0, *accumulate(len(offer.variants) for offer in offers)], dtype=np.intp)


def _must_have_variants(offer: ProductOffer) -> None:
    if not offer.variants:
        raise ValueError(f"{offer.code} has no variants")


def _finished(
    numbering: Numbering,
    shared: Shared,
    offers: tuple[ProductOffer, ...],
    variants: Variants,
    *,
    starts: Indexes,
    ranks: Codes,
    before: Plan | None = None,
) -> Plan:
    columns = numbering.cut_columns()
    return Plan(
        offers=offers,
        columns=columns,
        predicates=predicates(numbering, columns, before.predicates if before else None),
        levels=levels(numbering, before.levels if before else ()),
        nodes=numbering.nodes,
        variants=variants,
        starts=starts,
        codes_rank=ranks.places,
        numbers=ranks.numbers,
        names=numbering.frozen(),
        sharing=shared.frozen(),
        modes=shared.modes.all(),
        purposes=shared.purposes.all(),
        prices=shared.prices.all(),
        limits=shared.limits.all(),
        evidence=shared.evidence.all(),
        edits=before.edits + 1 if before else 0,
    )


def compiled(offers: Sequence[ProductOffer]) -> Plan:
    """The plan of ``offers``, in their order. Raises ``ValueError`` for a product without variants."""
    for offer in offers:
        _must_have_variants(offer)
    numbering, shared = Numbering(), Shared()
    rows = variant_rows(offers, numbering, shared)
    return _finished(numbering, shared, tuple(offers), rows, starts=_starts(offers), ranks=_ranks(offers))


def _wider(slots: NDArray[np.intp], width: int) -> NDArray[np.intp]:
    missing = width - len(slots)
    if missing <= 0:
        return slots
    return np.vstack((slots, np.full((missing, slots.shape[1]), PAD, dtype=np.intp)))


def _spliced(old: Variants, new: Variants, middle: Middle, *, moved: int) -> Variants:
    """``old`` with the variants of ``middle`` replaced by ``new``; products behind them move by ``moved`` places."""
    width = max(len(old.slots), len(new.slots))
    product = middle.spliced(old.product, new.product)
    product[middle.new_end :] += moved
    return Variants(
        product=product,
        slots=middle.spliced(_wider(old.slots, width), _wider(new.slots, width)),
        terms=middle.spliced(old.terms, new.terms),
        odd=middle.spliced(old.odd, new.odd),
    )


def _changed(plan: Plan, middle: Middle, offers: tuple[ProductOffer, ...]) -> Plan:
    """The plan of ``offers``, which differ from its own in ``middle`` alone."""
    first, old_end, new_end = middle
    new = offers[first:new_end]
    for offer in new:
        _must_have_variants(offer)
    numbering, shared = Numbering(plan.names, plan.columns, plan.nodes), Shared(plan.sharing)
    rows = variant_rows(new, numbering, shared, first)
    start, end = plan.starts[[first, old_end]].tolist()
    own = Middle(start, end, start + len(rows.product))
    behind = plan.starts[old_end:] + (own.new_end - end)
    same = [offer.code for offer in new] == [offer.code for offer in plan.offers[first:old_end]]
    return _finished(
        numbering,
        shared,
        offers,
        _spliced(plan.variants, rows, own, moved=new_end - old_end),
        starts=np.concatenate((plan.starts[:first], start + _starts(new)[:-1], behind)),
        ranks=Codes(plan.codes_rank, plan.numbers) if same else _ranks(offers),
        before=plan,
    )


#: More changes than these, at once or one after the other, are compiled anew, which leaves nothing unused behind.
MOST_CHANGES, MOST_EDITS = 20, 200


def followed(plan: Plan, offers: tuple[ProductOffer, ...]) -> Plan:
    """The plan of ``offers``, in their order, out of ``plan`` where few of them are other objects than its own.

    Raises ``ValueError`` for a product without variants.
    """
    if plan.edits > MOST_EDITS:
        return compiled(offers)
    for _change in range(MOST_CHANGES):
        middle = middle_of(plan.offers, offers)
        if middle.is_nothing:
            return plan
        if middle.new_end - middle.first <= 1:
            return _changed(plan, middle, offers)
        plan = _nearer(plan, offers, middle)
    return compiled(offers)


def _nearer(plan: Plan, offers: Sequence[ProductOffer], middle: Middle) -> Plan:
    """``plan`` with the first of ``offers`` that stands elsewhere in its place."""
    first, end = middle.first, middle.first
    wanted = offers[first]
    if first < middle.old_end:
        here = enumerate(islice(plan.offers, first, None), first)
        end = next((place + 1 for place, offer in here if offer.code == wanted.code), first)
    return _changed(plan, Middle(first, end, first + 1), (*plan.offers[:first], wanted, *plan.offers[end:]))
