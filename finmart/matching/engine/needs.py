"""The facts that a need itself states, so that conditions may speak of the demand (``demand.*``)."""

from finmart.conditions.types import FactValue
from finmart.matching.engine.inputs import DEMAND, ApplicantFacts, DemandNeed

ORIGIN = "demand"
_FIELDS = ("amount", "term_months", "purpose", "guarantees", "region", "as_of")
_OF_NEED = frozenset(DEMAND + name for name in _FIELDS)


def need_facts(need: DemandNeed) -> dict[str, FactValue]:
    """key → value for everything the need states; what it leaves open stays unknown."""
    stated = {
        "amount": need.amount,
        "term_months": need.months,
        "purpose": need.purpose,
        "guarantees": tuple(sorted(need.guarantees)) or None,
        "region": need.region,
        "as_of": need.as_of,
    }
    return {
        DEMAND + key: FactValue(value=value, observed_until=None, source=ORIGIN, origin=ORIGIN)
        for key, value in stated.items()
        if value is not None
    }


def with_need(facts: ApplicantFacts, need: DemandNeed) -> ApplicantFacts:
    """The applicant's facts with those of ``need`` in place of those of any earlier one.

    What the applicant declared about the demand beyond the need's own fields stays.
    """
    own = {key: value for key, value in facts.values.items() if key not in _OF_NEED}
    return ApplicantFacts({**own, **need_facts(need)})
