"""Plans follow the catalogue: an engine is made out of the last one that there is, and once."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from finmart.matching.engine import plain
from finmart.matching.engine.json_form import load_offer
from finmart.matching.engine.online.engine import Engine
from finmart.matching.engine.plan.compiling import compiled
from finmart.matching.snapshots import Plan, plan_for, plan_of
from finmart.matching.types.speeds import Speed
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


def test_what_is_answered_is_what_is_stored(listed: tuple[PublishedProduct, ...]) -> None:
    plan = plan_for(shelf(listed, 4), {})
    assert tuple(map(load_offer, plan.documents)) == plan.offers
    assert plan_of(plan.documents, 4) == plan


@pytest.mark.parametrize(
    "after",
    [
        pytest.param([0, 1, 2, 3, 4, 5, 6, 7], id="same"),
        pytest.param([0, 1, 3, 4, 5, 6, 7], id="one-gone"),
        pytest.param([0, 1, 2, 20, 3, 4, 5, 6, 7], id="one-new-between"),
        pytest.param([20, 1, 2, 3, 4, 5, 6, 7, 21], id="both-ends"),
        pytest.param([7, 1, 2, 4, 3, 5, 6, 0], id="another-order"),
        pytest.param([], id="none-left"),
        pytest.param(list(range(12, 36)), id="too-many"),
    ],
)
def test_a_plan_follows_products_that_come_go_and_move(listed: tuple[PublishedProduct, ...], after: list[int]) -> None:
    before = plan_for(Catalogue(1, listed[:8], {}), {})
    asked = case(facts(annual_revenue=5_000_000_00))
    # Somebody has asked before, so that a need's view is carried over as well.
    before.engine.match(asked)
    plan = plan_for(Catalogue(2, tuple(listed[place] for place in after), {}), {})
    assert [one.code for one in plan.engine.plan.offers] == [listed[place].code for place in after]
    assert plan == plan_of(plan.documents, 2)
    assert plan.engine.match(asked) == plain.match(asked, plan.offers)


def test_a_product_without_variants_keeps_no_other_from_being_matched(listed: tuple[PublishedProduct, ...]) -> None:
    catalogue = shelf(listed, 8)
    bare = replace(catalogue.products[2], variants=())
    plan = plan_for(Catalogue(8, (*catalogue.products[:2], bare, *catalogue.products[3:]), {}), {})
    assert [one.code for one in plan.offers] == [one.code for one in listed if one.code != bare.code]
    assert_as_if_compiled_anew(plan)
    assert_as_if_compiled_anew(plan_for(shelf(listed, 10), {}))


def test_measured_speeds_change_the_products_they_are_of(listed: tuple[PublishedProduct, ...]) -> None:
    catalogue, speed = shelf(listed, 6), Speed(2, 7)
    before, after = plan_for(catalogue, {}), plan_for(catalogue, {listed[5].code: speed})
    assert [one.decision_days for one in after.offers if one.decisions] == [2]
    assert [one is two for one, two in zip(before.offers, after.offers, strict=True)].count(False) == 1
    assert_as_if_compiled_anew(after)


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
