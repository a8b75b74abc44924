"""Generated products as the catalogue publishes them, for what begins with a catalogue."""

from benchmarks.matching.generated import TODAY
from finmart.conditions.json_form import dump_expression
from finmart.matching.engine.inputs import ProductOffer, VariantOffer
from finmart.platform.kernel.money import Term
from finmart.products.types import AdmissionClause, Fee, InstitutionRef, PublishedProduct, Variant, Words

_WORDS = Words(99, "other", "须经营稳定")


def _term(days: int | None) -> Term | None:
    return None if days is None else Term(days=days)


def _variant(offer: VariantOffer) -> Variant:
    return Variant(
        key=offer.key,
        label_zh=offer.key,
        label_en=offer.key,
        amount_min=offer.amount_min,
        amount_max=offer.amount_max,
        term_min=_term(offer.term_min_days),
        term_max=_term(offer.term_max_days),
        rate_min=offer.rate_min,
        rate_max=offer.rate_max,
        guarantee_modes=offer.guarantee_modes,
        repayment_modes=offer.repayment_modes,
        clauses=tuple(AdmissionClause(c.key, c.origin, dict(c.source), c.required, c.text) for c in offer.clauses),
        limit=None if offer.limit is None else dump_expression(offer.limit),
        fees=tuple(Fee(fee.key, fee.key, fee.key, fee.rate, fee.per, fee.payer, "") for fee in offer.fees),
    )


def published(offer: ProductOffer) -> PublishedProduct:
    """The product that the engine reads as ``offer``."""
    return PublishedProduct(
        code=offer.code,
        version=offer.version,
        name_zh=offer.code,
        name_en=offer.code,
        institution=InstitutionRef(offer.institution, offer.institution, offer.institution, "bank", offer.connected),
        product_type=offer.product_type,
        variants=tuple(map(_variant, offer.variants)),
        words=(_WORDS,) * offer.words,
        notes=(),
        stated_fields=frozenset(),
        evidence_tier=offer.evidence_tier,
        source="generated",
        recorded_on=TODAY,
        decision_days=offer.decision_days,
        online_level="",
        serves=offer.purposes,
    )
