"""Every advised change, made by hand and matched by the plain evaluator, opens exactly the products that it names."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finmart.conditions.types import All, AnyOf, Condition, FactValue, Flag, Not
from finmart.credit.features.families import FAMILIES
from finmart.matching.engine.actions import already_read, authorised_by, changeable
from finmart.matching.engine.inputs import ApplicantFacts, DemandNeed, ProductOffer
from finmart.matching.engine.needs import with_need
from finmart.matching.engine.online.engine import Engine
from finmart.matching.engine.plain import Case, match
from finmart.matching.engine.plan.compiling import compiled
from finmart.matching.engine.remedies import Remedy
from finmart.matching.service.advice import advise
from finmart.matching.service.declaring import declarable_keys
from tests.factories.matching import case, condition, facts, need, offer, variant
from tests.unit.matching.worlds import Pool, cases, offers

#: What may be changed, by hand: the list that the code reads is not asked.
SETTLED = {
    "tax_arrears",
    "overdue_now",
    "controller.overdue_now",
    "legal_representative.overdue_now",
    "wage_arrears",
    "social_insurance_arrears",
    "utility_arrears",
    "electricity_arrears",
}
OPENED = {f"institution_relation.{what}" for what in ("corporate_account", "personal_account", "mobile_banking")}
CAPITAL = "registered_capital"

_flags = st.builds(Flag, st.sampled_from(sorted(SETTLED | OPENED)), st.booleans())
_conditions: st.SearchStrategy[Condition] = (
    _flags
    | st.builds(Not, _flags)
    | st.lists(_flags, min_size=2, max_size=3).map(tuple).flatmap(lambda parts: st.builds(All, st.just(parts)))
    | st.lists(_flags, min_size=2, max_size=3).map(tuple).flatmap(lambda parts: st.builds(AnyOf, st.just(parts)))
)
_pools = st.builds(
    Pool,
    st.lists(_conditions, min_size=1, max_size=3),
    st.just([variant(limit={"times": [{"value": 2}, {"fact": CAPITAL}]}).limit]),
)


@st.composite
def _worlds(draw: st.DrawFn) -> tuple[tuple[ProductOffer, ...], Case]:
    """Products that ask of what may be changed, and somebody who stands otherwise now and then."""
    pool = draw(_pools)
    shelf = tuple(draw(offers(code, pool)) for code in draw(st.sampled_from(["a", "abc", "abcd"])))
    one = draw(cases())
    flags = {key: draw(st.booleans()) for key in sorted(SETTLED | OPENED) if draw(st.integers(0, 3))}
    known = {key: FactValue(value, None, "x", "imported") for key, value in {**flags, CAPITAL: 10**7}.items()}
    told = with_need(ApplicantFacts({**one.facts.values, **known}), one.need)
    return shelf, replace(one, facts=told)


def _made(facts: ApplicantFacts, need: DemandNeed, kind: str, key: str, value: int | None) -> Case | None:
    """One change, made as its words say; None for what only makes something known."""
    match kind:
        case "settle" | "open":
            assert key in (SETTLED if kind == "settle" else OPENED)
            assert facts.values[key].value is (kind == "settle")
            return _case({**facts.values, key: FactValue(kind == "open", None, "x", "imported")}, need)
        case "amount":
            assert value
            return _case(facts.values, replace(need, amount=value))
        case "term":
            assert value
            return _case(facts.values, replace(need, term_days=value))
        case "guarantee":
            assert key not in need.guarantees
            return _case(facts.values, replace(need, guarantees=(*need.guarantees, key)))
    assert kind in {"datum", "authorise"}
    return None


def _case(values: object, need: DemandNeed) -> Case:
    told = ApplicantFacts(dict(values))  # type: ignore[call-overload]
    return case(told, need)


def _after(one: Case, remedy: Remedy) -> Case | None:
    first = _made(one.facts, one.need, remedy.kind, remedy.key, remedy.value)
    if first is None or remedy.also is None:
        return first
    return _made(first.facts, first.need, *remedy.also)


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(_worlds())
def test_what_a_change_opens_is_what_the_plain_evaluator_opens(world: tuple[tuple[ProductOffer, ...], Case]) -> None:
    shelf, one = world
    engine = Engine(compiled(shelf))
    answered = engine.answer(one)
    before = answered.outcomes()
    covered = {outcome.code for outcome in before if outcome.covers}
    for remedy in advise(engine, answered, before, declarable_keys()).remedies:
        after = _after(one, remedy)
        if after is None:
            continue
        again = match(Case(after.facts, after.need, one.rule), shelf)
        opened = tuple(outcome.code for outcome in again if outcome.covers and outcome.code not in covered)
        assert remedy.opens == opened
        still = {outcome.code for outcome in again if outcome.covers}
        assert len(opened) > remedy.closes == len(covered - still)


def test_the_list_says_what_these_tests_say() -> None:
    assert {key for key, (action, _value) in changeable().items() if action == "settle"} == SETTLED
    assert {key for key, (action, _value) in changeable().items() if action == "open"} == OPENED


def test_whatever_authorising_promises_is_delivered() -> None:
    delivered = {name: {each.key for each in family.features} for name, family in FAMILIES.items()}
    for key, name in authorised_by().items():
        assert key in delivered[name], f"{name} never makes {key} known"


def test_a_data_set_that_was_read_is_not_to_be_authorised_again() -> None:
    ask = variant(condition({"in": [{"fact": "tax_grade"}, ["A"]]}), amount_max=10**12, term_max_days=1080)
    shelf = (offer("a", replace(ask, guarantee_modes=("credit",))),)
    engine = Engine(compiled(shelf))

    def kinds(one: Case) -> set[str]:
        answered = engine.answer(one)
        return {remedy.kind for remedy in advise(engine, answered, answered.outcomes(), declarable_keys()).remedies}

    assert kinds(case(facts())) == {"authorise", "datum"}
    read = case(facts(annual_tax=5))
    assert already_read(read.facts) == {"tax"}
    assert kinds(read) == {"datum"}


def test_what_is_known_from_elsewhere_is_not_asked_for_again() -> None:
    share = {"divide": [{"fact": "annual_tax"}, {"fact": "annual_revenue"}]}
    asked = condition({"ge": [share, {"value": 1, "unit": "ratio"}]})
    shelf = (offer("a", variant(asked, amount_max=10**12, term_max_days=1080, guarantee_modes=("credit",))),)
    engine = Engine(compiled(shelf))
    # Nobody can say what the share of nothing is, and what is imported wins over what is declared.
    answered = engine.answer(case(facts(annual_tax=5, annual_revenue=0), need()))
    found = advise(engine, answered, answered.outcomes(), declarable_keys())
    assert not found.questions
    assert "datum" not in {remedy.kind for remedy in found.remedies}
    answered = engine.answer(case(facts(annual_tax=5)))
    assert [each.key for each in advise(engine, answered, answered.outcomes(), declarable_keys()).questions] == [
        "annual_revenue"
    ]
