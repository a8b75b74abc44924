"""Whole worlds for property tests of matching: random products, applicants, needs and rules."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st

from finmart.conditions.json_form import dump_condition
from finmart.conditions.types import Condition, Expression
from finmart.conditions.walk import keys_of, keys_of_expression
from finmart.matching.engine.inputs import (
    ApplicantFacts,
    Clause,
    DemandNeed,
    OfferFee,
    ProductOffer,
    VariantOffer,
)
from finmart.matching.engine.needs import with_need
from finmart.matching.engine.plain import Case
from finmart.matching.engine.rank import SUM, Criterion, RankingRule
from finmart.matching.rulesets.service import SHIPPED, shipped
from finmart.matching.rulesets.types import MOST_WEIGHT
from tests.unit.conditions.samples import conditions, expressions, known, profiles, strange_profiles, values_of

WAN = 1_000_000
MODES = ("credit", "joint", "guarantee", "pledge", "mortgage")
PURPOSES = ("working_capital", "equipment", "refinance")


def _clause(number: int, condition: Condition, *, required: bool) -> Clause:
    source = dump_condition(condition)
    return Clause(f"clause:{number}", f"clause:{number}", condition, required, source, frozenset(keys_of(condition)))


def _some(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *values])


_fees = st.builds(
    OfferFee,
    st.sampled_from(["guarantee", "insurance"]),
    _some(0, 5_000, 20_000, 500_000, 800_000, 950_000, 1_000_000),
    st.sampled_from(["once", "year", "day", "month", "deposit"]).map(str),
    st.sampled_from(["borrower", "government"]),
)


@dataclass(frozen=True)
class Pool:
    """What products choose from, as real ones ask alike."""

    conditions: list[Condition]
    limits: list[Expression]


pools = st.builds(Pool, st.lists(conditions, min_size=1, max_size=5), st.lists(expressions, min_size=1, max_size=2))


@st.composite
def variants(draw: st.DrawFn, key: str, pool: Pool) -> VariantOffer:
    """One way to a product, with anything stated or not."""
    asked = draw(st.lists(st.tuples(st.sampled_from(pool.conditions), st.booleans()), max_size=4))
    return VariantOffer(
        key=key,
        amount_min=draw(_some(0, 10 * WAN, 100 * WAN)),
        amount_max=draw(_some(0, 50 * WAN, 100 * WAN, 10**13)),
        term_min_days=draw(_some(1, 30, 360)),
        term_max_days=draw(_some(7, 180, 360, 1080)),
        rate_min=draw(_some(0, 30_000, 36_500)),
        rate_max=draw(_some(40_000, 240_000, 1_000_001)),
        rate_kind=draw(st.sampled_from(["interest", "interest", "fee"])),
        guarantee_modes=tuple(draw(st.lists(st.sampled_from(MODES), max_size=2, unique=True))),
        repayment_modes=tuple(draw(st.lists(st.sampled_from(["bullet", "equal_principal", "odd"]), max_size=2))),
        clauses=tuple(_clause(number, each, required=needed) for number, (each, needed) in enumerate(asked)),
        limit=draw(st.sampled_from([None, *pool.limits])),
        fees=tuple(draw(st.lists(_fees.filter(lambda fee: fee.per != "day" or not fee.rate), max_size=2))),
    )


@st.composite
def offers(draw: st.DrawFn, code: str, chosen: Pool | None = None) -> ProductOffer:
    """A product with one to three ways."""
    pool = chosen or draw(pools)
    ways = draw(st.integers(1, 3))
    return ProductOffer(
        code=code,
        version=draw(st.integers(1, 3)),
        institution="bank",
        connected=draw(st.booleans()),
        product_type="credit_loan",
        evidence_tier=draw(st.sampled_from(["official_institution", "media", "never heard of"])),
        decision_days=draw(_some(1, 7)),
        words=draw(st.integers(0, 2)),
        purposes=tuple(draw(st.lists(st.sampled_from(PURPOSES), max_size=2, unique=True))),
        variants=tuple(draw(variants(f"way_{way}", pool)) for way in range(ways)),
    )


@st.composite
def catalogues(draw: st.DrawFn) -> tuple[ProductOffer, ...]:
    """One to five products, their codes in any order."""
    pool = draw(pools)
    codes = draw(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=5, unique=True))
    return tuple(draw(offers(code, pool)) for code in codes)


needs = st.builds(
    DemandNeed,
    st.sampled_from([1, 10 * WAN, 100 * WAN, 100 * WAN + 1, 10**14, 10**17]),
    st.sampled_from([1, 15, 180, 360, 720]),
    st.lists(st.sampled_from(MODES), max_size=2, unique=True).map(tuple),
    st.none() | st.sampled_from(PURPOSES),
    st.none() | st.just("360100"),
    st.none() | st.just(date(2026, 11, 21)),
    st.sampled_from(["", "abc"]),
)


@st.composite
def _shuffled(draw: st.DrawFn) -> RankingRule:
    """The criteria after the verdict in any order, some of them added up first by any weights, mostly with turns."""
    first, *rest, turn = shipped().rule.criteria
    weights = st.dictionaries(st.sampled_from([one.key for one in rest]), st.integers(0, MOST_WEIGHT), min_size=1)
    added = Criterion(SUM, {}, draw(st.just({"cost": 3, "words": 1000}) | weights))
    turns = draw(st.sampled_from([(turn,), (turn,), ()]))
    return RankingRule(9, (first, added, *draw(st.permutations(rest)), *turns), intervals=True)


rules = st.sampled_from([shipped(version).rule for version in SHIPPED]) | _shuffled()


@st.composite
def cases(draw: st.DrawFn, *, about: tuple[ProductOffer, ...] = ()) -> Case:
    """An applicant, well or strangely documented, with a need and a rule; mostly with the facts that offers ask for."""
    known_facts = draw(profiles() | strange_profiles())
    for key in sorted(_keys(about)):
        if draw(st.integers(0, 2)):
            known_facts[key] = known(draw(values_of(key)))
    need = draw(needs)
    return Case(with_need(ApplicantFacts(known_facts), need), need, draw(rules))


def _keys(offered: tuple[ProductOffer, ...]) -> set[str]:
    ways = [way for product in offered for way in product.variants]
    asked = {key for way in ways for clause in way.clauses for key in clause.facts}
    return asked | {key for way in ways if way.limit is not None for key in keys_of_expression(way.limit)}


@st.composite
def worlds(draw: st.DrawFn) -> tuple[tuple[ProductOffer, ...], list[Case]]:
    """Products with two applicants that know something of what is asked."""
    offered = draw(catalogues())
    return offered, [draw(cases(about=offered)) for _applicant in range(2)]
