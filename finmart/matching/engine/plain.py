"""The plain evaluator: slow, obvious, and the meaning that every faster engine is held to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from finmart.conditions.evaluate import evaluate
from finmart.conditions.types import State
from finmart.matching.engine.cost import all_in_cost
from finmart.matching.engine.fit import terms_fit
from finmart.matching.engine.inputs import ApplicantFacts, Clause, DemandNeed, ProductOffer, VariantOffer
from finmart.matching.engine.limit import indicative_limit
from finmart.matching.engine.needs import with_need
from finmart.matching.engine.rank import RankingRule, ranked, sort_key, with_shares
from finmart.matching.engine.results import ClauseState, Outcome, Verdict

LETTER = {State.MET: "m", State.NOT_MET: "n", State.UNKNOWN: "u"}


@dataclass(frozen=True)
class Case:
    """One applicant with one need, under one rule; the facts include those about the demand."""

    facts: ApplicantFacts
    need: DemandNeed
    rule: RankingRule

    def asking(self, need: DemandNeed) -> "Case":
        """The same applicant asking for something else."""
        return replace(self, facts=with_need(self.facts, need), need=need)


def clause_state(clause: Clause, facts: ApplicantFacts) -> ClauseState:
    """Evaluate one clause; ``missing`` names the facts whose absence keeps it unknown."""
    result = evaluate(clause.condition, facts.values)
    letter = LETTER[result.state]
    missing = tuple(dict.fromkeys(key for leaf in result.leaves for key in leaf.missing)) if letter == "u" else ()
    return ClauseState(clause.key, clause.required, letter, missing)


def verdict_of(clauses: Sequence[ClauseState], words: int) -> Verdict:
    """What the required conditions say together; preferences never exclude."""
    states = [clause.state for clause in clauses if clause.required]
    if "n" in states:
        return Verdict.NOT_MET
    if "u" in states:
        return Verdict.OPEN
    if not states:
        return Verdict.UNCHECKED
    return Verdict.MET_CHECKED if words else Verdict.MET


def _variant_outcome(case: Case, offer: ProductOffer, variant: VariantOffer) -> Outcome:
    clauses = tuple(clause_state(clause, case.facts) for clause in variant.clauses)
    limit = indicative_limit(variant, case.facts)
    fit = terms_fit(case.need, offer, variant, limit)
    outcome = Outcome(
        code=offer.code,
        version=offer.version,
        variant=variant.key,
        verdict=verdict_of(clauses, offer.words),
        clauses=clauses,
        words=offer.words,
        fit=fit,
        limit=limit,
        cost=all_in_cost(case.need, variant, limit),
    )
    return with_shares(outcome, offer, case.rule)


def product_outcome(case: Case, offer: ProductOffer) -> Outcome:
    """The product through its best variant by the same rule; equal variants go by the catalogue's order.

    Raises ``ValueError`` for a product without variants: it offers nothing that could be compared.
    """
    if not offer.variants:
        raise ValueError(f"{offer.code} has no variants")
    outcomes = [_variant_outcome(case, offer, variant) for variant in offer.variants]
    return min(outcomes, key=sort_key)


def match(case: Case, offers: Sequence[ProductOffer]) -> tuple[Outcome, ...]:
    """Every product for one need, best first."""
    return ranked(product_outcome(case, offer) for offer in offers)
