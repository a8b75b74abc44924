"""One applicant against 5 000 products, beside the plain evaluator and beside rule engines.

``online``: states, the whole ranking, 40 products and 20 near misses as outcomes (clauses with what is missing, limit,
fit, cost, shares), each with what every condition saw. ``online_new_need``: the same for a need nobody asked before.
``states``: clause states and verdicts alone, timed from the bare facts; peers start from ready cells (``rule_peers``).
``ours_listed_ms`` ends where the peer does, with the same lists for each product, and ``ratio`` compares these two;
``ours_ms`` ends with states and verdicts in arrays, which is all that ranking needs, and makes no list of them.
``applicant``: the standing of an applicant after one fact has changed.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, pairwise
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from benchmarks.matching import generated
from benchmarks.matching.rule_peers import PEERS, PEERS_OF_MET, Cells, Rules, cells_of
from benchmarks.matching.tables import applicant
from finmart.conditions.types import FactValue
from finmart.matching.engine import plain
from finmart.matching.engine.inputs import ApplicantFacts, ProductOffer, variant_of
from finmart.matching.engine.needs import with_need
from finmart.matching.engine.online.engine import Engine, Standing
from finmart.matching.engine.online.ranking import MET_CHECKED
from finmart.matching.engine.online.values import Known
from finmart.matching.engine.plain import Case
from finmart.matching.engine.plan.compiling import compiled
from finmart.matching.engine.plan.types import Plan
from finmart.matching.engine.results import Outcome, Verdict
from finmart.matching.engine.seen import SeenClause, seen_clauses
from finmart.matching.rulesets.service import shipped

PRODUCTS = 5_000
SHOWN = 40
#: Applicants a round of ours, and of the plain evaluator, which takes seconds for each.
OURS, PLAIN = 60, 1
MET = frozenset({Verdict.MET, Verdict.MET_CHECKED})
#: Milliseconds of calls a round that are enough: quick peers are asked about many applicants, slow ones about one.
ENOUGH = 200

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
    assert sides.ours(cases[0]) == sides.plain(replace(cases[0]))
    assert sides.engine.match(cases[1]) == plain.match(replace(cases[1]), sides.offers)
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


class Listed:
    """Our answers in the form that rule engines give theirs: lists, product after product."""

    def __init__(self, plan: Plan) -> None:
        variants = plan.variants
        ways = [way for offer in plan.offers for way in offer.variants]
        slots = [variants.slots[: len(way.clauses), place] for place, way in enumerate(ways)]
        places = np.concatenate(slots)
        self._literals = 2 * (places >> 2) + (places & 1)
        ends = np.cumsum([0, *map(len, slots)])[plan.starts].tolist()
        self._clauses = list(pairwise(ends))
        self._ways = plan.starts[:-1]

    def states(self, standing: Standing) -> list[list[int]]:
        """The states of each product's clauses, variant after variant."""
        states = standing.literals.take(self._literals).tobytes()
        return [[*states[first:end]] for first, end in self._clauses]

    def met(self, standing: Standing) -> list[bool]:
        """Which products are met."""
        found: list[bool] = np.logical_or.reduceat(standing.verdicts <= MET_CHECKED, self._ways).tolist()
        return found


class Form(NamedTuple):
    """A way to answer: who does, what we say in the same form, and what the plain evaluator says of the first case."""

    name: str
    make: Callable[[], Callable[[Cells], Any]]
    listed: Callable[[Standing], Any]
    expected: Any


def _states(sides: Sides, cases: list[Case], rounds: int) -> list[dict[str, Any]]:
    engine, offers = sides.engine, sides.offers
    rules, listed = Rules(engine.plan), Listed(engine.plan)
    fresh = replace(cases[0])
    states = [["num".index(fresh.state_of(c).state) for way in offer.variants for c in way.clauses] for offer in offers]
    verdicts = {outcome.code: outcome.verdict for outcome in plain.match(fresh, offers)}
    # A rule looks at verdicts first, so a product whose best way is not met has none that is.
    met = [verdicts[offer.code] in MET for offer in offers]
    clauses = [rules.clauses_of(place) for place in range(len(offers))]
    products = [rules.of_product(place) for place in range(len(offers))]
    forms = [
        *(Form(name, partial(peer, clauses), listed.states, states) for name, peer in PEERS.items()),
        *(Form(name, partial(peer, products), listed.met, met) for name, peer in PEERS_OF_MET.items()),
    ]
    cells = [cells_of(engine.reader, Known(case.facts.values)) for case in cases]
    return [_states_line(engine, form, cases, cells, rounds) for form in forms]


def _states_line(engine: Engine, form: Form, cases: list[Case], cells: list[Cells], rounds: int) -> dict[str, Any]:
    line: dict[str, Any] = {"name": "states", "products": len(engine.plan.offers), "peer": form.name}
    assert form.listed(engine.standing(cases[0].facts)) == form.expected
    try:
        ask = form.make()
    except ImportError:
        return {**line, "installed": False, "to_install": "pip install -r requirements-peers.txt"}
    assert ask(cells[0]) == form.expected, form.name
    return {**line, **_beside(engine, form.listed, ask, cases, cells, rounds)}


def _calls(call: Callable[[Any], object], given: Iterable[Any]) -> list[float]:
    """Milliseconds of each call, until they have taken long enough together."""
    taken: list[float] = []
    for each in given:
        taken.append(milliseconds(call, each))
        if sum(taken) > ENOUGH:
            break
    return taken


def _beside(
    engine: Engine,
    listed: Callable[[Standing], Any],
    ask: Callable[[Cells], Any],
    cases: list[Case],
    cells: list[Cells],
    rounds: int,
) -> dict[str, float]:
    """Both from the same applicants; we read bare facts, the peer gets cells. What is said is compared each round."""

    def in_lists(facts: ApplicantFacts) -> Any:
        return listed(engine.standing(facts))

    facts = [case.facts for case in cases]
    arrays, lists, theirs = [], [], []
    for turn in range(rounds):
        place = turn % len(cases)
        assert ask(cells[place]) == in_lists(facts[place])
        arrays.append(_calls(engine.standing, facts))
        lists.append(_calls(in_lists, facts))
        theirs.append(_calls(ask, cells))
    alone = [*chain.from_iterable(arrays)]
    return {
        "ours_listed_ms": round(median(chain.from_iterable(lists)), 3),
        "peer_ms": round(median(chain.from_iterable(theirs)), 2),
        "ratio": round(_ratio(theirs, lists), 2),
        "ours_ms": round(median(alone), 3),
        "p99_of_median": round(_percentile(alone, 0.99) / median(alone), 2),
        "ratio_in_arrays": round(_ratio(theirs, arrays), 1),
    }


def _ratio(theirs: list[list[float]], ours: list[list[float]]) -> float:
    """Theirs to ours: the median over rounds of a round's medians."""
    return median(median(their) / median(our) for their, our in zip(theirs, ours, strict=True))


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
