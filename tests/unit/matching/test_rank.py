"""The ranking rule: lexicographic, deterministic, written down, without a paid place."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finmart.matching.engine.inputs import OfferFee, ProductOffer
from finmart.matching.engine.plain import match
from finmart.matching.engine.rank import MEASURES, NOT_STATED, Criterion, RankingRule, number_of, seed_of, turn_of
from finmart.matching.rulesets.service import shipped
from tests.factories.matching import WAN, case, condition, facts, need, offer, variant

GRADES = condition({"in": [{"fact": "tax_grade"}, ["A"]]})
FULL: dict[str, Any] = {"amount_max": 500 * WAN, "term_max_days": 1080, "guarantee_modes": ("credit",)}


def order(*offers: ProductOffer, **known: object) -> list[str]:
    return [outcome.code for outcome in match(case(facts(**known)), offers)]


def test_a_condition_that_fails_outweighs_everything() -> None:
    dear = offer("dear", variant(**{**FULL, "rate_min": 200_000}))
    failing = offer("cheap", variant(GRADES, **{**FULL, "rate_min": 10_000}))
    assert order(dear, failing, tax_grade="C") == ["dear", "cheap"]


def test_words_to_confirm_stand_before_cost() -> None:
    checked = offer("checked", variant(GRADES, **FULL, rate_min=60_000))
    cheap = offer("cheap", variant(GRADES, **FULL, rate_min=20_000), words=3)
    assert order(cheap, checked, tax_grade="A") == ["checked", "cheap"]


def test_a_cost_that_is_not_stated_comes_after_every_stated_one() -> None:
    silent = offer("a_silent", variant(GRADES, **FULL))
    dear = offer("b_dear", variant(GRADES, **FULL, rate_min=230_000))
    assert order(silent, dear, tax_grade="A") == ["b_dear", "a_silent"]


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(
    "silent",
    [
        {},
        {"rate_kind": "fee", "rate_min": 5_000},
        {"rate_min": 30_000, "fees": (OfferFee("service", None, "once", "borrower"),)},
    ],
    ids=["no rate", "only a fee", "a fee without an amount"],
)
def test_in_every_shipped_rule_an_unstated_cost_follows_the_dearest_stated_one(
    version: int, silent: dict[str, Any]
) -> None:
    offers = [offer("a", variant(GRADES, **FULL, **silent)), offer("b", variant(GRADES, **FULL, rate_min=359_000))]
    found = match(case(facts(tax_grade="A"), rule=shipped(version).rule), offers)
    assert [outcome.code for outcome in found] == ["b", "a"]
    assert (found[1].cost.lowest, dict(found[1].shares)["cost"]) == (None, NOT_STATED)


def test_fit_stands_before_words() -> None:
    small = offer("small", variant(GRADES, **{**FULL, "amount_max": 50 * WAN}))
    large = offer("large", variant(GRADES, **FULL), words=4)
    assert order(small, large, tax_grade="A") == ["large", "small"]


WHO = condition({"in": [{"fact": "subject_kind"}, ["enterprise"]]}, key="who")
WHERE = condition({"region_in": [{"fact": "demand.region"}, ["360100"]]}, key="where")


@pytest.mark.parametrize("stated", [{"amount_max": 100 * WAN}, {"limit": {"fact": "annual_tax"}}, {"rate_max": 90_000}])
def test_what_says_only_for_whom_stands_behind_what_may_suit(stated: dict[str, Any]) -> None:
    bare, said, open_ = (
        offer("bare", variant(WHO, WHERE)),
        offer("said", variant(WHO, **stated)),
        offer("open", variant(WHO, GRADES)),
    )
    fails = offer("fails", variant(condition({"in": [{"fact": "subject_kind"}, ["farmer"]]})))
    asked = case(facts(subject_kind="enterprise"), replace(need(), region="360102"))
    assert [one.code for one in match(asked, [bare, said, open_, fails])] == ["said", "open", "bare", "fails"]
    earlier = replace(asked, rule=shipped(2).rule)
    assert [one.code for one in match(earlier, [bare, said, open_, fails])][2:] == ["open", "fails"]


def test_everything_equal_goes_by_the_code_in_version_1() -> None:
    same = [offer(code, variant(GRADES, **FULL)) for code in "cab"]
    first = case(facts(tax_grade="A"), rule=shipped(1).rule)
    assert [outcome.code for outcome in match(first, same)] == ["a", "b", "c"]


def test_equal_products_take_turns_and_a_better_one_never_waits_for_its_turn() -> None:
    same = [offer(code, variant(GRADES, **FULL, rate_min=60_000)) for code in "abc"]
    better = offer("z", variant(GRADES, **FULL, rate_min=50_000))
    orders = set()
    for number in range(60):
        asked = need(reference=f"demand{number}", as_of=date(2026, 1, 5))
        found = [outcome.code for outcome in match(case(facts(tax_grade="A"), asked), [*same, better])]
        assert found == [outcome.code for outcome in match(case(facts(tax_grade="A"), asked), [better, *same[::-1]])]
        assert found[0] == "z"
        orders.add("".join(found[1:]))
    assert orders == {"abc", "acb", "bac", "bca", "cab", "cba"}


@given(st.integers(0, 2**64 - 1), st.text(max_size=12))
def test_a_turn_is_a_number_of_31_bits(seed: int, code: str) -> None:
    assert 0 <= turn_of(seed, number_of(code)) < 2**31


def test_turns_are_drawn_as_they_always_were() -> None:
    asked = need(reference="abc", as_of=date(2026, 1, 5))
    assert (seed_of(asked, 2), turn_of(seed_of(asked, 2), number_of("psbc_xwyd"))) == (
        8_720_285_211_309_277_428,
        1_097_175_381,
    )


SUMMED = RankingRule(
    9,
    (
        Criterion("verdict", shipped().rule.criteria[0].codes),
        Criterion("sum", weights={"cost": 1, "words": 10_000}),
        Criterion("cost"),
        Criterion("words"),
    ),
)


def test_a_sum_weighs_one_thing_against_another_and_shows_its_parts() -> None:
    dear = offer("dear", variant(GRADES, **FULL, rate_min=60_000))
    cheap = offer("cheap", variant(GRADES, **FULL, rate_min=20_000), words=3)
    found = match(case(facts(tax_grade="A"), rule=SUMMED), [dear, cheap])
    assert [outcome.code for outcome in found] == ["cheap", "dear"]
    shares = dict(found[0].shares)
    assert shares["sum"] == shares["cost"] + 10_000 * shares["words"]
    assert shares["words"] == 3


def test_every_share_is_a_whole_number_and_in_the_rules_order() -> None:
    outcome = match(case(facts(tax_grade="A")), [offer("p", variant(GRADES, **FULL, rate_min=31_500))])[0]
    assert [key for key, _value in outcome.shares] == [criterion.key for criterion in shipped().rule.criteria]
    assert all(type(value) is int and value >= 0 for _key, value in outcome.shares)


def test_no_criterion_knows_of_payment() -> None:
    assert not [key for key in MEASURES if any(word in key for word in ("paid", "fee", "sponsor", "promot", "bid"))]


@given(
    st.lists(st.tuples(st.integers(1, 900), st.integers(0, 3), st.sampled_from(["A", "B"])), max_size=12), st.randoms()
)
def test_the_same_input_gives_the_same_order(shelf: list[tuple[int, int, str]], shuffler: random.Random) -> None:
    offers = [
        offer(f"p{n}", variant(condition({"in": [{"fact": "tax_grade"}, [grade]]}), amount_max=cap * WAN), words=words)
        for n, (cap, words, grade) in enumerate(shelf)
    ]
    first = order(*offers, tax_grade="A")
    shuffler.shuffle(offers)
    assert order(*offers, tax_grade="A") == first
