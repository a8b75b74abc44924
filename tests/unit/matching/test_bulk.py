"""The bulk engines give the plain evaluator's verdicts: any condition, any facts, with numba and without."""

import hashlib
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finmart.conditions.evaluate import compute
from finmart.conditions.types import Compare, Comparison, Expression, Fact, FactValue, Window, WindowOf
from finmart.conditions.types import Literal as Number
from finmart.matching.engine.bulk import everyone
from finmart.matching.engine.bulk.admission import judge
from finmart.matching.engine.bulk.bits import pack, unpack
from finmart.matching.engine.bulk.catalogue import compiled
from finmart.matching.engine.bulk.everyone import NUMPY, SHARE, Machine, machine
from finmart.matching.engine.bulk.prospects import Screen
from finmart.matching.engine.bulk.reckon import Reckoner
from finmart.matching.engine.bulk.table import Column, Dictionary, Monthly, Table, Whole, table_of
from finmart.matching.engine.inputs import ApplicantFacts, ProductOffer
from finmart.matching.engine.plain import clause_state, verdict_of
from finmart.matching.engine.results import Verdict
from tests.factories import matching as made
from tests.factories.matching import condition, variant
from tests.unit.conditions.samples import expressions, profiles, strange_profiles
from tests.unit.matching.worlds import cases, catalogues

MET = (Verdict.MET, Verdict.MET_CHECKED)
#: The better, the further left.
BEST = (*MET, Verdict.OPEN, Verdict.UNCHECKED, Verdict.NOT_MET)
some_time = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
machines = pytest.mark.parametrize("by", [NUMPY, machine()], ids=lambda each: each.name)


def plain_verdict(offer: ProductOffer, facts: ApplicantFacts) -> Verdict:
    """The verdict of the way that suits best."""
    found = [
        verdict_of([clause_state(clause, facts) for clause in variant.clauses], offer.words)
        for variant in offer.variants
    ]
    return min(found, key=BEST.index)


@st.composite
def crowds(draw: st.DrawFn) -> tuple[tuple[ProductOffer, ...], list[ApplicantFacts]]:
    """Products and subjects that know something of what is asked, strangely documented ones among them."""
    offers = draw(catalogues())
    known = [each.facts for each in draw(st.lists(cases(about=offers), min_size=1, max_size=5))]
    # More than one word of rows, so that the borders of words are met.
    return offers, (known * 65)[: draw(st.sampled_from([len(known), 64, 65, 130]))]


@machines
@given(world=crowds())
@some_time
def test_everyone_is_answered_as_by_the_plain_evaluator(
    by: Machine, world: tuple[tuple[ProductOffer, ...], list[ApplicantFacts]]
) -> None:
    offers, subjects = world
    found = everyone.answer(compiled(offers), table_of(subjects), most=2, by=by)
    verdicts = [[plain_verdict(offer, facts) for offer in offers] for facts in subjects]
    for place, offer in enumerate(offers):
        counted = Counter(row[place] for row in verdicts)
        met = counted[Verdict.MET] + counted[Verdict.MET_CHECKED]
        assert found.counts[place].tolist() == [met, met + counted[Verdict.OPEN]], offer
    firsts = [[place for place, verdict in enumerate(row) if verdict in MET][:2] for row in verdicts]
    assert [[place for place in row if place >= 0] for row in found.top.tolist()] == firsts


@machines
@given(world=crowds())
@settings(some_time, max_examples=10)
def test_threads_and_figures_given_change_no_answer(
    by: Machine, world: tuple[tuple[ProductOffer, ...], list[ApplicantFacts]]
) -> None:
    offers, subjects = world
    catalogue, few = compiled(offers), table_of(subjects)
    # Enough rows for two threads, the last of them in the middle of a word.
    rows = np.arange(2 * SHARE + 7) % few.size
    many = Table(len(rows), {key: _repeated(column, rows) for key, column in few.columns.items()})
    one, alone = everyone.answer(catalogue, few, by=by), everyone.answer(catalogue, many, by=by)
    assert (alone.top == one.top[rows]).all()
    for table, threads in ((many, 2), (everyone.with_figures(catalogue, many), 1)):
        found = everyone.answer(catalogue, table, by=by, threads=threads)
        assert (found.top == alone.top).all()
        assert (found.counts == alone.counts).all()


def _repeated(column: Column, rows: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Column:
    match column:
        case Dictionary(codes, values):
            return Dictionary(codes[rows], values)
        case Whole(values, known):
            return Whole(values[rows], known[rows])
        case Monthly(months, lengths):
            return Monthly(months[:, rows], lengths[rows])


@pytest.mark.parametrize("by", [NUMPY, machine()], ids=lambda each: each.name)
def test_nobody_is_answered_without_complaint(by: Machine) -> None:
    clean = condition({"is": [{"fact": "bad_credit_record"}, False]})
    for threads in (1, 2):
        found = everyone.answer(compiled([made.offer("p", variant(clean))]), table_of([]), by=by, threads=threads)
        assert (found.counts.tolist(), found.top.shape) == ([[0, 0]], (0, everyone.TOP))


@given(world=crowds())
@some_time
def test_one_product_is_screened_as_by_the_plain_evaluator(
    world: tuple[tuple[ProductOffer, ...], list[ApplicantFacts]],
) -> None:
    offers, subjects = world
    screen = Screen(table_of(subjects), kept_bytes=200)
    for offer in offers:
        found = screen.screen(offer, most=3)
        verdicts = [plain_verdict(offer, facts) for facts in subjects]
        counted = Counter(verdicts)
        assert (found.open, found.unchecked, found.not_met) == (
            counted[Verdict.OPEN],
            counted[Verdict.UNCHECKED],
            counted[Verdict.NOT_MET],
        )
        assert found.met == sum(counted[verdict] for verdict in MET)
        assert found.first.tolist() == [row for row, verdict in enumerate(verdicts) if verdict in MET][:3]


@given(expression=expressions, known=st.lists(profiles() | strange_profiles(), min_size=1, max_size=4))
@settings(some_time, max_examples=60)
def test_a_column_of_figures_is_exact(expression: Expression, known: list[dict[str, FactValue]]) -> None:
    found = Reckoner(table_of([ApplicantFacts(facts) for facts in known])).value(expression)
    rows = len(known)
    is_known, over, under = (np.broadcast_to(each, (rows,)) for each in (found.known, found.over, found.under))
    exact = [Fraction(int(over[row]), int(under[row])) if is_known[row] else None for row in range(rows)]
    assert exact == [compute(expression, facts).exact for facts in known]


@pytest.mark.parametrize("rows", [1, 63, 64, 65, 200])
def test_bits_are_packed_and_unpacked(rows: int) -> None:
    mask = np.arange(rows) % 3 == 0
    words = pack(mask)
    assert (unpack(words, rows) == mask).all()
    assert int(np.bitwise_count(words).sum()) == mask.sum()


@pytest.mark.parametrize("amount", [-(10**30), -(2**63), 2**62, 10**30])
def test_numbers_of_any_size_are_compared_exactly(amount: int) -> None:
    known = {"annual_revenue": FactValue(amount, None, "", "")}
    table = table_of([ApplicantFacts(known), ApplicantFacts({})])
    asked = Comparison(Compare.GT, Fact("annual_revenue"), Number(amount - 1))
    assert Reckoner(table).states(asked).tolist() == [2, 1]


@pytest.mark.parametrize("month", [1 << 40, 1 << 62, (1 << 63) - 1, 1 << 63, -(1 << 63)])
@pytest.mark.parametrize("of", [WindowOf.SUM, WindowOf.MEAN, WindowOf.MAX, WindowOf.MIN, WindowOf.GROWTH])
def test_series_of_any_size_are_summed_exactly(month: int, of: WindowOf) -> None:
    known = [{"sales_monthly": FactValue(months, None, "", "")} for months in ((month,) * 4, (1, 2, -month, month))]
    found = Reckoner(table_of([ApplicantFacts(facts) for facts in known])).value(
        Window("sales_monthly", 2, of, 0, None)
    )
    under = np.broadcast_to(found.under, 2)
    exact = [Fraction(int(found.over[row]), int(under[row])) if found.known[row] else None for row in range(2)]
    assert exact == [compute(Window("sales_monthly", 2, of, 0, None), facts).exact for facts in known]


@given(world=crowds())
@some_time
def test_a_product_is_judged_through_the_way_that_suits_each_subject_best(
    world: tuple[tuple[ProductOffer, ...], list[ApplicantFacts]],
) -> None:
    offers, subjects = world
    for offer in offers:
        judged = judge(Screen(table_of(subjects)), offer)
        verdicts: Counter[Verdict] = Counter()
        reasons: dict[str, Counter[str]] = {}
        for facts in subjects:
            ways = [[clause_state(clause, facts) for clause in variant.clauses] for variant in offer.variants]
            best = min(ways, key=lambda way: BEST.index(verdict_of(way, offer.words)))
            verdicts[verdict_of(best, offer.words)] += 1
            for state in best:
                if state.required:
                    reasons.setdefault(state.key, Counter())[state.state] += 1
        assert judged.counts == verdicts
        assert judged.met.tolist() == [plain_verdict(offer, facts) in MET for facts in subjects]
        found = {each.clause.key: (each.not_met, each.unknown) for each in judged.conditions}
        assert found == {key: (states["n"], states["u"]) for key, states in reasons.items()}


def test_kernels_are_compiled_anew_when_what_they_are_made_of_changes() -> None:
    folder = Path(everyone.__file__).parent
    made_of = {"compiled": ("VECTORS", ["vectors"]), "steps": ("PARTS", ["leaves", "trails", "vectors"])}
    for module, (name, parts) in made_of.items():
        digest = hashlib.sha256(b"".join((folder / f"{part}.py").read_bytes() for part in parts)).hexdigest()[:12]
        assert f'{name} = "{digest}"' in (folder / f"{module}.py").read_text("utf-8")


def test_nobody_is_judged_without_complaint() -> None:
    clean = condition({"is": [{"fact": "bad_credit_record"}, False]})
    judged = judge(Screen(table_of([])), made.offer("p", variant(clean)))
    assert (judged.counts, judged.met.tolist()) == ({}, [])
