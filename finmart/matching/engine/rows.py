"""An outcome as the small row a run stores; the words around it come from the offers at display."""

from dataclasses import dataclass
from typing import Any

from finmart.matching.engine.results import AllInCost, Fit, Fitness, Limit, LimitBasis, Outcome, TermsFit, Verdict
from finmart.reference.loan_cost import CostBasis


@dataclass(frozen=True)
class Row:
    """One product of a stored run. ``place`` counts from 1; ``states`` is one letter a clause (m, n, u).

    Letters of preferences are capitals: they never decide a verdict.
    """

    place: int
    code: str
    version: int
    variant: str
    verdict: Verdict
    states: str
    words: int
    missing: tuple[str, ...]
    fit: TermsFit
    limit: Limit
    cost: AllInCost
    shares: tuple[tuple[str, int], ...]

    @property
    def met(self) -> int:
        """How many required conditions are met."""
        return self.states.count("m")

    @property
    def not_met(self) -> int:
        """How many required conditions are not met."""
        return self.states.count("n")

    @property
    def unknown(self) -> int:
        """How many required conditions are unknown."""
        return self.states.count("u")

    @property
    def checked(self) -> int:
        """The k of the verdict's sentence: required conditions that could be checked."""
        return self.met + self.not_met

    @property
    def suits(self) -> bool:
        """What ``Outcome.suits`` said of the outcome."""
        return self.verdict in {Verdict.MET, Verdict.MET_CHECKED} and self.fit.overall is Fitness.FULL


def row_of(outcome: Outcome, place: int) -> Row:
    """The row of ``outcome`` at ``place``."""
    states = "".join(c.state if c.required else c.state.upper() for c in outcome.clauses)
    return Row(
        place=place,
        code=outcome.code,
        version=outcome.version,
        variant=outcome.variant,
        verdict=outcome.verdict,
        states=states,
        words=outcome.words,
        missing=outcome.missing,
        fit=outcome.fit,
        limit=outcome.limit,
        cost=outcome.cost,
        shares=outcome.shares,
    )


def _dump_limit(limit: Limit) -> list[Any]:
    # A row of a rule without intervals reads as it did before there were any.
    least = [] if limit.at_least is None else [limit.at_least]
    return [str(limit.basis), limit.amount, limit.at_most, list(limit.missing), *least]


def dump_row(row: Row) -> list[Any]:
    """The row as a JSON list, in the order of the fields."""
    fit, limit, cost = row.fit, row.limit, row.cost
    return [
        row.place,
        row.code,
        row.version,
        row.variant,
        str(row.verdict),
        row.states,
        row.words,
        list(row.missing),
        [str(fit.amount), str(fit.term), str(fit.guarantee), str(fit.purpose), fit.amount_share, fit.term_share],
        _dump_limit(limit),
        [str(cost.basis), cost.lowest, cost.highest, cost.simple, cost.method, cost.assumed, list(cost.fees)],
        [[key, value] for key, value in row.shares],
    ]


def _fit(document: list[Any]) -> TermsFit:
    amount, term, guarantee, purpose, amount_share, term_share = document
    return TermsFit(Fit(amount), Fit(term), Fit(guarantee), Fit(purpose), amount_share, term_share)


def _limit(document: list[Any]) -> Limit:
    basis, amount, at_most, missing, *least = document
    return Limit(LimitBasis(basis), amount, at_most, tuple(missing), *least)


def _cost(document: list[Any]) -> AllInCost:
    basis, lowest, highest, simple, method, assumed, fees = document
    return AllInCost(CostBasis(basis), lowest, highest, simple, method, assumed, tuple(fees))


def load_row(document: list[Any]) -> Row:
    """The row that ``dump_row`` wrote."""
    place, code, version, variant, verdict, states, words, missing, fit, limit, cost, shares = document
    return Row(
        place,
        code,
        version,
        variant,
        Verdict(verdict),
        states,
        words,
        tuple(missing),
        _fit(fit),
        _limit(limit),
        _cost(cost),
        tuple((key, value) for key, value in shares),
    )
