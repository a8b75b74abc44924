"""One product of 5 000 edited while readers go on: how long until the next request sees it, and that no read is torn.

Four threads answer applicants on whatever plan is in force; a writer edits one product after another and swaps the
plan. Each answer must be that of exactly one plan: the product's version that it shows has the conditions, verdict and
order of that version's plan. ``ours_ms`` is the time from the edited offer to an engine that has answered with it.

Beside the readers the writer waits for the interpreter's lock, which each of them may hold for as long as the
interpreter lets it: ``beside_readers_ms`` is what its wall clock shows, ``beside_readers_cpu_ms`` its own work.
``plan_current_ms`` is what the application does besides, once the catalogue is read: the changed product's document,
the fingerprint and the offers of all.
"""

import threading
import time
from dataclasses import replace
from statistics import median
from typing import Any, NamedTuple

from benchmarks.catalogue import generated as published
from benchmarks.matching import generated
from benchmarks.matching.online import PRODUCTS, milliseconds
from benchmarks.matching.tables import applicant
from finmart.matching.engine.online.engine import Engine
from finmart.matching.engine.plain import Case, match
from finmart.matching.engine.plan.compiling import compiled, with_offer
from finmart.matching.engine.results import Outcome
from finmart.matching.rulesets.service import shipped
from finmart.matching.snapshots import plan_for
from finmart.products.types import Catalogue

EDITS_A_ROUND = 8
READERS = 4
PLACE = 77


def _case(row: int) -> Case:
    return Case(applicant(generated.block(0), row), generated.NEED, shipped().rule)


class Shelf:
    """The engine in force; a swap is one assignment, so a reader has the one or the other."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.stopped = False
        self.torn = 0
        self.read = 0

    def read_on(self, case: Case) -> None:
        """Answer until told to stop; every answer must be of one plan."""
        while not self.stopped:
            engine = self.engine
            answer = engine.answer(case)
            outcome = answer.outcome(PLACE)
            fitting = answer.plan is engine.plan and outcome.version == engine.plan.offers[PLACE].version  # type: ignore[union-attr]
            self.torn += not (fitting and outcome == _alone(case, engine))
            self.read += 1


def _alone(case: Case, engine: Engine) -> Outcome:
    """The edited product by the plain evaluator, from the offer of that very plan."""
    return match(replace(case, known={}), [engine.plan.offers[PLACE]])[0]


class Taken(NamedTuple):
    """Milliseconds of one edit: until the plan stands, until somebody stands against it, and the writer's own work."""

    planned: float
    seen: float
    worked: float


def _seen(shelf: Shelf, edition: int, case: Case) -> Taken:
    offer = generated.product(PLACE, edition)
    own, begun = time.thread_time(), time.perf_counter()
    engine = shelf.engine.following_one(offer)
    planned = time.perf_counter()
    engine.standing(case.facts)
    shelf.engine = engine
    done, worked = time.perf_counter(), time.thread_time() - own
    return Taken((planned - begun) * 1000, (done - begun) * 1000, worked * 1000)


def _edits(shelf: Shelf, rounds: int, first: int) -> list[Taken]:
    case = _case(0)
    return [_seen(shelf, edition, case) for edition in range(first, first + rounds * EDITS_A_ROUND)]


def _plan_current(rounds: int) -> float:
    """Milliseconds from a catalogue with one product changed to its plan, as the application makes it."""
    listed = tuple(published(PRODUCTS))
    plan = plan_for(Catalogue(1, listed, {}), {})
    taken = []
    for turn in range(rounds * EDITS_A_ROUND):
        place = (PLACE * (turn + 1)) % PRODUCTS
        changed = replace(listed[place], version=listed[place].version + 1)
        listed = (*listed[:place], changed, *listed[place + 1 :])
        taken.append(milliseconds(plan_for, Catalogue(turn + 2, listed, {}), {}))
        after = plan_for(Catalogue(turn + 2, listed, {}), {})
        assert (after.fingerprint, after.offers[place].version) != (plan.fingerprint, plan.offers[place].version)
        plan = after
    return median(taken)


def lines(rounds: int) -> list[dict[str, Any]]:
    """Edits on a quiet shelf, then under load."""
    offers = generated.products(PRODUCTS)
    shelf = Shelf(Engine(compiled(offers)))
    shelf.engine.standing(_case(0).facts)
    quiet = _edits(shelf, rounds, 2)
    planned = median(each.planned for each in quiet)
    whole = milliseconds(compiled, offers)
    readers = [threading.Thread(target=shelf.read_on, args=(_case(row),)) for row in range(READERS)]
    for reader in readers:
        reader.start()
    loaded = _edits(shelf, rounds, 2 + rounds * EDITS_A_ROUND)
    shelf.stopped = True
    for reader in readers:
        reader.join()
    assert shelf.read
    assert not shelf.torn
    anew = compiled(shelf.engine.plan.offers)
    assert Engine(anew).match(_case(1)) == shelf.engine.match(_case(1))
    assert with_offer(anew, offers[PLACE]).offers == offers
    return [
        {
            "name": "product edited",
            "products": len(offers),
            "plan_ms": round(planned, 2),
            "ours_ms": round(median(each.seen for each in quiet), 2),
            "beside_readers_ms": round(median(each.seen for each in loaded), 2),
            "beside_readers_cpu_ms": round(median(each.worked for each in loaded), 2),
            "plan_current_ms": round(_plan_current(rounds), 2),
            "peer": "compiling all products anew",
            "peer_ms": round(whole, 1),
            "ratio": round(whole / planned, 1),
            "torn_reads": shelf.torn,
            "reads": shelf.read,
        }
    ]
