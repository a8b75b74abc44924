"""Coverage of the shelf: counted as the plain evaluator counts, shown by region, small numbers hidden."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import text

from finmart.demo.city.plan import REFERENCE_DATE
from finmart.matching import jobs
from finmart.matching.engine.bulk.everyone import NUMPY
from finmart.matching.engine.bulk.standing import checked
from finmart.matching.engine.inputs import ApplicantFacts, Clause, ProductOffer
from finmart.matching.engine.plain import clause_state, verdict_of
from finmart.matching.engine.results import ClauseState, Verdict
from finmart.matching.insights.repository import coverage as stored
from finmart.matching.insights.service import coverage, coverage_count
from finmart.matching.insights.service.coverage_count import SubjectRow
from finmart.matching.insights.types.coverage import ALL, DEMANDING, Stage, counted_of
from finmart.matching.insights.types.figures import HIDDEN
from finmart.matching.insights.types.stages import Dimension
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.authz.roles import permissions_of
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.jobs import outbox
from finmart.platform.kernel.actor import Actor, system_actor
from finmart.platform.kernel.clock import today
from tests.fixtures.city import CityVisit
from tests.fixtures.people import new_person

#: The better, the further left.
BEST = (Verdict.MET, Verdict.OPEN, Verdict.NOT_MET)
HOUSE = system_actor("test", "a test", frozenset({Permission.ALL_PROFILES_RUN}))


def official(region: str) -> Actor:
    return Actor(
        name="official",
        user_id=1,
        organisation_kind="government",
        region=region,
        permissions=permissions_of("official"),
    )


@dataclass(frozen=True)
class Way:
    """One way of a product: its shelves, and its clauses by what they say, so that equal ones are asked once."""

    shelves: tuple[str, ...]
    clauses: tuple[tuple[str, Clause], ...]


def ways_of(offers: Iterable[ProductOffer]) -> list[Way]:
    """Every way that states something to check; a product is a shelf of its own."""
    return [
        Way(
            (ALL, offer.product_type, f"product {offer.code}", *([DEMANDING] if way.is_demanding else [])),
            tuple((json.dumps([one.source, one.required], sort_keys=True), one) for one in way.clauses),
        )
        for offer in offers
        for way in checked(offer)
    ]


def best_of(ways: Iterable[Way], known: ApplicantFacts) -> dict[str, Verdict]:
    """Shelf → the best of what the plain evaluator says of its ways."""
    asked: dict[str, ClauseState] = {}
    best: dict[str, Verdict] = {}
    for way in ways:
        for name, clause in way.clauses:
            if name not in asked:
                asked[name] = clause_state(clause, known)
        verdict = verdict_of([asked[name] for name, _clause in way.clauses], 0)
        best.update((shelf, min(best.get(shelf, verdict), verdict, key=BEST.index)) for shelf in way.shelves)
    return best


def codes_of(one: SubjectRow) -> list[tuple[str, str]]:
    return [("", ""), *((dimension.value, code) for dimension, code in one.codes)]


def scalar(query: str) -> object:
    with unit_of_work(readonly=True):
        return session().execute(text(query)).scalar_one()


@pytest.mark.usefixtures("city_database")
def test_every_subject_and_product_counts_as_the_plain_evaluator_counts() -> None:
    with unit_of_work():
        prepared = coverage_count.prepare(HOUSE, as_of=REFERENCE_DATE, demonstration=True)
    counted = coverage_count.work_out(prepared)
    assert counted == coverage_count.work_out(prepared, by=NUMPY)
    offers = prepared.plan.offers
    ways = ways_of(offers)
    found: Counter[tuple[str, str, str, str, Verdict]] = Counter()
    for one in prepared.people:
        best = best_of(ways, one.facts)
        found.update((one.place, *group, shelf, verdict) for group in codes_of(one) for shelf, verdict in best.items())
    assert counted.subjects == len(prepared.people) == 300
    assert len(offers) == len(counted.products) > 150
    for product in counted.products:
        for place, pair in product.by_place.items():
            assert pair == tuple(found[place, "", "", f"product {product.code}", each] for each in BEST[:2])
    for group in counted.groups:
        for shelf, pair in group.by_shelf.items():
            met, open_, none = (found[group.place, group.dimension, group.code, shelf, each] for each in BEST)
            assert (pair, group.subjects) == ((met, open_), met + open_ + none), (group, shelf)


def test_the_demonstration_is_counted_when_it_is_loaded(visit: CityVisit) -> None:
    visit.enter("official")
    html = visit.send("matching.coverage").get_data(as_text=True)
    assert "提出经营或信用条件的产品" in html
    assert "个体工商户" in html
    assert re.search(r"截至 2026\s?年", html)
    assert re.search(r'class="page-header__actions">.*?演示', html, re.DOTALL)
    assert scalar("SELECT count(*) FROM audit_row WHERE name = 'coverage.counted'") == 1
    reads = "SELECT count(*) FROM credit_profile_access WHERE purpose = 'match_everyone' AND detail LIKE 'coverage%'"
    assert scalar(reads) == 1


def test_another_shelf_says_how_it_is_covered(visit: CityVisit) -> None:
    visit.enter("official")
    html = visit.send("matching.coverage", query={"shelf": "tax_loan"}).get_data(as_text=True)
    assert "<h2>税务贷款</h2>" in html
    assert 'aria-current="true">税务贷款</a>' in html
    english = visit.client.get("/official/coverage?shelf=no-such-shelf")
    assert english.status_code == 200


@pytest.mark.usefixtures("city_database")
def test_a_districts_official_sees_that_district_alone() -> None:
    with unit_of_work(readonly=True):
        city = coverage.coverage(official("360100"), ALL, demonstration=True)
        parts = [
            coverage.coverage(official(line.code), ALL, demonstration=True)
            for line in city.book.by[Dimension.DISTRICT]
            if line.code != "unknown"
        ]
        for part in parts:
            (own,) = part.book.by[Dimension.DISTRICT]
            assert own.figures == part.book.whole.figures
            assert own in city.book.by[Dimension.DISTRICT]
        numbers = [part.book.whole.figures[Stage.SUBJECTS].value for part in parts]
        assert 0 < sum(numbers) <= city.book.whole.figures[Stage.SUBJECTS].value == 300
        with pytest.raises(PermissionMissing):
            coverage.coverage(Actor(name="clerk", region="360100"), ALL, demonstration=True)


def test_a_districts_page_names_its_district(visit: CityVisit) -> None:
    visit.people["official"] = new_person("official", region="360113")
    visit.enter("official")
    html = visit.send("matching.coverage").get_data(as_text=True)
    assert "这里只统计登记在红谷滩区的主体。" in html
    assert "安义县" not in html


def test_small_numbers_of_real_subjects_are_not_told(visit: CityVisit) -> None:
    with unit_of_work():
        session().execute(text("UPDATE coverage_result SET demonstration = false"))
    visit.enter("official")
    html = visit.send("matching.coverage", query={"shelf": "tax_loan"}).get_data(as_text=True)
    cells = re.findall(
        r'<td class="number" data-label="(?:统计的主体|至少符合一个|只有可能符合|都不符合)">([^<]*)<', html
    )
    assert HIDDEN in cells
    assert not {"1", "2"} & {cell.strip() for cell in cells}
    assert "真实数据中少于 20 的" in html
    assert all(cell.strip() in {HIDDEN, "0"} or cell.strip().endswith("0") for cell in cells)
    with unit_of_work(readonly=True):
        row = stored.newest(demonstration=False)
        assert row is not None
        few = [one for one in counted_of(row.document).groups if one.subjects < 3]
        assert few, "the demonstration has groups of one or two"


def test_before_anything_was_counted_the_page_says_how_it_is(visit: CityVisit) -> None:
    with unit_of_work():
        session().execute(text("DELETE FROM coverage_result"))
    visit.enter("official")
    html = visit.send("matching.coverage").get_data(as_text=True)
    assert "还没有统计供给覆盖" in html
    assert "finmart match coverage" in html


@pytest.mark.usefixtures("city_database")
def test_the_nightly_job_counts_again_as_of_today() -> None:
    with unit_of_work():
        jobs.count_coverage_nightly()
    outbox.drain()
    with unit_of_work(readonly=True):
        assert session().execute(text("SELECT count(*), max(as_of) FROM coverage_result")).one()[0] == 1
        row = stored.newest(demonstration=True)
        assert row is not None
        assert (row.as_of, row.demonstration) == (today(), True)
        assert scalar("SELECT count(*) FROM outbox_row WHERE done_at IS NULL AND name = 'matching.coverage'") == 0


@pytest.mark.usefixtures("city_database")
def test_before_the_first_profile_the_job_has_nothing_to_count() -> None:
    with unit_of_work(readonly=True):
        assert coverage_count.prepare_tonight(HOUSE, as_of=REFERENCE_DATE - timedelta(days=4000)) is None
