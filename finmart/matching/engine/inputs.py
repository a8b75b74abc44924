"""What the engine is given: facts, a need and offers, in types of its own (only ``matching.snapshots`` fills them).

Money is 分, rates and shares are ppm (1/10 000 of a percent), terms are comparable days (a month counts as 30).
``None`` always means "not stated" or "not known", never zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

from finmart.conditions.types import Condition, Expression, FactValue

Json = dict[str, Any]

#: The mode that asks nothing of the applicant, so that every applicant can offer it.
UNSECURED = "credit"
#: Facts about the need itself.
DEMAND = "demand."
#: Facts that say who somebody is and where, nothing of how it does business.
WHO_AND_WHERE = frozenset({"subject_kind", "industry", "firm_size", "registered_region"})


@dataclass(frozen=True)
class DemandNeed:
    """What is asked for: ``amount`` for ``term_days``, secured by one of ``guarantees``, for ``purpose``.

    ``guarantees`` are the modes the applicant can offer; an empty tuple means that nothing was said. ``as_of`` is the
    day on which it is matched: dated lists are judged on it, so that a replay sees the same day. ``reference`` tells
    needs apart (the demand's public id): products that are equal in everything take turns by it.
    """

    amount: int
    term_days: int
    guarantees: tuple[str, ...] = ()
    purpose: str | None = None
    region: str | None = None
    as_of: date | None = None
    reference: str = ""

    @property
    def months(self) -> int:
        """The term in whole months, at least one: what a cost is worked out over."""
        return max(1, self.term_days // 30)


@dataclass(frozen=True)
class Clause:
    """One condition of a variant. ``source`` is the JSON it was parsed from; ``facts`` are the keys it speaks of."""

    key: str
    origin: str
    condition: Condition
    required: bool
    source: Json
    facts: frozenset[str]
    text: str = ""

    @cached_property
    def of_demand(self) -> bool:
        """Whether the answer depends on what is asked for."""
        return any(key.startswith(DEMAND) for key in self.facts)


FeePeriod = Literal["once", "year", "month", "day", "deposit"]


@dataclass(frozen=True)
class OfferFee:
    """A cost beside interest: ``rate`` in ppm of the amount, None when only words state it."""

    key: str
    rate: int | None
    per: FeePeriod
    payer: str


@dataclass(frozen=True)
class OfferMaterial:
    """A paper that the product says it wants; any one of ``facts`` says what it would prove."""

    name: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class VariantOffer:
    """One way to get the product, with terms of its own."""

    key: str
    amount_min: int | None = None
    amount_max: int | None = None
    term_min_days: int | None = None
    term_max_days: int | None = None
    rate_min: int | None = None
    rate_max: int | None = None
    rate_kind: Literal["interest", "fee"] = "interest"
    guarantee_modes: tuple[str, ...] = ()
    repayment_modes: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    limit: Expression | None = None
    fees: tuple[OfferFee, ...] = ()

    @cached_property
    def is_demanding(self) -> bool:
        """Whether it asks how somebody does business, not only who it is, where, and what it wants."""
        asked = {key for clause in self.clauses if clause.required for key in clause.facts}
        return any(key not in WHO_AND_WHERE and not key.startswith(DEMAND) for key in asked)

    @cached_property
    def is_bare(self) -> bool:
        """Whether for whom and where is all that can be checked, and neither the most lent nor a price is stated."""
        terms = (self.amount_max, self.limit, self.rate_min, self.rate_max)
        return not self.is_demanding and all(term is None for term in terms)


@dataclass(frozen=True)
class ProductOffer:
    """One published version of a product. ``words`` counts the clauses that only words state.

    ``purposes`` are the purposes the kind of product serves; empty means that it serves any. ``decision_days`` are
    measured on ``decisions`` applications, or stated by the source when ``decisions`` is None. ``decided_between``:
    the first days of the months of the first and the last of these decisions. ``materials`` is empty where the product
    states none, and None in what was stored before materials were kept.
    """

    code: str
    version: int
    institution: str
    connected: bool
    product_type: str
    evidence_tier: str
    decision_days: int | None
    words: int
    purposes: tuple[str, ...]
    variants: tuple[VariantOffer, ...]
    decisions: int | None = None
    decided_between: tuple[date, date] | None = None
    materials: tuple[OfferMaterial, ...] | None = None


def variant_of(offer: ProductOffer, key: str) -> VariantOffer:
    """The variant with ``key``. Raises ``LookupError``."""
    for variant in offer.variants:
        if variant.key == key:
            return variant
    raise LookupError(f"{offer.code} has no variant {key}")


@dataclass(frozen=True)
class ApplicantFacts:
    """Everything known about the applicant and the demand, by key of the fact dictionary."""

    values: Mapping[str, FactValue] = field(default_factory=dict)
