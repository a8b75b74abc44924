"""The indicative limit of a variant: the stated cap, the formula over facts, or the smaller. Never a promise."""

from finmart.conditions.evaluate import compute
from finmart.matching.engine.inputs import ApplicantFacts, VariantOffer
from finmart.matching.engine.results import Limit, LimitBasis


def indicative_limit(variant: VariantOffer, facts: ApplicantFacts) -> Limit:
    """Work the limit out. A formula with missing facts leaves it unknown and names them; below zero it is zero."""
    cap = variant.amount_max
    if variant.limit is None:
        return Limit(LimitBasis.NOT_STATED) if cap is None else Limit(LimitBasis.CAP, amount=cap)
    value = compute(variant.limit, facts.values)
    if value.amount is None:
        return Limit(LimitBasis.FACTS_MISSING, at_most=cap, missing=tuple(value.missing))
    amount = max(0, value.amount)
    if cap is None:
        return Limit(LimitBasis.FORMULA, amount=amount)
    return Limit(LimitBasis.CAP_AND_FORMULA, amount=min(cap, amount))
