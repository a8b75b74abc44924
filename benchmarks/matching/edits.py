"""One product of 5 000 edited while readers go on: how long until the next request sees it, and that no read is torn.

An edit is timed as the application does it, once the catalogue is read: from the catalogue with one product changed to
its plan (documents, fingerprint, offers), that plan's engine, made out of the one before, and the first 40 outcomes of
somebody who asks then: ``edit_ms``. ``standing_ms`` ends, on other edits, as soon as somebody stands against the plan.

Four threads answer applicants on whatever catalogue is in force, and whoever comes first makes its plan. Each answer
must be that of exactly one version of the edited product: its outcome, and the order of all products, which the plain
evaluator works out for that version. Beside them the writer waits for the interpreter's lock, which each may hold for
as long as the interpreter lets it, and for a plan or an engine that another thread is making:
``beside_readers_ms`` is what its clock shows, ``beside_readers_cpu_ms`` its own work.
"""

import time
from bisect import bisect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from benchmarks.matching import generated
from benchmarks.matching.online import PRODUCTS, SHOWN, milliseconds
from benchmarks.matching.published import published
from benchmarks.matching.tables import applicant
from finmart.matching.engine.inputs import ProductOffer
from finmart.matching.engine.online.engine import Engine
from finmart.matching.engine.plain import Case, product_outcome
from finmart.matching.engine.plan.compiling import compiled
from finmart.matching.engine.plan.types import Indexes
from finmart.matching.engine.rank import sort_key
from finmart.matching.engine.results import Outcome
from finmart.matching.rulesets.service import shipped
from finmart.matching.snapshots import Plan, plan_for
from finmart.products.types import Catalogue

EDITS_A_ROUND = 8
READERS = 4
PLACE = 77

Until = Callable[[Engine, Case], object]


def _shown(engine: Engine, case: Case) -> object:
    return engine.answer(case).outcomes(SHOWN)


def _stood(engine: Engine, case: Case) -> object:
    return engine.standing(case.facts)


class Expected:
    """What one applicant must be told, whatever version of the edited product is in force, by the plain evaluator."""

    def __init__(self, row: int, offers: tuple[ProductOffer, ...]) -> None:
        self._case = Case(applicant(generated.block(0), row), generated.NEED, shipped().rule)
        case = self.case
        keys = [(sort_key(product_outcome(case, offer)), place) for place, offer in enumerate(offers) if place != PLACE]
        self._keys = [key for key, _place in sorted(keys)]
        self._places = np.array([place for _key, place in sorted(keys)], dtype=np.intp)

    @property
    def case(self) -> Case:
        """The applicant and the need, of which nothing is known yet."""
        return replace(self._case)

    def of(self, offer: ProductOffer) -> tuple[Outcome, Indexes]:
        """The edited product's outcome, and the order of all products."""
        own = product_outcome(self.case, offer)
        return own, np.insert(self._places, bisect(self._keys, sort_key(own)), PLACE)

    def is_told(self, plan: Plan, catalogue: Catalogue) -> bool:
        """Whether a plan is of the catalogue, and answers as it must."""
        answer, offer = plan.engine.answer(self.case), plan.offers[PLACE]
        own, order = self.of(offer)
        fits = (plan.catalogue_version, offer.version) == (catalogue.version, catalogue.products[PLACE].version)
        return fits and answer.outcome(PLACE) == own and np.array_equal(answer.order, order)


class Read(NamedTuple):
    """How often somebody has read, and how often what was read was of no one version."""

    times: int
    torn: int


class Shelf:
    """The catalogue in force; publishing another is one assignment, so a reader has the one or the other."""

    def __init__(self, offers: tuple[ProductOffer, ...]) -> None:
        self.catalogue = Catalogue(1, tuple(map(published, offers)), {})
        self.stopped = False

    def edited(self, edition: int) -> Catalogue:
        """The catalogue with another edition of one product."""
        listed, changed = self.catalogue.products, published(generated.product(PLACE, edition))
        return Catalogue(self.catalogue.version + 1, (*listed[:PLACE], changed, *listed[PLACE + 1 :]), {})

    def read_on(self, expected: Expected) -> Read:
        """Answer until told to stop."""
        times, torn = 0, 0
        while not self.stopped:
            catalogue = self.catalogue
            torn += not expected.is_told(plan_for(catalogue, {}), catalogue)
            times += 1
        return Read(times, torn)


class Taken(NamedTuple):
    """Milliseconds of one edit: to the plan, to its engine, to whatever was waited for, and the writer's own work."""

    planned: float
    made: float
    done: float
    worked: float


def _edit(shelf: Shelf, edition: int, expected: Expected, until: Until) -> Taken:
    changed, case = shelf.edited(edition), expected.case
    own, begun = time.thread_time(), time.perf_counter()
    shelf.catalogue = changed
    plan = plan_for(changed, {})
    planned = time.perf_counter()
    engine = plan.engine
    made = time.perf_counter()
    until(engine, case)
    done, worked = time.perf_counter(), time.thread_time() - own
    assert expected.is_told(plan, changed)
    return Taken((planned - begun) * 1000, (made - begun) * 1000, (done - begun) * 1000, worked * 1000)


def _edits(shelf: Shelf, expected: Expected, until: Until, rounds: int) -> list[Taken]:
    # Another edition each time, though the shelf's earlier ones may be read yet.
    first = shelf.catalogue.version + 1
    return [_edit(shelf, edition, expected, until) for edition in range(first, first + rounds * EDITS_A_ROUND)]


def _beside_readers(
    shelf: Shelf, readers: list[Expected], edits: Callable[[], list[Taken]]
) -> tuple[list[Taken], Read]:
    """Edits while ``readers`` read; raises ``AssertionError`` where one of them read nothing."""
    with ThreadPoolExecutor(len(readers)) as pool:
        reading = [pool.submit(shelf.read_on, each) for each in readers]
        try:
            taken = edits()
        finally:
            shelf.stopped = True
        reads = [each.result() for each in reading]
    assert all(read.times for read in reads)
    return taken, Read(sum(read.times for read in reads), sum(read.torn for read in reads))


def _places(expected: Expected, editions: int) -> int:
    """How many different places the edited product has among all others."""
    orders = (expected.of(generated.product(PLACE, edition))[1] for edition in range(1, editions))
    return len({int(np.flatnonzero(order == PLACE)[0]) for order in orders})


def lines(rounds: int) -> list[dict[str, Any]]:
    """Edits on a quiet shelf, then under load."""
    shelf = Shelf(generated.products(PRODUCTS))
    offers = plan_for(shelf.catalogue, {}).offers
    *readers, writer = (Expected(row, offers) for row in range(READERS + 1))
    assert writer.is_told(plan_for(shelf.catalogue, {}), shelf.catalogue)
    # An order of two versions is seen only where the versions have different places.
    assert all(_places(each, EDITS_A_ROUND) > 1 for each in readers)
    quiet = _edits(shelf, writer, _shown, rounds)
    stood = _edits(shelf, writer, _stood, rounds)
    anew = [milliseconds(lambda: _shown(Engine(compiled(offers)), writer.case)) for _ in range(rounds)]
    loaded, read = _beside_readers(shelf, readers, partial(_edits, shelf, writer, _shown, rounds))
    assert not read.torn
    plan, case = plan_for(shelf.catalogue, {}), writer.case
    assert Engine(compiled(plan.offers)).match(case) == plan.engine.match(writer.case)
    planned, edited = median(each.planned for each in quiet), median(each.done for each in quiet)
    return [
        {
            "name": "product edited",
            "products": len(offers),
            "edit_ms": round(edited, 2),
            "of_it_plan_ms": round(planned, 2),
            "of_it_engine_ms": round(median(each.made - each.planned for each in quiet), 2),
            "of_it_first_answer_ms": round(median(each.done - each.made for each in quiet), 2),
            "standing_ms": round(median(each.done for each in stood), 2),
            "beside_readers_ms": round(median(each.done for each in loaded), 2),
            "beside_readers_cpu_ms": round(median(each.worked for each in loaded), 2),
            "peer": "the same, all products compiled anew",
            "peer_ms": round(planned + median(anew), 1),
            "ratio": round((planned + median(anew)) / edited, 1),
            "torn_reads": read.torn,
            "reads": read.times,
        }
    ]
