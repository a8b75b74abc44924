"""Which products tell firms apart, and by which fact."""

from finmart.matching.engine.inputs import ApplicantFacts, ProductOffer
from finmart.matching.engine.plain import match
from finmart.matching.engine.separation import separations
from tests.factories.matching import WAN, case, condition, facts, need, offer, variant

SALES = condition({"ge": [{"fact": "sales_12m"}, {"value": 300 * WAN}]}, key="sales")
KIND = condition({"in": [{"fact": "subject_kind"}, ["enterprise"]]}, key="kind")
FIRMS = [
    facts(sales_12m=100 * WAN, subject_kind="enterprise"),
    facts(sales_12m=400 * WAN, subject_kind="enterprise"),
    facts(sales_12m=900 * WAN, subject_kind="individual_business"),
]


def found(*offers: ProductOffer, firms: list[ApplicantFacts] = FIRMS) -> dict[str, tuple[tuple[str, ...], str, int]]:
    answers = [(known, match(case(known, need(200)), offers)) for known in firms]
    return {one.code: (one.aspects, one.fact, one.met) for one in separations(offers, answers)}


def test_a_verdict_that_differs_names_the_fact_of_its_condition() -> None:
    assert found(offer("p", variant(SALES))) == {"p": (("verdict",), "sales_12m", 2)}


def test_a_limit_that_differs_names_the_fact_of_its_formula() -> None:
    formula = {"times": [{"value": 300_000, "unit": "ratio"}, {"fact": "sales_12m"}]}
    assert found(offer("p", variant(limit=formula))) == {"p": (("limit", "fit"), "sales_12m", 0)}


def test_a_product_that_answers_all_alike_separates_nobody() -> None:
    assert found(offer("p", variant(condition({"ge": [{"fact": "sales_12m"}, {"value": 1}]})))) == {}


def test_different_variants_name_the_fact_that_chose_them() -> None:
    own = condition({"in": [{"fact": "subject_kind"}, ["individual_business"]]}, key="own")
    product = offer(
        "p", variant(KIND, key="firm", amount_max=1_000 * WAN), variant(own, key="trader", amount_max=50 * WAN)
    )
    aspects, fact, met = found(product)["p"]
    assert (aspects, fact, met) == (("limit", "fit"), "subject_kind", 3)


def test_the_demand_itself_separates_nobody() -> None:
    small = condition({"le": [{"fact": "demand.amount"}, {"value": 100 * WAN}]})
    assert found(offer("p", variant(small))) == {}
