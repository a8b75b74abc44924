"""Which products an applicant's facts are enough for when nothing is asked for yet: pure, over the online engine.

Facts about the need are left out, so a condition on them stays unknown and is told apart from one that lacks a datum
of the applicant's. Nothing is asked for, so nothing is compared with an amount or a term either.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from finmart.conditions.types import FactValue
from finmart.conditions.walk import AS_OF
from finmart.matching.engine import plain
from finmart.matching.engine.inputs import DEMAND, ApplicantFacts, DemandNeed, ProductOffer
from finmart.matching.engine.needs import need_facts
from finmart.matching.engine.rank import RankingRule, cost_rank, number_of, turn_of
from finmart.matching.engine.results import ClauseState, Outcome, Verdict
from finmart.matching.snapshots import Plan, used_keys
from finmart.platform.kernel.money import FEN_PER_WAN

#: What a cost is worked out on. Fees are shares of the amount, so that the amount moves it by rounding alone.
AMOUNT = 100 * FEN_PER_WAN
MONTHS = 12
#: What stays of the need: money is asked for where the applicant is registered, and today.
PLACE = f"{DEMAND}region"


@dataclass(frozen=True)
class Standing:
    """One applicant without a need: its facts, and the products whose conditions it meets, in order."""

    plan: Plan
    facts: ApplicantFacts
    outcomes: tuple[Outcome, ...]


def neutral_need(region: str | None, on: date, reference: str) -> DemandNeed:
    """A need that asks for nothing in particular."""
    return DemandNeed(amount=AMOUNT, term_days=MONTHS * 30, region=region, as_of=on, reference=reference)


def neutral_facts(known: Mapping[str, FactValue], need: DemandNeed, plan: Plan) -> ApplicantFacts:
    """What is known of the applicant that some product speaks of; of the need only the place and the day."""
    keys = used_keys(plan.offers)
    own = {key: value for key, value in known.items() if key in keys and not key.startswith(DEMAND)}
    kept = {key: value for key, value in need_facts(need).items() if key in (PLACE, AS_OF)}
    return ApplicantFacts({**own, **kept})


def about_need(clause: ClauseState) -> bool:
    """Whether nothing but what will be asked for is missing to answer a condition."""
    return clause.state == "u" and bool(clause.missing) and all(key.startswith(DEMAND) for key in clause.missing)


def is_open(clauses: Iterable[ClauseState]) -> bool:
    """Whether something could be checked, and everything that could be is met."""
    decided = [clause for clause in clauses if clause.required and not about_need(clause)]
    return bool(decided) and all(clause.state == "m" for clause in decided)


def _order(case: plain.Case, outcome: Outcome) -> tuple[int, int, int, str]:
    """Fewer words to confirm, then the lower stated cost (DECISIONS 17), then turns that change with the day."""
    return outcome.words, cost_rank(outcome.cost), turn_of(case.seed, number_of(outcome.code)), outcome.code


def _best(case: plain.Case, offer: ProductOffer) -> Outcome | None:
    found = [plain.variant_outcome(case, offer, variant) for variant in offer.variants]
    return min((one for one in found if is_open(one.clauses)), key=lambda one: _order(case, one), default=None)


def standing(plan: Plan, rule: RankingRule, known: Mapping[str, FactValue], need: DemandNeed) -> Standing:
    """Where somebody stands today to every product of ``plan``."""
    case = plain.Case(neutral_facts(known, need, plan), need, rule)
    answered = plan.engine.answer(case)
    outcomes = []
    for place, offer in enumerate(plan.offers):
        if len(offer.variants) > 1:
            # The engine's best way is the best for an amount; here any way that is open will do.
            one = _best(case, offer)
        elif answered.verdict(place) in (Verdict.NOT_MET, Verdict.UNCHECKED):
            one = None
        else:
            outcome = answered.outcome(place)
            one = outcome if is_open(outcome.clauses) else None
        if one is not None:
            outcomes.append(one)
    return Standing(plan, case.facts, tuple(sorted(outcomes, key=lambda one: _order(case, one))))
