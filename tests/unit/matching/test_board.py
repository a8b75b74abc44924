"""The board of anonymous needs: sifted by what cards say, counted facet by facet, and widened where nothing is left."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from finmart.matching.engine.inputs import ProductOffer, VariantOffer
from finmart.matching.leads.types.board import AMOUNTS, BoardAsked, OwnProduct, fits, sift
from finmart.matching.leads.types.values import Card

WAN = 1_000_000
NEED = Card(
    public_id="a",
    amount=100 * WAN,
    term_months=12,
    purpose="working_capital",
    guarantees=("credit",),
    district="360102",
    urgency="month",
    applicant_kind="enterprise",
    published_at=datetime(2026, 11, 20, tzinfo=UTC),
    places_left=3,
    demonstration=False,
)
NEEDS = [
    NEED,
    replace(NEED, public_id="b", amount=50 * WAN, district="360103", urgency="week", guarantees=("mortgage",)),
    replace(NEED, public_id="c", amount=2000 * WAN, term_months=60, urgency="open", places_left=1),
]


def _product(**terms: object) -> OwnProduct:
    variant = VariantOffer(key="standard", **terms)  # type: ignore[arg-type]
    offer = ProductOffer(
        code="p",
        version=1,
        institution="bank",
        connected=True,
        product_type="credit_loan",
        evidence_tier="",
        decision_days=None,
        words=0,
        purposes=(),
        variants=(variant,),
    )
    return OwnProduct(offer)


def _ids(asked: BoardAsked, **products: OwnProduct) -> list[str]:
    return [need.public_id for need in sift(NEEDS, products, asked).needs]


def test_one_code_of_a_facet_is_enough_and_every_facet_counts() -> None:
    assert _ids(BoardAsked()) == ["a", "b", "c"]
    assert _ids(BoardAsked({"region": frozenset({"360102", "360103"})})) == ["a", "b", "c"]
    assert _ids(BoardAsked({"region": frozenset({"360102"}), "amount": frozenset({"200"})})) == ["a"]
    assert _ids(BoardAsked({"guarantee": frozenset({"mortgage"})})) == ["b"]
    assert _ids(BoardAsked({"term": frozenset({"more"})})) == ["c"]


def test_a_facet_counts_what_each_of_its_codes_would_give_beside_the_other_facets() -> None:
    found = sift(NEEDS, {}, BoardAsked({"region": frozenset({"360102"})}))
    assert found.facets["region"] == {"360102": 2, "360103": 1}
    assert found.facets["amount"] == {"200": 1, "more": 1}
    for code, count in found.facets["amount"].items():
        both = BoardAsked({"region": frozenset({"360102"}), "amount": frozenset({code})})
        assert len(sift(NEEDS, {}, both).needs) == count


def test_an_empty_result_says_which_facet_alone_keeps_needs_away() -> None:
    asked = BoardAsked({"region": frozenset({"360103"}), "amount": frozenset({"more"})})
    found = sift(NEEDS, {}, asked)
    assert found.needs == ()
    assert found.wider == {"region": 1, "amount": 1}
    for facet, count in found.wider.items():
        assert len(sift(NEEDS, {}, asked.without(facet)).needs) == count


def test_every_order_keeps_the_newest_first_among_equals() -> None:
    orders = {sort: _ids(BoardAsked(sort=sort)) for sort in ("new", "urgent", "large", "small", "places")}
    assert orders == {
        "new": ["a", "b", "c"],
        "urgent": ["b", "a", "c"],
        "large": ["c", "a", "b"],
        "small": ["b", "a", "c"],
        "places": ["a", "b", "c"],
    }


def test_a_bands_upper_end_belongs_to_it() -> None:
    for code, (above, most) in AMOUNTS.items():
        inside = replace(NEED, amount=most or above + 1)
        assert [need.amount for need in sift([inside], {}, BoardAsked({"amount": frozenset({code})})).needs]
        outside = replace(NEED, amount=above) if above else replace(NEED, amount=51 * WAN)
        assert not sift([outside], {}, BoardAsked({"amount": frozenset({code})})).needs


@pytest.mark.parametrize(
    ("product", "is_fit"),
    [
        (_product(), True),
        (_product(amount_max=100 * WAN, amount_min=100 * WAN), True),
        (_product(amount_max=99 * WAN), False),
        (_product(amount_min=101 * WAN), False),
        (_product(term_max_days=330), False),
        (_product(term_max_days=360, guarantee_modes=("mortgage",)), False),
        (_product(guarantee_modes=("credit",)), True),
        (replace(_product(), kinds=("farmer",)), False),
        (replace(_product(), kinds=("enterprise",)), True),
        (replace(_product(), region_codes=("360100",)), True),
        (replace(_product(), region_codes=("360103",)), False),
    ],
)
def test_a_card_is_compared_with_the_terms_of_an_own_product(product: OwnProduct, *, is_fit: bool) -> None:
    assert fits(NEED, product) is is_fit
    assert _ids(BoardAsked({"product": frozenset({"p"})}), p=product)[:1] == (
        ["a"] if is_fit else _ids_without(product)
    )


def _ids_without(product: OwnProduct) -> list[str]:
    return [need.public_id for need in NEEDS if fits(need, product)][:1]


def test_choosing_twice_takes_the_choice_back() -> None:
    once = BoardAsked().toggled("region", "360102")
    assert once.where == {"region": frozenset({"360102"})}
    assert once.toggled("region", "360102") == BoardAsked()
