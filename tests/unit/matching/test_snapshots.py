"""Plans follow the catalogue: an engine is made out of the last one that there is, and once."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from finmart.matching.engine.online.engine import Engine
from finmart.matching.engine.plan.compiling import compiled
from finmart.matching.snapshots import Plan, plan_for
from finmart.products.catalogue import read_catalogue
from finmart.products.types import Catalogue, PublishedProduct
from tests.factories.matching import case, facts

SIZE, THREADS = 40, 6


@pytest.fixture(scope="module")
def listed() -> tuple[PublishedProduct, ...]:
    return read_catalogue().products[:SIZE]


@pytest.fixture
def in_small_turns() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def shelf(products: tuple[PublishedProduct, ...], version: int, *edited: int) -> Catalogue:
    """A catalogue with each product at a place in ``edited`` in a version of its own."""
    changed = [
        replace(each, version=each.version + version) if place in edited else each
        for place, each in enumerate(products)
    ]
    return Catalogue(version, tuple(changed), {})


def assert_as_if_compiled_anew(plan: Plan) -> None:
    asked = case(facts(annual_revenue=5_000_000_00))
    assert plan.engine.match(asked) == Engine(compiled(plan.offers)).match(asked)


def test_an_engine_follows_the_last_one_made_though_nobody_asked_between(listed: tuple[PublishedProduct, ...]) -> None:
    first = plan_for(shelf(listed, 1), {})
    assert first.engine.plan.edits == 0
    unasked = plan_for(shelf(listed, 2, 3), {})
    third = plan_for(shelf(listed, 3, 3, 5), {})
    assert unasked.nearest is first.engine
    assert third.former is first.engine
    assert third.engine.plan.edits == 2
    assert_as_if_compiled_anew(third)
    assert_as_if_compiled_anew(unasked)


def test_a_plan_stays_whole_for_whoever_holds_it(listed: tuple[PublishedProduct, ...]) -> None:
    before = plan_for(shelf(listed, 1), {})
    engine = before.engine
    after = plan_for(shelf(listed, 2, 7), {})
    assert after.engine is not engine
    assert before.engine is engine
    assert after.engine.plan.offers[7].version == before.engine.plan.offers[7].version + 2
    assert_as_if_compiled_anew(before)


@pytest.mark.usefixtures("in_small_turns")
def test_threads_that_ask_at_once_get_one_plan_and_one_engine(listed: tuple[PublishedProduct, ...]) -> None:
    catalogue, together = shelf(listed, 9, *range(SIZE)), Barrier(THREADS)

    def ask(_thread: int) -> tuple[Plan, Engine]:
        together.wait()
        plan = plan_for(catalogue, {})
        together.wait()
        return plan, plan.engine

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(ask, range(THREADS)))
    assert len({id(plan) for plan, _engine in found}) == 1
    assert len({id(engine) for _plan, engine in found}) == 1
    assert_as_if_compiled_anew(found[0][0])
