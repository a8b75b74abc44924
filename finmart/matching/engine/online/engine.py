"""One applicant against all products: equal to ``engine.plain.match`` in every field, and fast enough for a request.

What decides the order is worked out in arrays; outcomes, with their words and missing facts, are made one by one for
what is shown. An engine never changes, so that a reader of one is never disturbed by the next.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from finmart.matching.engine.inputs import ApplicantFacts, ProductOffer, VariantOffer
from finmart.matching.engine.limit import capped_limit
from finmart.matching.engine.online.cells import Reader
from finmart.matching.engine.online.fitting import MOST_AMOUNT, MOST_DAYS
from finmart.matching.engine.online.need_view import NeedViews, Terms
from finmart.matching.engine.online.ordering import best_of_each, in_order, packed
from finmart.matching.engine.online.ranking import (
    NOT_MET,
    OPEN_FITNESS,
    VERDICTS,
    Measured,
    Rows,
    criteria,
    measured,
    verdicts,
)
from finmart.matching.engine.online.tally import Tally, retallied, tallied
from finmart.matching.engine.online.values import Known
from finmart.matching.engine.plain import (
    MOST_NEAR,
    Case,
    another_need_could_help,
    near_misses,
    outcome_from,
    product_outcome,
)
from finmart.matching.engine.plan.compiling import followed
from finmart.matching.engine.plan.types import Indexes, Plan, States, Term
from finmart.matching.engine.rank import shares_of, sort_key
from finmart.matching.engine.results import ClauseState, Limit, Outcome, Verdict

LETTERS = "num"


@lru_cache(maxsize=1 << 16)
def _settled(key: str, required: bool, state: str) -> ClauseState:
    """A clause that is met or fails says the same of everybody: one object does for all."""
    return ClauseState(key, required, state)


@dataclass(frozen=True)
class Standing:
    """How one applicant stands to every clause and variant, whatever is asked for in money and term."""

    cells: NDArray[np.int32]
    literals: States
    tally: Tally
    verdicts: NDArray[np.uint8]


@dataclass(frozen=True)
class Answer:
    """One applicant and need against all products; ``best`` (Q,) is each product's variant, ``order`` (Q,) the products
    from the first to the last."""

    plan: Plan
    case: Case
    standing: Standing
    rows: Rows
    measured: Measured
    best: Indexes
    order: Indexes

    def __len__(self) -> int:
        return len(self.order)

    def verdict(self, product: int) -> Verdict:
        """The verdict of a product (by its place in the plan)."""
        return VERDICTS[self.rows.verdict[self.best[product]]]

    def outcome(self, product: int) -> Outcome:
        """A product's outcome, whole."""
        place = int(self.best[product])
        offer, variant = self.plan.offers[product], self.plan.variant(place)
        clauses = tuple(
            # Which facts are missing is said by the plain evaluator, which follows the condition as it is written.
            self.case.state_of(clause) if state == 1 else _settled(clause.key, clause.required, LETTERS[state])
            for clause, state in zip(variant.clauses, self._states(place, variant), strict=True)
        )
        shares = shares_of({key: int(column[place]) for key, column in self.measured.items()}, self.case.rule)
        return outcome_from(self.case, offer, variant, clauses, self._limit(place, variant), shares)

    def _limit(self, place: int, variant: VariantOffer) -> Limit:
        """What ``limit.indicative_limit`` says of a variant, out of what its formula gave while ranking."""
        found = self.rows.terms.limits.get(int(self.rows.term(Term.LIMIT)[place]))
        return capped_limit(variant.amount_max, found)

    def outcomes(self, most: int | None = None) -> tuple[Outcome, ...]:
        """The first ``most`` outcomes, best first."""
        return tuple(map(self.outcome, self.order[:most].tolist()))

    def near_misses(self, most: int = MOST_NEAR) -> tuple[Outcome, ...]:
        """What ``plain.near_misses`` says of all outcomes."""
        failing = self.order[self.rows.verdict[self.best[self.order]] == NOT_MET]
        counts = self.rows.tally.not_met[self.best[failing]]
        return tuple(map(self.outcome, failing[np.argsort(counts, kind="stable")[:most]].tolist()))

    def covering(self, among: Container[str]) -> tuple[Outcome, ...]:
        """The outcomes of the products ``among`` these codes that nothing known speaks against, best first."""
        return tuple(map(self.outcome, self._covering(among)))

    def count_covering(self, among: Container[str]) -> int:
        """How many they are; no outcome is made."""
        return len(self._covering(among))

    def _covering(self, among: Container[str]) -> list[int]:
        own = self.best[self.order]
        fits = (self.rows.verdict[own] != NOT_MET) & (self.rows.terms.fitness[own] <= OPEN_FITNESS)
        return [place for place in self.order[fits].tolist() if self.plan.offers[place].code in among]

    def another_need_could_help(self, product: int) -> bool:
        """What ``plain.another_need_could_help`` says of a product."""
        first, last = self.plan.starts[product : product + 2].tolist()
        return not all(map(self._fails_anyway, range(first, last)))

    def _fails_anyway(self, place: int) -> bool:
        variant = self.plan.variant(place)
        return any(
            state == 0 and clause.required and not clause.of_demand
            for clause, state in zip(variant.clauses, self._states(place, variant), strict=True)
        )

    def _states(self, place: int, variant: VariantOffer) -> list[int]:
        """The state of each clause of a variant."""
        slots = self.plan.variants.slots[: len(variant.clauses), place]
        found: list[int] = self.standing.literals[2 * (slots >> 2) + (slots & 1)].tolist()
        return found


class PlainAnswer:
    """The same answers by the plain evaluator, for numbers that do not fit the arrays."""

    def __init__(self, plan: Plan, case: Case) -> None:
        self.case, self._offers = case, plan.offers
        self._outcomes = tuple(product_outcome(case, offer) for offer in plan.offers)
        places = sorted(range(len(plan.offers)), key=lambda place: sort_key(self._outcomes[place]))
        self.order: Indexes = np.array(places, dtype=np.intp)

    def __len__(self) -> int:
        return len(self._outcomes)

    def verdict(self, product: int) -> Verdict:
        """The verdict of a product (by its place in the plan)."""
        return self._outcomes[product].verdict

    def outcome(self, product: int) -> Outcome:
        """A product's outcome."""
        return self._outcomes[product]

    def outcomes(self, most: int | None = None) -> tuple[Outcome, ...]:
        """The first ``most`` outcomes, best first."""
        return tuple(self._outcomes[place] for place in self.order[:most].tolist())

    def near_misses(self, most: int = MOST_NEAR) -> tuple[Outcome, ...]:
        """The products that fail fewest conditions."""
        return near_misses(self.outcomes(), most)

    def covering(self, among: Container[str]) -> tuple[Outcome, ...]:
        """The outcomes of the products ``among`` these codes that nothing known speaks against, best first."""
        return tuple(outcome for outcome in self.outcomes() if outcome.covers and outcome.code in among)

    def count_covering(self, among: Container[str]) -> int:
        """How many they are."""
        return len(self.covering(among))

    def another_need_could_help(self, product: int) -> bool:
        """Whether some variant of a product fails nothing that stands whatever is asked for."""
        return another_need_could_help(self.case, self._offers[product])


Answered: TypeAlias = Answer | PlainAnswer


class Engine:
    """A plan with everything that answering needs; make one a plan, and a new one for a changed plan."""

    def __init__(self, plan: Plan, former: "Engine | None" = None) -> None:
        self.plan = plan
        self._is_odd = bool(plan.variants.odd.any()) or not plan.offers
        #: What reads applicants.
        self.reader: Reader = Reader(plan, None if former is None else former.reader)
        self._views: NeedViews = NeedViews(plan, None if former is None else former._views)

    def standing(self, facts: ApplicantFacts) -> Standing:
        """Where the applicant stands, clause by clause."""
        known = Known(facts.values)
        cells = self.reader.cells(known)
        literals = self.reader.literals(cells, known)
        tally = tallied(self.plan.variants, literals)
        return Standing(cells, literals, tally, verdicts(self.plan, tally))

    def restanding(self, before: Standing, facts: ApplicantFacts, changed: Iterable[str]) -> Standing:
        """The standing after the facts ``changed`` have other values; nothing else is read again."""
        known, keys = Known(facts.values), tuple(changed)
        cells = self.reader.renewed(before.cells, known, keys)
        literals = self.reader.relit(before, cells, known, keys)
        tally = retallied(self.plan.variants, before.tally, before.literals, literals)
        return Standing(cells, literals, tally, verdicts(self.plan, tally))

    def answer(self, case: Case) -> Answered:
        """Rank all products for one case."""
        if self._is_odd or case.need.amount >= MOST_AMOUNT or case.need.term_days >= MOST_DAYS:
            return PlainAnswer(self.plan, case)
        return self.ranked(case, self.standing(case.facts))

    def ranked(self, case: Case, standing: Standing) -> Answer:
        """Rank all products for somebody whose standing is known already."""
        plan = self.plan
        rows = Rows(plan, standing.verdicts, standing.tally, self._terms(case))
        found = measured(rows, case.rule, case.seed)
        words = packed(criteria(found, case.rule))
        best = best_of_each(words, plan.starts[:-1], plan.variants.product)
        chosen = [word[best] for word in words]
        order = in_order(packed(chosen if plan.is_by_code else [*chosen, plan.codes_rank]), len(best))
        return Answer(plan, case, standing, rows, found, best, order)

    def _terms(self, case: Case) -> Terms:
        return self._views.of(case.need).terms(case.facts, interval=case.rule.intervals)

    def following(self, offers: tuple[ProductOffer, ...]) -> "Engine":
        """The engine of ``offers``, made out of this one where few of them are other ones; this one stays as it is.

        Raises ``ValueError`` for a product without variants.
        """
        plan = followed(self.plan, offers)
        # A plan compiled anew numbers everything anew.
        return Engine(plan, self if plan.edits else None)

    def match(self, case: Case) -> tuple[Outcome, ...]:
        """Every product for one need, best first: what ``plain.match`` gives."""
        return self.answer(case).outcomes()
