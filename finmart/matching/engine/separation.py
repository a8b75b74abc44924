"""Which products tell firms apart for the same need, in what, and by which fact."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from finmart.conditions.walk import keys_of_expression
from finmart.matching.engine.inputs import DEMAND, ApplicantFacts, ProductOffer, VariantOffer
from finmart.matching.engine.results import Outcome, Verdict

MET = frozenset({Verdict.MET, Verdict.MET_CHECKED})

#: What may differ, the weightiest first.
ASPECTS: tuple[tuple[str, Callable[[Outcome], Hashable]], ...] = (
    ("verdict", lambda outcome: outcome.verdict),
    ("limit", lambda outcome: (outcome.limit.basis, outcome.limit.amount, outcome.limit.at_most)),
    ("fit", lambda outcome: (outcome.fit.overall, outcome.fit.amount_share, outcome.fit.term_share)),
)


@dataclass(frozen=True)
class Separation:
    """One product that firms differ on: ``aspects`` in which, ``facts`` by which, and how many of each verdict."""

    code: str
    aspects: tuple[str, ...]
    facts: tuple[str, ...]
    verdicts: tuple[tuple[str, int], ...]
    met: int
    values: int

    @property
    def fact(self) -> str:
        """The most telling fact."""
        return next(iter(self.facts), "")


Firm = tuple[ApplicantFacts, Outcome]


def _spread(values: Sequence[Hashable]) -> tuple[int, int]:
    """How well values tell apart: those outside the largest group, then how many values there are."""
    counts = Counter(values)
    return len(values) - counts.most_common(1)[0][1], len(counts)


def _value(facts: ApplicantFacts, key: str) -> Hashable:
    known = facts.values.get(key)
    return None if known is None else repr(known.value)


def _clause_facts(variant: VariantOffer, firms: Sequence[Firm]) -> list[str]:
    """The facts of the required clause whose state tells most firms apart, then of the next."""
    states = {
        clause.key: [state for _facts, o in firms for state in o.clauses if state.key == clause.key]
        for clause in variant.clauses
        if clause.required
    }
    spreads = {key: _spread([s.state for s in found]) for key, found in states.items() if found}
    telling = sorted((key for key in spreads if spreads[key][0]), key=lambda key: (-spreads[key][0], key))
    by_key = {clause.key: clause for clause in variant.clauses}
    return [fact for key in telling for fact in sorted(by_key[key].facts)]


def _separating_facts(offer: ProductOffer, aspect: str, firms: Sequence[Firm]) -> tuple[str, ...]:
    """The facts that tell firms apart, the most telling first.

    First those of conditions and formulas whose answer differs; then, where firms were given different variants, any
    fact of the variants' own conditions.
    """
    in_clauses = [fact for variant in offer.variants for fact in _clause_facts(variant, firms)]
    in_limits = [fact for v in offer.variants if v.limit is not None for fact in keys_of_expression(v.limit)]
    every = [fact for variant in offer.variants for clause in variant.clauses for fact in sorted(clause.facts)]
    first = [*in_clauses, *in_limits] if aspect == "verdict" else [*in_limits, *in_clauses]
    own = [key for key in dict.fromkeys([*first, *every]) if not key.startswith(DEMAND)]
    return tuple(key for key in own if len({_value(facts, key) for facts, _o in firms}) > 1)


def separation(offer: ProductOffer, firms: Sequence[Firm]) -> Separation | None:
    """How ``firms`` (each with its outcome for this offer) differ; None when they do not."""
    differing = tuple(name for name, of in ASPECTS if len({of(outcome) for _facts, outcome in firms}) > 1)
    if not differing:
        return None
    telling = _separating_facts(offer, differing[0], firms)
    verdicts = Counter(str(outcome.verdict) for _facts, outcome in firms)
    return Separation(
        code=offer.code,
        aspects=differing,
        facts=telling,
        verdicts=tuple(sorted(verdicts.items())),
        met=sum(count for verdict, count in verdicts.items() if Verdict(verdict) in MET),
        values=len({_value(facts, telling[0]) for facts, _o in firms}) if telling else 1,
    )


def separations(
    offers: Sequence[ProductOffer], answers: Sequence[tuple[ApplicantFacts, Sequence[Outcome]]]
) -> tuple[Separation, ...]:
    """Every product that tells the firms apart, in the order of the offers."""
    by_code = [(facts, {outcome.code: outcome for outcome in outcomes}) for facts, outcomes in answers]
    found = (separation(offer, [(facts, own[offer.code]) for facts, own in by_code]) for offer in offers)
    return tuple(one for one in found if one is not None)
