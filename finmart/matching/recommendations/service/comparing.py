"""What changed between two days, and why: from the states of conditions and the facts that differ. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from finmart.matching.engine import plain
from finmart.matching.engine.inputs import DEMAND, ApplicantFacts, VariantOffer
from finmart.matching.recommendations.service.today import PLACE, about_need
from finmart.matching.recommendations.types import Change, ChangedFact, Opened, Why
from finmart.matching.snapshots import Plan


@dataclass(frozen=True)
class Side:
    """One day: the shelf, the applicant's facts, and the products that were open, by code."""

    plan: Plan
    facts: ApplicantFacts
    opened: Mapping[str, Opened]


def _failing(variant: VariantOffer, facts: ApplicantFacts) -> dict[str, frozenset[str]]:
    """The required conditions that are not met, by key, with the facts they speak of."""
    states = [(clause, plain.clause_state(clause, facts)) for clause in variant.clauses if clause.required]
    return {clause.key: clause.facts for clause, state in states if state.state != "m" and not about_need(state)}


def _differing(keys: Iterable[str], before: ApplicantFacts, after: ApplicantFacts) -> tuple[ChangedFact, ...]:
    found = []
    for key in sorted(keys):
        old, new = before.values.get(key), after.values.get(key)
        own = key == PLACE or not key.startswith(DEMAND)
        if own and (old.value if old else None) != (new.value if new else None):
            found.append(ChangedFact(key, old, new))
    return tuple(found)


def _blame(variant: VariantOffer, now: Side, before: Side, *, opened: bool) -> tuple[ChangedFact, ...]:
    """The facts that turned a way's conditions: those it fails on one side and not on the other."""
    old, new = _failing(variant, before.facts), _failing(variant, now.facts)
    turned = old.keys() - new.keys() if opened else new.keys() - old.keys()
    keys = frozenset().union(*((old if opened else new)[key] for key in turned))
    return _differing(keys, before.facts, now.facts)


def _variant(side: Side, code: str, key: str) -> VariantOffer | None:
    offer = side.plan.offer(code)
    return next((variant for variant in offer.variants if variant.key == key), None) if offer is not None else None


def _version(side: Side, code: str) -> int | None:
    offer = side.plan.offer(code)
    return None if offer is None else offer.version


def _why(code: str, opened: Opened, before: Side, now: Side, *, came: bool) -> Change:
    then, today = _version(before, code), _version(now, code)
    if then is None or today is None:
        return Change(came, code, opened.name, Why.LISTED if came else Why.UNLISTED)
    variant = _variant(now, code, opened.row.variant)
    facts = _blame(variant, now, before, opened=came) if variant is not None else ()
    if facts:
        return Change(came, code, opened.name, Why.FACTS, facts)
    return Change(came, code, opened.name, Why.DAY if then == today and variant is not None else Why.EDITED)


def compare(before: Side, now: Side) -> tuple[Change, ...]:
    """What came, in today's order, and then what went."""
    came = [(code, one) for code, one in now.opened.items() if code not in before.opened]
    went = [(code, one) for code, one in before.opened.items() if code not in now.opened]
    return (
        *(_why(code, one, before, now, came=True) for code, one in came),
        *(_why(code, one, before, now, came=False) for code, one in went),
    )
