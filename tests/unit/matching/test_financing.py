"""Financing plans: equal to trying everything, within every limit, and never the same security twice."""

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from finmart.matching.engine.financing import (
    MOST_CANDIDATES,
    UNSTATED,
    Alone,
    Candidate,
    Financing,
    best_plans,
    financing_of,
    merit,
)
from finmart.matching.engine.inputs import OfferFee, ProductOffer
from finmart.matching.engine.plain import match
from tests.factories.matching import WAN, case, condition, facts, need, offer, variant

FIT: dict[str, Any] = {"term_max_days": 1080, "guarantee_modes": ("credit",)}
MODES = (("",), ("mortgage",), ("pledge", "mortgage"), ("guarantee",), (UNSTATED,))


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    found = []
    for number in range(draw(st.integers(2, 5))):
        least = draw(st.integers(1, 4))
        most = draw(st.integers(least, 9))
        found.append(
            Candidate(
                code=f"p{number}",
                variant="standard",
                institution=draw(st.sampled_from("ABC")),
                least=least,
                most=most,
                certain=draw(st.integers(0, most)),
                price=draw(st.none() | st.integers(0, 5)),
                modes=draw(st.sampled_from(MODES)),
            )
        )
    return found


def _tried(amount: int, every: Sequence[Candidate]) -> Iterator[tuple[Any, ...]]:
    """Every choice of products, securities and amounts there is."""
    for count in (1, 2, 3):
        for places in combinations(range(len(every)), count):
            chosen = [every[place] for place in places]
            if len({one.institution for one in chosen}) < count:
                continue
            if not any(_apart(modes) for modes in product(*(one.modes for one in chosen))):
                continue
            for shares in product(*(range(one.least, one.most + 1) for one in chosen)):
                if sum(shares) == amount:
                    yield (*merit(chosen, shares), count, places)


def _needed(best: dict[tuple[int, ...], tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The best of every choice of two or three, without those where fewer of the same do as well."""
    return [
        entry
        for places, entry in best.items()
        if len(places) > 1
        and not any(fewer in best and best[fewer][:3] <= entry[:3] for fewer in combinations(places, len(places) - 1))
    ]


def _apart(modes: Sequence[str]) -> bool:
    taken = [mode for mode in modes if mode and mode != UNSTATED]
    return len(taken) == len(set(taken))


@given(candidates(), st.integers(2, 20))
def test_the_best_plan_is_the_best_of_all(every: list[Candidate], amount: int) -> None:
    by_code = {one.code: one for one in every}
    found = best_plans(amount, every)
    tried = sorted(_needed({entry[-1]: entry for entry in sorted(_tried(amount, every), reverse=True)}))
    assert len(found) == min(3, len(tried))
    for plan, best in zip(found, tried, strict=False):
        chosen = [by_code[part.code] for part in plan.parts]
        assert (*merit(chosen, [part.amount for part in plan.parts]), len(chosen)) == best[:-1]
        assert sum(part.amount for part in plan.parts) == amount
        assert all(one.least <= part.amount <= one.most for one, part in zip(chosen, plan.parts, strict=True))
        assert _apart([part.mode for part in plan.parts])


#: A condition that the firm of these tests meets, one that it fails, and one of which nothing is known.
MET = condition({"ge": [{"fact": "sales_12m"}, {"value": 1}]})
FAILED = condition({"lt": [{"fact": "sales_12m"}, {"value": 1}]})
OPEN = condition({"ge": [{"fact": "employees"}, {"value": 1}]})


def _financing(*shelf: ProductOffer, amount: int = 100, **asked: Any) -> Financing:
    one = case(facts(sales_12m=80 * WAN), need(amount, **asked))
    return financing_of(one.need, shelf, match(one, shelf))


def _plans(*shelf: ProductOffer, amount: int = 100, **asked: Any) -> list[dict[str, int]]:
    found = _financing(*shelf, amount=amount, **asked).plans
    return [{part.code: part.amount // WAN for part in plan.parts} for plan in found]


def test_the_cheaper_one_bears_as_much_as_it_can() -> None:
    cheap = offer("cheap", variant(**FIT, amount_max=60 * WAN, rate_min=30_000), institution="a")
    dear = offer("dear", variant(**FIT, amount_max=70 * WAN, rate_min=60_000), institution="b")
    assert _plans(cheap, dear) == [{"cheap": 60, "dear": 40}]


def test_what_is_assured_comes_before_what_is_cheap() -> None:
    half = {"times": [{"value": 500_000, "unit": "ratio"}, {"fact": "sales_12m"}]}
    assured = offer("assured", variant(**FIT, limit=half, rate_min=60_000), institution="a")
    cap = offer("cap", variant(**FIT, amount_max=90 * WAN, rate_min=30_000), institution="b")
    assert _plans(assured, cap) == [{"cap": 60, "assured": 40}]


def _small(*clauses: Any, names: str = "ab") -> list[ProductOffer]:
    return [offer(code, variant(*clauses, **FIT, amount_max=60 * WAN), institution=code) for code in names]


def _whole(code: str, *clauses: Any, **values: Any) -> ProductOffer:
    return offer(code, variant(*clauses, **FIT, amount_max=100 * WAN), institution=code, **values)


def test_one_that_is_known_to_admit_and_covers_all_needs_no_plan() -> None:
    unchecked, in_words = _whole("c"), _whole("e", MET, words=2)
    assert _financing(*_small(MET), _whole("d", MET), unchecked) == Financing(Alone.MET, 1, "d")
    assert _financing(*_small(MET), _whole("d", MET), in_words) == Financing(Alone.MET, 2, "d")


def test_beside_those_that_may_cover_all_stand_plans_of_those_known_to_admit() -> None:
    found = _financing(*_small(MET), *_small(OPEN, names="mn"), _whole("y", OPEN), _whole("z"))
    assert (found.alone, found.count, found.best) == (Alone.OPEN, 2, "y")
    assert [{part.code for part in plan.parts} for plan in found.plans] == [{"a", "b"}]


def test_nothing_is_put_together_of_what_is_not_known_while_one_may_cover_all() -> None:
    assert _financing(*_small(OPEN), _whole("y", OPEN)) == Financing(Alone.OPEN, 1, "y")


def test_where_none_covers_all_those_that_may_admit_take_part() -> None:
    found = _financing(*_small(OPEN), _whole("z", FAILED))
    assert (found.alone, found.count, found.best) == (Alone.NONE, 0, "")
    assert len(found.plans) == 1
    assert _financing(*_small(OPEN, names="a")) == Financing(Alone.NONE)


def test_not_twice_at_one_institution_and_not_beside_one_that_wants_to_be_alone() -> None:
    same = [offer(code, variant(**FIT, amount_max=60 * WAN), institution="a") for code in "ab"]
    alone = condition({"is": [{"fact": "no_outstanding_loan"}, True]})
    jealous = offer("c", variant(alone, **FIT, amount_max=60 * WAN), institution="c")
    assert _plans(*same) == []
    assert _plans(same[0], jealous) == []


def test_a_collateral_is_pledged_once() -> None:
    secured: dict[str, Any] = {"term_max_days": 1080, "guarantee_modes": ("mortgage",), "amount_max": 60 * WAN}
    shelf = [offer(code, variant(**secured), institution=code) for code in "ab"]
    assert _plans(*shelf, guarantees=("mortgage",)) == []
    other = offer("c", variant(**{**secured, "guarantee_modes": ("pledge",)}), institution="c")
    assert len(_plans(*shelf, other, guarantees=("mortgage", "pledge"))) == 2


def test_nobody_is_sent_to_a_second_institution_for_nothing() -> None:
    one, other = (Candidate(code, "standard", code, 1, most, 0, 5, ("",)) for code, most in (("a", 200), ("b", 80)))
    assert best_plans(200, [one, other]) == ()
    assert [part.amount for part in best_plans(250, [one, other])[0].parts] == [200, 50]


def test_three_where_two_do_not_reach_and_none_where_three_do_not() -> None:
    shelf = [offer(code, variant(**FIT, amount_max=40 * WAN), institution=code) for code in "abcd"]
    assert {len(plan) for plan in _plans(*shelf)} == {3}
    assert _plans(*shelf, amount=121) == []


def test_many_candidates_are_few_enough_to_try() -> None:
    every = [Candidate(f"p{n}", "v", str(n), 1, 50 * WAN, 0, n, ("",)) for n in range(MOST_CANDIDATES)]
    assert len(best_plans(100 * WAN, every)) == 3


def test_a_security_that_is_not_stated_is_not_taken_for_none() -> None:
    silent: dict[str, Any] = {"term_max_days": 1080, "guarantee_modes": (), "amount_max": 60 * WAN}
    shelf = [offer(code, variant(**silent), institution=code) for code in ("a", "b")]
    (plan,) = _financing(*shelf, guarantees=("mortgage",)).plans
    assert [part.mode for part in plan.parts] == [UNSTATED, UNSTATED]


def test_a_product_whose_charges_take_the_loan_takes_no_part() -> None:
    fee = OfferFee("f", 1_000_000, "once", "borrower")
    taken = [
        offer(code, variant(amount_max=60 * WAN, rate_min=30_000, fees=(fee,), **FIT), institution=code)
        for code in "ab"
    ]
    assert _plans(*taken) == []
