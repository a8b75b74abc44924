"""How a variant's terms compare with the need (DECISIONS 16: terms are fit, never eligibility)."""

from finmart.matching.engine.inputs import UNSECURED, DemandNeed, ProductOffer, VariantOffer
from finmart.matching.engine.results import Fit, Limit, LimitBasis, TermsFit

WHOLE = 1_000_000


def _share(available: int, wanted: int) -> int:
    """``available`` of ``wanted`` in ppm, rounded down so that a part never looks like the whole."""
    return min(WHOLE, available * WHOLE // wanted)


def amount_fit(need: DemandNeed, variant: VariantOffer, limit: Limit) -> tuple[Fit, int | None]:
    """Compare the amount asked for with the indicative limit and the smallest amount lent."""
    if variant.amount_min is not None and need.amount < variant.amount_min:
        return Fit.NONE, None
    if limit.at_least is not None and need.amount <= limit.at_least:
        # Whatever the missing facts say, the limit reaches.
        return Fit.FULL, None
    available = limit.amount if limit.amount is not None else limit.at_most
    if available is None:
        return (Fit.UNKNOWN if limit.basis is LimitBasis.FACTS_MISSING else Fit.NOT_STATED), None
    if available <= 0 or (variant.amount_min is not None and available < variant.amount_min):
        return Fit.NONE, 0
    if need.amount > available:
        return Fit.PARTIAL, _share(available, need.amount)
    return (Fit.FULL if limit.amount is not None else Fit.UNKNOWN), None


def term_fit(need: DemandNeed, variant: VariantOffer) -> tuple[Fit, int | None]:
    """Compare the term asked for with the shortest and the longest one; both bounds belong to the range."""
    if variant.term_min_days is not None and need.term_days < variant.term_min_days:
        return Fit.NONE, None
    if variant.term_max_days is None:
        return Fit.NOT_STATED, None
    if need.term_days > variant.term_max_days:
        return Fit.PARTIAL, _share(variant.term_max_days, need.term_days)
    return Fit.FULL, None


def guarantee_fit(need: DemandNeed, variant: VariantOffer) -> Fit:
    """Whether one of the variant's modes is offered; an unsecured one asks for nothing, so it always fits."""
    if not variant.guarantee_modes:
        return Fit.NOT_STATED
    offered = {UNSECURED, *need.guarantees}
    return Fit.FULL if offered.intersection(variant.guarantee_modes) else Fit.NONE


def purpose_fit(need: DemandNeed, offer: ProductOffer) -> Fit:
    """Whether the kind of product serves the purpose at all (a bridge loan buys no machine)."""
    if need.purpose is None or not offer.purposes:
        return Fit.NOT_STATED
    return Fit.FULL if need.purpose in offer.purposes else Fit.NONE


def terms_fit(need: DemandNeed, offer: ProductOffer, variant: VariantOffer, limit: Limit) -> TermsFit:
    """All four comparisons of one variant."""
    amount, amount_share = amount_fit(need, variant, limit)
    term, term_share = term_fit(need, variant)
    return TermsFit(
        amount=amount,
        term=term,
        guarantee=guarantee_fit(need, variant),
        purpose=purpose_fit(need, offer),
        amount_share=amount_share,
        term_share=term_share,
    )
