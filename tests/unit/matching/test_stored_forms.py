"""What a run stores comes back exactly."""

import hashlib
from datetime import date

from finmart.matching.engine import json_form
from finmart.matching.engine.financing import Alone, Financing, FinancingPlan, Part
from finmart.matching.engine.inputs import ApplicantFacts, OfferFee
from finmart.matching.engine.plain import match
from finmart.matching.engine.rows import dump_row, load_row, row_of
from finmart.matching.service.advice import Advice, dump_advice, load_advice
from finmart.matching.snapshots import plan_of
from finmart.matching.types.packed import canonical
from tests.factories.matching import WAN, case, condition, fact, facts, need, offer, variant

OFFER = offer(
    "p",
    variant(
        condition({"in": [{"fact": "tax_grade"}, ["A"]]}, key="grade"),
        condition(
            {"ge": [{"window": {"series": "sales_monthly", "months": 12, "of": "sum"}}, {"value": 5}]}, key="sales"
        ),
        condition({"is": [{"fact": "exporter"}, True]}, key="wish", required=False),
        limit={"min": [{"fact": "annual_tax"}, {"value": 7}]},
        amount_min=10 * WAN,
        rate_min=31_500,
        rate_max=40_000,
        guarantee_modes=("credit",),
        repayment_modes=("interest_only",),
        fees=(OfferFee("guarantee_fee", 5_000, "year", "borrower"),),
    ),
    purposes=("equipment",),
    decision_days=3,
)


def test_an_offer_comes_back_as_it_was() -> None:
    assert json_form.load_offer(json_form.dump_offer(OFFER)) == OFFER


def test_a_plan_stored_under_an_earlier_fingerprint_keeps_it() -> None:
    documents = [json_form.dump_offer(OFFER)]
    earlier = hashlib.sha256(canonical(documents)).hexdigest()
    assert plan_of(documents, 1, earlier).fingerprint == earlier
    made = plan_of(documents, 1).fingerprint
    assert made != earlier
    assert plan_of(documents, 1, made).fingerprint == made


def test_documents_that_are_not_those_of_a_fingerprint_are_told() -> None:
    documents = [json_form.dump_offer(OFFER)]
    for stored in (plan_of(documents, 1).fingerprint, hashlib.sha256(canonical(documents)).hexdigest()):
        assert plan_of([{**documents[0], "decision_days": 4}], 1, stored).fingerprint != stored


def test_a_fingerprint_follows_the_order_of_products() -> None:
    documents = [json_form.dump_offer(offer(code, variant())) for code in ("p", "q")]
    assert plan_of(documents, 1).fingerprint != plan_of(documents[::-1], 1).fingerprint


def test_facts_of_every_type_come_back_as_they_were() -> None:
    known = ApplicantFacts(
        {
            "grade": fact("A"),
            "flag": fact(True),
            "number": fact(3),
            "day": fact(date(2027, 1, 31)),
            "series": fact((3, 0, 2)),
            "codes": fact(("a", "b")),
            "set": fact(frozenset({"x"})),
        }
    )
    assert json_form.load_facts(json_form.dump_facts(known)) == known
    assert type(json_form.load_facts(json_form.dump_facts(known)).values["flag"].value) is bool


def test_a_need_comes_back_as_it_was() -> None:
    asked = need(120, 18, purpose="equipment", region="360113", as_of=date(2020, 2, 21))
    assert json_form.load_need(json_form.dump_need(asked)) == asked


def test_a_row_comes_back_as_it_was() -> None:
    for known in ({}, {"tax_grade": "A", "sales_monthly": (1,) * 12, "annual_tax": 9, "exporter": True}):
        outcome = match(case(facts(**known)), [OFFER])[0]
        row = row_of(outcome, 1)
        assert load_row(dump_row(row)) == row
        assert canonical(dump_row(row)) == canonical(dump_row(load_row(dump_row(row))))


def test_a_rows_letters_tell_preferences_from_conditions() -> None:
    row = row_of(match(case(facts(tax_grade="A")), [OFFER])[0], 1)
    assert row.states == "muU"
    assert (row.met, row.not_met, row.unknown, row.checked) == (1, 0, 1, 1)


def test_the_keys_a_condition_speaks_of() -> None:
    keys = [clause.facts for clause in OFFER.variants[0].clauses]
    assert keys == [{"tax_grade"}, {"sales_monthly"}, {"exporter"}]


def test_advice_comes_back_as_it_was_and_earlier_advice_keeps_its_plans() -> None:
    plans = (FinancingPlan((Part("a", "standard", 6, 0, 1, ""), Part("b", "standard", 4, 4, None, "pledge"))),)
    advice = Advice((), (), plans, Financing(Alone.OPEN, 2, "y", plans))
    stored = dump_advice(advice)
    assert load_advice(stored) == advice
    del stored["financing"]
    assert load_advice(stored) == Advice((), (), plans, None)
