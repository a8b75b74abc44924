"""What to bring: only what a source states, each paper with the shared data that say the same."""

import csv
from dataclasses import replace

import pytest

from finmart.matching.engine.inputs import ApplicantFacts, OfferMaterial
from finmart.matching.engine.json_form import dump_offer, load_offer
from finmart.matching.engine.materials import MaterialState, grounds_of, key_of, material_states
from finmart.matching.engine.seen import seen_clauses
from finmart.matching.snapshots import product_offer
from finmart.products.catalogue import DATA, read_catalogue
from finmart.products.types import PublishedProduct
from finmart.reference.facts import fact as known_fact
from finmart.reference.materials import facts_for, known_materials
from tests.factories.matching import condition, fact, offer, variant

PRODUCTS = {product.code: product for product in read_catalogue().products}
LICENCE = OfferMaterial("营业执照", ("has_business_licence",))
LETTER = OfferMaterial("推荐函", ("listed_in=caiyuan_letter",))
RECORDS = OfferMaterial("纳税或水电气记录", ("annual_tax", "utilities_records"))


def test_every_material_is_in_the_words_of_a_clause_of_its_product() -> None:
    with (DATA / "materials.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 17
    for row in rows:
        for name in row["materials"].split(";"):
            assert set(name) - set("（）或") <= set(row["clause_zh"]), name
            assert name in PRODUCTS[row["product_code"]].materials
    stated = [product for product in PRODUCTS.values() if product.materials]
    assert {product.code for product in stated} == {row["product_code"] for row in rows}


def test_what_the_catalogue_names_is_known_with_facts_of_the_dictionary() -> None:
    names = {name for product in PRODUCTS.values() for name in product.materials}
    assert names <= known_materials().keys()
    for one in known_materials().values():
        for each in one.facts:
            key, _equals, code = each.partition("=")
            assert not code or known_fact(key).choice(code) is not None
            assert {"computed", "imported"} & set(known_fact(key).origins)


@pytest.mark.parametrize(
    ("material", "value", "origin", "held"),
    [
        (LICENCE, True, "imported", True),
        (LICENCE, False, "imported", False),
        (LICENCE, True, "declared", False),
        (LETTER, ("park_recommended", "caiyuan_letter"), "imported", True),
        (LETTER, ("park_recommended",), "imported", False),
        (LETTER, (), "imported", False),
        (RECORDS, 0, "computed", False),
        (RECORDS, 5, "computed", True),
    ],
)
def test_only_shared_data_that_say_yes_stand_for_a_paper(
    material: OfferMaterial, value: object, origin: str, held: bool
) -> None:
    key = key_of(material.facts[0])
    found = material_states([material], ApplicantFacts({key: fact(value, origin=origin)}))
    assert found == (MaterialState(material.name, (key,) if held else ()),)
    assert material_states([material], ApplicantFacts()) == (MaterialState(material.name, ()),)


def test_conditions_rest_on_shared_data_on_the_applicants_word_or_on_nothing() -> None:
    asked = variant(
        condition({"ge": [{"fact": "annual_tax"}, {"value": 1}]}, key="a"),
        condition({"ge": [{"fact": "employees"}, {"value": 1}]}, key="b"),
        condition({"ge": [{"fact": "years_established"}, {"value": 1}]}, key="c"),
        condition({"ge": [{"fact": "demand.amount"}, {"value": 1}]}, key="d"),
        condition({"is": [{"fact": "exporter"}, True]}, key="wish", required=False),
    )
    known = ApplicantFacts(
        {
            "annual_tax": fact(5),
            "employees": fact(3, origin="declared"),
            "demand.amount": fact(9, origin="demand"),
            "exporter": fact(True),
        }
    )
    grounds = grounds_of(seen_clauses(asked, known))
    assert (grounds.held, grounds.said, grounds.missing) == (("annual_tax",), ("employees",), ("years_established",))


def test_a_way_that_is_not_needed_lacks_nothing() -> None:
    """Old enough is enough: that nobody knows of the second way is no gap."""
    ways = {"any": [{"ge": [{"fact": "years_established"}, {"value": 1}]}, {"is": [{"fact": "exporter"}, True]}]}
    known = {
        age: seen_clauses(variant(condition(ways)), ApplicantFacts({"years_established": fact(age)})) for age in (3, 0)
    }
    assert [(one.state, grounds_of((one,)).missing) for age in (3, 0) for one in known[age]] == [
        ("m", ()),
        ("u", ("exporter",)),
    ]


def test_an_offer_keeps_what_it_states_and_one_from_before_says_nothing() -> None:
    stated, silent, earlier = (offer("a", materials=value) for value in ((LICENCE, LETTER), (), None))
    for one in (stated, silent, earlier):
        assert load_offer(dump_offer(one)) == one
    assert "materials" not in dump_offer(earlier)


def test_a_product_offers_its_materials_with_the_facts_that_say_the_same() -> None:
    product: PublishedProduct = PRODUCTS["srb_caiyuan"]
    name = "地方财园信贷通协调领导小组推荐函"
    assert product_offer(product).materials == (OfferMaterial(name, ("listed_in=caiyuan_letter",)),)
    assert product_offer(replace(product, materials=("机构自己的叫法",))).materials == (
        OfferMaterial("机构自己的叫法"),
    )
    assert product_offer(replace(product, materials=())).materials == ()
    assert facts_for("机构自己的叫法") == ()
