"""What a condition saw: every leaf with its value, its date and its source, for whoever wants to know why."""

from dataclasses import dataclass

from finmart.conditions.evaluate import evaluate
from finmart.conditions.types import LeafResult
from finmart.matching.engine.inputs import ApplicantFacts, Clause, VariantOffer
from finmart.matching.engine.plain import LETTER


@dataclass(frozen=True)
class SeenClause:
    """One clause as it was answered: its letter (m, n, u) and its leaves in order."""

    clause: Clause
    state: str
    leaves: tuple[LeafResult, ...]


def see_clause(clause: Clause, facts: ApplicantFacts) -> SeenClause:
    """One clause with what it saw."""
    result = evaluate(clause.condition, facts.values)
    return SeenClause(clause, LETTER[result.state], result.leaves)


def seen_clauses(variant: VariantOffer, facts: ApplicantFacts) -> tuple[SeenClause, ...]:
    """Every clause of ``variant`` with what it saw; required ones first, in the catalogue's order."""
    ordered = sorted(variant.clauses, key=lambda clause: not clause.required)
    return tuple(see_clause(clause, facts) for clause in ordered)
