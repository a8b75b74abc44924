"""The plain evaluator: slow, obvious, and the meaning that every faster engine is held to."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from finmart.conditions.evaluate import evaluate
from finmart.conditions.types import State
from finmart.matching.engine.cost import all_in_cost
from finmart.matching.engine.fit import terms_fit
from finmart.matching.engine.inputs import ApplicantFacts, Clause, DemandNeed, ProductOffer, VariantOffer
from finmart.matching.engine.limit import indicative_limit
from finmart.matching.engine.needs import with_need
from finmart.matching.engine.rank import RankingRule, ranked, seed_of, sort_key, with_shares
from finmart.matching.engine.results import ClauseState, Limit, Outcome, Verdict
from finmart.reference.refusals import N_
from finmart.reference.repayment import LoanRefusal

#: How many products that just fail are worth reading.
MOST_NEAR = 20
LETTER = {State.MET: "m", State.NOT_MET: "n", State.UNKNOWN: "u"}


@dataclass(frozen=True)
class Case:
    """One applicant with one need, under one rule; the facts include those about the demand.

    Raises ``LoanRefusal`` for a need of nothing: no share of it, no cost and no rank can be worked out.
    """

    facts: ApplicantFacts
    need: DemandNeed
    rule: RankingRule
    #: Answers that do not depend on the need, by the clause's identity: asking for something else keeps them. A clause
    #: stands beside its answer, so that its identity cannot pass to another one.
    #: Only ``asking`` hands them on: with other facts there are other answers.
    known: dict[int, tuple[Clause, ClauseState]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.need.amount <= 0:
            raise LoanRefusal(N_("贷款金额须大于零。"))
        # A profile that is replaced meanwhile must not mix with what was read already.
        object.__setattr__(self, "facts", ApplicantFacts(dict(self.facts.values)))

    @cached_property
    def seed(self) -> int:
        """What this need's turns are drawn with."""
        return seed_of(self.need, self.rule.draw)

    def asking(self, need: DemandNeed) -> "Case":
        """The same applicant asking for something else."""
        case = replace(self, facts=with_need(self.facts, need), need=need)
        object.__setattr__(case, "known", self.known)
        return case

    def state_of(self, clause: Clause) -> ClauseState:
        """How a clause stands for this applicant and need."""
        if clause.of_demand:
            return clause_state(clause, self.facts)
        known = self.known.get(id(clause))
        if known is None:
            known = self.known[id(clause)] = (clause, clause_state(clause, self.facts))
        return known[1]


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


def outcome_from(
    case: Case,
    offer: ProductOffer,
    variant: VariantOffer,
    clauses: tuple[ClauseState, ...],
    limit: Limit,
    shares: tuple[tuple[str, int], ...] = (),
) -> Outcome:
    """The outcome of a variant whose clauses are answered and whose limit is known; ``shares`` where measured."""
    return Outcome(
        code=offer.code,
        version=offer.version,
        variant=variant.key,
        verdict=verdict_of(clauses, offer.words),
        clauses=clauses,
        words=offer.words,
        fit=terms_fit(case.need, offer, variant, limit),
        limit=limit,
        cost=all_in_cost(case.need, variant, limit),
        shares=shares,
    )


def variant_outcome(case: Case, offer: ProductOffer, variant: VariantOffer) -> Outcome:
    """One variant for one need."""
    limit = indicative_limit(variant, case.facts, interval=case.rule.intervals)
    outcome = outcome_from(case, offer, variant, tuple(map(case.state_of, variant.clauses)), limit)
    return with_shares(outcome, offer, case.rule, case.seed)


def product_outcome(case: Case, offer: ProductOffer) -> Outcome:
    """The product through its best variant by the same rule; equal variants go by the catalogue's order.

    Raises ``ValueError`` for a product without variants: it offers nothing that could be compared.
    """
    if not offer.variants:
        raise ValueError(f"{offer.code} has no variants")
    outcomes = [variant_outcome(case, offer, variant) for variant in offer.variants]
    return min(outcomes, key=sort_key)


def another_need_could_help(case: Case, offer: ProductOffer) -> bool:
    """Whether some variant has no required condition that fails whatever is asked for."""

    def fails(clause: Clause) -> bool:
        return clause.required and not clause.of_demand and case.state_of(clause).state == "n"

    return any(not any(map(fails, variant.clauses)) for variant in offer.variants)


def match(case: Case, offers: Sequence[ProductOffer]) -> tuple[Outcome, ...]:
    """Every product for one need, best first."""
    return ranked(product_outcome(case, offer) for offer in offers)


def near_misses(outcomes: Sequence[Outcome], most: int = MOST_NEAR) -> tuple[Outcome, ...]:
    """Of ranked ``outcomes`` those that fail fewest conditions, but at least one; equal ones keep their order."""
    failing = [outcome for outcome in outcomes if outcome.verdict is Verdict.NOT_MET]
    return tuple(sorted(failing, key=lambda outcome: outcome.count("n"))[:most])
