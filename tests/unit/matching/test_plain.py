"""Verdicts, fit, limits and the choice of a variant by the plain evaluator."""

from dataclasses import replace

import pytest

from finmart.matching.engine.inputs import ApplicantFacts
from finmart.matching.engine.plain import Case, match, product_outcome
from finmart.matching.engine.results import Fit, Fitness, LimitBasis, Verdict
from finmart.matching.rulesets.service import shipped
from tests.factories.matching import WAN, case, condition, facts, need, offer, variant

GRADES = condition({"in": [{"fact": "tax_grade"}, ["A", "B"]]}, key="grades")
YEARS = condition({"ge": [{"fact": "years_established"}, {"value": 2}]}, key="years")


@pytest.mark.parametrize(
    ("known", "words", "verdict"),
    [
        ({"tax_grade": "A", "years_established": 3}, 0, Verdict.MET),
        ({"tax_grade": "A", "years_established": 3}, 2, Verdict.MET_CHECKED),
        ({"tax_grade": "A"}, 0, Verdict.OPEN),
        ({"tax_grade": "D"}, 0, Verdict.NOT_MET),
        ({}, 0, Verdict.OPEN),
    ],
)
def test_verdict_says_what_was_checked(known: dict[str, object], words: int, verdict: Verdict) -> None:
    outcome = product_outcome(case(facts(**known)), offer("p", variant(GRADES, YEARS), words=words))
    assert outcome.verdict is verdict


def test_nothing_stated_is_not_met_and_not_failed() -> None:
    assert product_outcome(case(facts()), offer("p")).verdict is Verdict.UNCHECKED


def test_a_missing_fact_is_named_and_never_fails() -> None:
    outcome = product_outcome(case(facts(tax_grade="B")), offer("p", variant(GRADES, YEARS)))
    assert outcome.missing == ("years_established",)
    assert (outcome.count("m"), outcome.count("n"), outcome.count("u")) == (1, 0, 1)


def test_a_preference_never_excludes() -> None:
    wish = condition({"in": [{"fact": "tax_grade"}, ["A"]]}, key="wish", required=False)
    outcome = product_outcome(case(facts(tax_grade="C", years_established=3)), offer("p", variant(YEARS, wish)))
    assert outcome.verdict is Verdict.MET
    assert dict(outcome.shares)["preference"] == 1


def test_limit_is_the_smaller_of_cap_and_formula() -> None:
    formula = {"times": [{"value": 300_000, "unit": "ratio"}, {"fact": "sales_12m"}]}
    with_formula = offer("p", variant(limit=formula, amount_max=500 * WAN))
    known = product_outcome(case(facts(sales_12m=1_000 * WAN)), with_formula)
    assert (known.limit.basis, known.limit.amount) == (LimitBasis.CAP_AND_FORMULA, 300 * WAN)
    unknown = product_outcome(case(facts()), with_formula)
    assert (unknown.limit.basis, unknown.limit.amount, unknown.limit.at_most) == (
        LimitBasis.FACTS_MISSING,
        None,
        500 * WAN,
    )
    assert unknown.limit.missing == ("sales_12m",)
    assert unknown.fit.amount is Fit.UNKNOWN


def test_a_formula_below_zero_lends_nothing() -> None:
    formula = {"minus": [{"fact": "annual_tax"}, {"fact": "debts"}]}
    outcome = product_outcome(case(facts(annual_tax=1, debts=5)), offer("p", variant(limit=formula)))
    assert outcome.limit.amount == 0
    assert outcome.fit.amount is Fit.NONE


@pytest.mark.parametrize(
    ("asked", "fit", "share"),
    [(100, Fit.FULL, None), (300, Fit.FULL, None), (400, Fit.PARTIAL, 750_000), (5, Fit.NONE, None)],
)
def test_amount_is_fit_not_eligibility(asked: int, fit: Fit, share: int | None) -> None:
    outcome = product_outcome(
        case(facts(), need(asked)), offer("p", variant(amount_min=10 * WAN, amount_max=300 * WAN))
    )
    assert (outcome.fit.amount, outcome.fit.amount_share) == (fit, share)
    assert outcome.verdict is Verdict.UNCHECKED


@pytest.mark.parametrize(
    ("months", "fit", "share"),
    [(12, Fit.FULL, None), (36, Fit.FULL, None), (48, Fit.PARTIAL, 750_000), (6, Fit.NONE, None)],
)
def test_both_bounds_of_the_term_belong_to_it(months: int, fit: Fit, share: int | None) -> None:
    outcome = product_outcome(
        case(facts(), need(months=months)), offer("p", variant(term_min_days=360, term_max_days=1080))
    )
    assert (outcome.fit.term, outcome.fit.term_share) == (fit, share)


@pytest.mark.parametrize(
    ("modes", "offered", "fit"),
    [
        ((), ("credit",), Fit.NOT_STATED),
        (("credit", "joint"), ("mortgage",), Fit.FULL),
        (("mortgage",), ("credit",), Fit.NONE),
        (("mortgage", "pledge"), ("credit", "pledge"), Fit.FULL),
    ],
)
def test_an_unsecured_mode_fits_everyone(modes: tuple[str, ...], offered: tuple[str, ...], fit: Fit) -> None:
    outcome = product_outcome(case(facts(), need(guarantees=offered)), offer("p", variant(guarantee_modes=modes)))
    assert outcome.fit.guarantee is fit


def test_a_bridge_loan_buys_no_machine() -> None:
    bridge = offer("p", purposes=("refinance",))
    assert product_outcome(case(facts(), need(purpose="equipment")), bridge).fit.overall is Fitness.NONE
    assert product_outcome(case(facts(), need(purpose="refinance")), bridge).fit.purpose is Fit.FULL
    assert product_outcome(case(facts(), need()), bridge).fit.purpose is Fit.NOT_STATED


def test_conditions_may_speak_of_the_demand() -> None:
    near = condition({"le": [{"fact": "demand.amount"}, {"value": 200 * WAN}]})
    small = offer("p", variant(near))
    assert product_outcome(case(facts(), need(200)), small).verdict is Verdict.MET
    assert product_outcome(case(facts(), need(201)), small).verdict is Verdict.NOT_MET


def test_asking_for_something_else_replaces_the_demands_facts() -> None:
    first = case(facts(), need(200, purpose="equipment"))
    second = first.asking(need(50))
    assert second.facts.values["demand.amount"].value == 50 * WAN
    assert "demand.purpose" not in second.facts.values


def test_the_best_variant_speaks_for_the_product() -> None:
    small = variant(GRADES, key="credit", amount_max=50 * WAN)
    large = variant(GRADES, key="mortgage", amount_max=1_000 * WAN, guarantee_modes=("mortgage",))
    product = offer("p", small, large)
    known = facts(tax_grade="A")
    assert product_outcome(case(known, need(40)), product).variant == "credit"
    with_house = need(400, guarantees=("mortgage",))
    assert product_outcome(case(known, with_house), product).variant == "mortgage"


def test_equal_variants_go_by_the_catalogues_order() -> None:
    assert product_outcome(case(facts()), offer("p", variant(key="b"), variant(key="a"))).variant == "b"


def test_a_product_without_variants_is_refused() -> None:
    empty = offer("p")
    without = type(empty)(**{**empty.__dict__, "variants": ()})
    with pytest.raises(ValueError, match="no variants"):
        product_outcome(case(facts()), without)


def test_the_order_does_not_depend_on_the_order_of_the_offers() -> None:
    offers = [offer(code, variant(amount_max=limit * WAN)) for code, limit in (("c", 100), ("a", 50), ("b", 100))]
    asked: Case = case(facts())
    once = [outcome.code for outcome in match(asked, offers)]
    assert (sorted(once[:2]), once[2]) == (["b", "c"], "a")
    assert [outcome.code for outcome in match(asked, offers[::-1])] == once


def test_other_facts_are_answered_anew() -> None:
    offered = offer("p", variant(YEARS))
    first = case(facts(years_established=1))
    assert product_outcome(first, offered).verdict is Verdict.NOT_MET
    assert product_outcome(replace(first, facts=facts(years_established=3)), offered).verdict is Verdict.MET


def test_asking_for_something_else_keeps_what_is_answered() -> None:
    first = case(facts(years_established=3))
    state = first.state_of(YEARS)
    assert first.asking(need(50)).state_of(YEARS) is state


def test_a_profile_replaced_after_the_question_changes_no_answer() -> None:
    values = dict(facts(years_established=1).values)
    asked = Case(ApplicantFacts(values), need(), shipped().rule)
    values |= facts(years_established=3).values
    assert product_outcome(asked, offer("p", variant(YEARS))).verdict is Verdict.NOT_MET
