"""One applicant against 5 000 products, beside the plain evaluator and beside rule engines.

``online``: states, the whole ranking, 40 products and 20 near misses as outcomes (clauses with what is missing, limit,
fit, cost, shares), each with what every condition saw. ``online_new_need``: the same for a need nobody asked before.
``states``: clause states and verdicts alone, timed from the bare facts; peers start from ready cells (``rule_peers``).
``applicant``: the standing of an applicant after one fact has changed.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from statistics import median
from typing import Any

import numpy as np

from benchmarks.matching import generated
from benchmarks.matching.rule_peers import PEERS, PEERS_OF_MET, Cells, Rules, cells_of
from benchmarks.matching.tables import applicant
from finmart.conditions.types import FactValue
from finmart.matching.engine import plain
from finmart.matching.engine.inputs import ApplicantFacts, ProductOffer
from finmart.matching.engine.needs import with_need
from finmart.matching.engine.online.engine import Engine
from finmart.matching.engine.online.values import Known
from finmart.matching.engine.plain import Case
from finmart.matching.engine.plan.compiling import compiled
from finmart.matching.engine.results import Outcome, Verdict
from finmart.matching.engine.seen import SeenClause, seen_clauses, variant_of
from finmart.matching.rulesets.service import shipped

PRODUCTS = 5_000
SHOWN = 40
#: Applicants a round of ours, and of the plain evaluator, which takes seconds for each.
OURS, PLAIN = 60, 1
MET = frozenset({Verdict.MET, Verdict.MET_CHECKED})

Explained = tuple[Outcome, tuple[SeenClause, ...]]


def milliseconds(call: Callable[..., object], *given: object) -> float:
    """How long one call takes."""
    begun = time.perf_counter()
    call(*given)
    return (time.perf_counter() - begun) * 1000


def _explained(case: Case, offers: dict[str, ProductOffer], shown: Sequence[Outcome]) -> list[Explained]:
    return [(outcome, seen_clauses(variant_of(offers[outcome.code], outcome.variant), case.facts)) for outcome in shown]


class Sides:
    """Both sides on the same products."""

    def __init__(self, offers: tuple[ProductOffer, ...]) -> None:
        self.offers = offers
        self.by_code = {offer.code: offer for offer in offers}
        self.engine = Engine(compiled(offers))

    def ours(self, case: Case) -> list[Explained]:
        """The online engine."""
        answer = self.engine.answer(case)
        return _explained(case, self.by_code, (*answer.outcomes(SHOWN), *answer.near_misses()))

    def plain(self, case: Case) -> list[Explained]:
        """The plain evaluator doing the same."""
        outcomes = plain.match(case, self.offers)
        return _explained(case, self.by_code, (*outcomes[:SHOWN], *plain.near_misses(outcomes)))


def _case(row: int, amount: int = 0) -> Case:
    """An applicant never seen before, with its own need when an amount is given."""
    facts = applicant(generated.block(0), row)
    need = replace(generated.NEED, amount=amount or generated.NEED.amount)
    return Case(with_need(facts, need), need, shipped().rule)


def _percentile(taken: Sequence[float], share: float) -> float:
    return float(np.quantile(taken, share))


def _online(name: str, sides: Sides, cases: list[Case], rounds: int) -> dict[str, Any]:
    assert sides.ours(cases[0]) == sides.plain(replace(cases[0], known={}))
    assert sides.engine.match(cases[1]) == plain.match(replace(cases[1], known={}), sides.offers)
    fresh = iter(cases[2:])
    ours, theirs, ratios = [], [], []
    for _round in range(rounds):
        mine = [milliseconds(sides.ours, next(fresh)) for _turn in range(OURS)]
        other = [milliseconds(sides.plain, next(fresh)) for _turn in range(PLAIN)]
        ours += mine
        theirs += other
        ratios.append(median(other) / median(mine))
    return {
        "name": name,
        "products": len(sides.offers),
        "ours_ms": round(median(ours), 2),
        "p99_of_median": round(_percentile(ours, 0.99) / median(ours), 2),
        "peer": "plain evaluator doing the same",
        "peer_ms": round(median(theirs), 1),
        "ratio": round(median(ratios), 1),
        "explained": f"{SHOWN} products and {plain.MOST_NEAR} near misses, with what every condition saw",
    }


def _states(sides: Sides, cases: list[Case], rounds: int) -> list[dict[str, Any]]:
    engine, offers = sides.engine, sides.offers
    rules = Rules(engine.plan)
    cells = [cells_of(engine.reader, Known(case.facts.values)) for case in cases]
    fresh = replace(cases[0], known={})
    states = [["num".index(fresh.state_of(c).state) for way in offer.variants for c in way.clauses] for offer in offers]
    verdicts = {outcome.code: outcome.verdict for outcome in plain.match(fresh, offers)}
    # A rule looks at verdicts first, so a product whose best way is not met has none that is.
    met = [verdicts[offer.code] in MET for offer in offers]
    clauses = [rules.clauses_of(place) for place in range(len(offers))]
    products = [rules.of_product(place) for place in range(len(offers))]
    made: list[tuple[str, Callable[[], Callable[[Cells], Any]], Any]] = [
        *((form, partial(peer, clauses), states) for form, peer in PEERS.items()),
        *((form, partial(peer, products), met) for form, peer in PEERS_OF_MET.items()),
    ]
    return [_states_line(engine, form, peer, expected, cases, cells, rounds) for form, peer, expected in made]


def _states_line(
    engine: Engine,
    form: str,
    made: Callable[[], Callable[[Cells], Any]],
    expected: Any,
    cases: list[Case],
    cells: list[Cells],
    rounds: int,
) -> dict[str, Any]:
    line: dict[str, Any] = {"name": "states", "products": len(engine.plan.offers), "peer": form}
    try:
        ask = made()
    except ImportError:
        return {**line, "installed": False}
    assert ask(cells[0]) == expected, form
    return {**line, **_beside(engine, ask, cases, cells, rounds)}


def _beside(
    engine: Engine, ask: Callable[[Cells], Any], cases: list[Case], cells: list[Cells], rounds: int
) -> dict[str, float]:
    ours, theirs, ratios = [], [], []
    for turn in range(rounds):
        mine = [milliseconds(engine.standing, case.facts) for case in cases]
        theirs.append(milliseconds(ask, cells[turn % len(cells)]))
        ours += mine
        ratios.append(theirs[-1] / median(mine))
    return {
        "ours_ms": round(median(ours), 3),
        "p99_of_median": round(_percentile(ours, 0.99) / median(ours), 2),
        "peer_ms": round(median(theirs), 1),
        "ratio": round(median(ratios), 1),
    }


def _applicant(sides: Sides, cases: list[Case], rounds: int) -> dict[str, Any]:
    """One fact after another changes; the standing is renewed each time and compared with one read anew."""
    engine, taken = sides.engine, []
    for turn in range(rounds * 20):
        case, key = cases[turn % len(cases)], tuple(generated.NUMBERS)[turn % len(generated.NUMBERS)]
        before = engine.standing(case.facts)
        value = FactValue(generated.NUMBERS[key][turn % 3], generated.TODAY, "generated", "computed")
        facts = ApplicantFacts({**case.facts.values, key: value})
        taken.append(milliseconds(lambda: engine.restanding(before, facts, (key,))))  # noqa: B023
        after = engine.restanding(before, facts, (key,))
        assert (after.literals == engine.standing(facts).literals).all()
        assert (after.verdicts == engine.standing(facts).verdicts).all()
    return {
        "name": "applicant changed",
        "products": len(sides.offers),
        "ours_ms": round(median(taken), 3),
        "p99_of_median": round(_percentile(taken, 0.99) / median(taken), 2),
    }


def lines(rounds: int) -> list[dict[str, Any]]:
    """All lines."""
    sides = Sides(generated.products(PRODUCTS))
    wanted = 2 + rounds * (OURS + PLAIN)
    cases = [_case(row) for row in range(wanted)]
    # Another amount each time: nothing of an earlier need helps.
    own = [_case(row, (100 + row) * generated.WAN + row) for row in range(wanted)]
    return [
        _online("online", sides, cases, rounds),
        _online("online_new_need", sides, own, rounds),
        *_states(sides, [_case(row) for row in range(40)], rounds),
        _applicant(sides, cases[:40], rounds),
    ]
