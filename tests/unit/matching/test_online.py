"""The online engine gives what the plain evaluator gives: verdicts, explanations, shares, order, near misses."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finmart.matching.engine import plain
from finmart.matching.engine.inputs import FeePeriod, OfferFee, ProductOffer
from finmart.matching.engine.online.cells import Vocabulary
from finmart.matching.engine.online.engine import Engine
from finmart.matching.engine.online.ranking import COLUMNS
from finmart.matching.engine.plain import Case
from finmart.matching.engine.plan.compiling import compiled
from finmart.matching.engine.rank import MEASURES, SUM, Criterion, RankingRule
from finmart.matching.engine.results import Verdict
from finmart.matching.rulesets.service import shipped
from finmart.matching.rulesets.types import MOST_WEIGHT
from finmart.reference.loan_cost import CostBasis
from finmart.reference.repayment import LoanRefusal
from tests.factories.matching import WAN, case, condition, facts, need, offer, variant
from tests.unit.matching.worlds import offers, worlds

#: Each example is a whole world: several products, two applicants, two needs, two rules.
patient = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


World = tuple[tuple[ProductOffer, ...], list[Case]]


def assert_same(engine: Engine, offered: tuple[ProductOffer, ...], asked: Case) -> None:
    fresh = replace(asked)
    expected = plain.match(asked, offered)
    assert engine.match(fresh) == expected
    answer = engine.answer(fresh)
    assert answer.near_misses(3) == plain.near_misses(expected, 3)
    covering = tuple(one for one in expected if one.covers and one.code in "abcde")
    assert (answer.covering("abcde"), answer.count_covering("abcde")) == (covering, len(covering))
    helped = [plain.another_need_could_help(asked, one) for one in offered]
    assert [answer.another_need_could_help(place) for place in range(len(offered))] == helped
    assert [offered[place].code for place in answer.order] == [outcome.code for outcome in expected]
    assert [answer.verdict(place) for place in answer.order.tolist()] == [outcome.verdict for outcome in expected]


def assert_read_again(engine: Engine, earlier: Case, later: Case) -> None:
    """An applicant whose facts have changed stands as if read anew, and so does the next one."""
    changed = earlier.facts.values.keys() | later.facts.values.keys()
    for before, after in ((earlier, later), (later, earlier)):
        again = engine.restanding(engine.standing(before.facts), after.facts, changed)
        anew = engine.standing(after.facts)
        assert (again.literals == anew.literals).all()
        assert (again.verdicts == anew.verdicts).all()


@patient
@given(worlds())
def test_every_field_of_every_outcome_is_the_plain_ones(world: World) -> None:
    offered, asked = world
    engine = Engine(compiled(offered))
    for one in asked:
        assert_same(engine, offered, one)
    assert_read_again(engine, asked[0], asked[-1])


@settings(patient, max_examples=30)
@given(worlds(), offers("c"), st.sampled_from("abc"))
def test_an_engine_that_follows_answers_as_one_made_anew(world: World, changed: ProductOffer, gone: str) -> None:
    offered, asked = world
    rest = [changed if one.code == changed.code else one for one in offered if one.code != gone]
    after = tuple(rest if changed in rest or changed.code == gone else [*rest, changed])
    before = Engine(compiled(offered))
    # Somebody has asked before, so that the view of the need is carried over as well.
    assert_same(before, offered, asked[0])
    assert_same(before.following(after), after, asked[0])
    assert_same(before, offered, asked[0])


def test_every_criterion_of_the_rule_has_its_column() -> None:
    assert COLUMNS.keys() == MEASURES.keys()


def test_a_product_without_variants_is_refused_as_by_the_plain_evaluator() -> None:
    bare = replace(offer("p"), variants=())
    with pytest.raises(ValueError, match="p has no variants"):
        compiled([bare])
    with pytest.raises(ValueError, match="p has no variants"):
        Engine(compiled([offer("q")])).following((offer("q"), bare))


def test_no_products_at_all_give_no_answers() -> None:
    assert Engine(compiled([])).match(case(facts())) == ()


def test_the_last_product_may_go() -> None:
    assert Engine(compiled([offer("p")])).following(()).match(case(facts())) == ()


def test_contradicting_conditions_are_met_by_nobody() -> None:
    never = condition(
        {"all": [{"ge": [{"fact": "employees"}, {"value": 9}]}, {"lt": [{"fact": "employees"}, {"value": 9}]}]}
    )
    offered = (offer("p", variant(never)),)
    for known in ({}, {"employees": 8}, {"employees": 9}):
        assert_same(Engine(compiled(offered)), offered, case(facts(**known)))
    assert Engine(compiled(offered)).match(case(facts(employees=9)))[0].verdict is Verdict.NOT_MET


@pytest.mark.parametrize("strange", ["12", True, ("a", 1), date(2026, 1, 1), frozenset(), 1.5, None])
def test_facts_of_another_type_are_unknown_never_failed(strange: Any) -> None:
    last_quarter = {"window": {"series": "sales_monthly", "months": 3, "of": "sum"}}
    offered = (
        offer("a", variant(condition({"ge": [{"fact": "employees"}, {"value": 9}]}))),
        offer("b", variant(condition({"in": [{"fact": "tax_grade"}, ["A"]]}), limit={"fact": "annual_tax"})),
        offer("c", variant(condition({"is": [{"fact": "tax_arrears"}, False]}))),
        offer("d", variant(condition({"on_list": {"fact": "high_tech_valid_until"}}))),
        offer(
            "e",
            variant(condition({"ge": [last_quarter, {"value": 1}]})),
        ),
    )
    keys = ("employees", "tax_grade", "annual_tax", "tax_arrears", "high_tech_valid_until", "sales_monthly")
    assert_same(Engine(compiled(offered)), offered, case(facts(**dict.fromkeys(keys, strange))))


@pytest.mark.parametrize("amount_wan", [1, 10**8, 10**12])
def test_a_need_of_any_size_is_answered(amount_wan: int) -> None:
    offered = (
        offer("a", variant(amount_max=100 * WAN, rate_min=36_500, term_max_days=360)),
        offer("b", variant(amount_min=10 * WAN, limit={"times": [{"value": 10}, {"fact": "annual_tax"}]})),
    )
    assert_same(Engine(compiled(offered)), offered, case(facts(annual_tax=10**15), need(amount_wan)))


@pytest.mark.parametrize("amount_wan", [0, -1])
def test_a_need_of_nothing_is_refused_in_one_sentence(amount_wan: int) -> None:
    with pytest.raises(LoanRefusal, match=r"^贷款金额须大于零。$"):
        case(facts(), need(amount_wan))
    with pytest.raises(LoanRefusal, match=r"^贷款金额须大于零。$"):
        case(facts()).asking(need(amount_wan))


DEAR = [
    *[(rate, "once", months) for rate in (800_000, 900_000, 950_000, 999_999, 1_000_000) for months in (1, 12)],
    *[(rate, "month", 12) for rate in (500_000, 950_000, 1_000_000)],
    *[(rate, "deposit", 12) for rate in (950_000, 1_000_000)],
    (1_000_000, "year", 12),
]


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(("rate", "per", "months"), DEAR)
def test_one_dear_fee_keeps_no_other_product_from_being_ranked(
    rate: int, per: FeePeriod, months: int, version: int
) -> None:
    dear = variant(rate_min=30_000, fees=(OfferFee("f", rate, per, "borrower"),))
    offered = (offer("a", dear), offer("b", variant(rate_min=240_000)), offer("c"), offer("d", dear))
    engine, asked = Engine(compiled(offered)), case(facts(), need(months=months), rule=shipped(version).rule)
    assert_same(engine, offered, asked)
    assert engine.match(asked)[0].code == "b"


def test_charges_that_take_the_loan_come_after_costs_that_are_not_stated() -> None:
    taken = variant(rate_min=30_000, fees=(OfferFee("f", 1_000_000, "once", "borrower"),))
    dear = variant(rate_min=30_000, fees=(OfferFee("f", 900_000, "once", "borrower"),))
    offered = (offer("a", taken), offer("b", dear), offer("c"))
    rule = RankingRule(9, (Criterion(SUM, {}, {"cost": MOST_WEIGHT}), Criterion("cost")))
    for one in (rule, replace(rule, criteria=rule.criteria[1:])):
        asked = case(facts(), need(months=1), rule=one)
        assert_same(Engine(compiled(offered)), offered, asked)
        assert [outcome.code for outcome in plain.match(asked, offered)] == ["c", "b", "a"]


@pytest.mark.parametrize("strange", [{"rate_min": 1_000_001}, {"rate_min": 30_000, "rate_max": 1_000_001}])
def test_rates_of_no_loan_keep_no_other_product_from_being_ranked(strange: dict[str, int]) -> None:
    offered = (offer("a", variant(**strange)), offer("b", variant(rate_min=30_000)))
    assert_same(Engine(compiled(offered)), offered, case(facts()))


def test_a_term_longer_than_any_plan_has_no_cost() -> None:
    offered = (offer("a", variant(rate_min=30_000)), offer("b", variant(rate_min=30_000, term_max_days=360)))
    asked = case(facts(), need(months=601))
    assert_same(Engine(compiled(offered)), offered, asked)
    assert {one.code: one.cost.basis for one in plain.match(asked, offered)}["a"] is CostBasis.NO_LOAN


@pytest.mark.parametrize("least", [1, 7, 19, 20])
def test_groups_of_any_width_are_counted(least: int) -> None:
    parts = [{"ge": [{"fact": "employees"}, {"value": bound}]} for bound in range(20)]
    asked = condition({"at_least": [least, parts]})
    offered = (offer("a", variant(asked)), offer("b", variant(condition({"not": {"at_least": [least, parts]}}))))
    engine = Engine(compiled(offered))
    for known in ({}, *({"employees": number} for number in (-1, 0, 6, 18, 19))):
        assert_same(engine, offered, case(facts(**known)))


def test_terms_beyond_64_bits_are_left_to_the_plain_evaluator() -> None:
    offered = (offer("a", variant(amount_max=10**30)), offer("b", variant(amount_max=10)))
    assert_same(Engine(compiled(offered)), offered, case(facts()))


def test_a_profile_replaced_during_a_run_changes_nothing_of_that_run() -> None:
    offered = (
        offer("p", variant(condition({"ge": [{"fact": "employees"}, {"value": 9}]}), limit={"fact": "annual_tax"})),
    )
    engine, values = Engine(compiled(offered)), dict(facts(employees=8).values)
    answer = engine.answer(case(replace(facts(), values=values)))
    values |= facts(employees=10, annual_tax=5).values
    (outcome,) = answer.outcomes()
    assert (outcome.verdict, outcome.limit.missing) == (Verdict.NOT_MET, ("annual_tax",))


def test_what_is_remembered_of_codes_stays_bounded_however_often_a_plan_is_edited(monkeypatch: Any) -> None:
    monkeypatch.setattr(Vocabulary, "MOST", 5)

    def asks(code: str) -> ProductOffer:
        return offer("p", variant(condition({"in": [{"fact": "tax_grade"}, [code]]})))

    engine = Engine(compiled([asks("A")]))
    for edit in range(4):
        engine = engine.following((asks(f"B{edit}"),))
        for number in range(4):
            assert_same(engine, engine.plan.offers, case(facts(tax_grade=f"C{edit}{number}")))
    (words,) = engine.reader.vocabularies.values()
    assert len(words.earlier) == 5
    assert frozenset({"C23"}) in words.earlier
