"""What results show, what is opened from them, what is applied for; and readings of product pages."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from finmart.matching import repository as runs
from finmart.matching.demands.types.values import NewDemand
from finmart.matching.engine.rows import Row, load_row
from finmart.matching.exposure import repository as exposures
from finmart.matching.exposure import service as exposure
from finmart.matching.exposure.types import Noted
from finmart.matching.insights.service import exposure as figures
from finmart.matching.insights.service import outcomes
from finmart.matching.insights.service.figures import count_figures
from finmart.matching.insights.types.exposure import Measure
from finmart.matching.leads.models import Lead
from finmart.matching.leads.service import applicant
from finmart.matching.learning.types import TooLittle
from finmart.matching.rulesets import repository as rules
from finmart.matching.rulesets import service as rulesets
from finmart.matching.service import demands as matching
from finmart.matching.types.errors import RunUnknown
from finmart.platform.authz.roles import permissions_of
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.kernel.actor import VISITOR, Actor, system_actor
from finmart.platform.kernel.clock import now, today
from finmart.products.readings import service as readings
from tests.factories.leads import WAN, Desk, desks, draft
from tests.factories.leads import applicant as signed_up
from tests.fixtures.databases import rolled_back
from tests.fixtures.stock import Stock

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
TESTS = system_actor("test", "a test")
OFFICIAL = Actor(
    name="official",
    user_id=1,
    organisation_kind="government",
    region="360100",
    permissions=permissions_of("official"),
)


@pytest.fixture(autouse=True)
def world(stock: Stock) -> Iterator[Database]:
    """The catalogue's database; what the test writes is rolled back, what others noted is written away first."""
    with rolled_back(stock.engine) as current:
        exposure.flush()
        readings.flush()
        yield current


def asked() -> tuple[Actor, str, str, list[Row]]:
    """An applicant, its demand, the demand's run, and the run's rows."""
    with unit_of_work():
        actor = signed_up()
        demand = draft(actor)
        run = matching.rematch(actor, demand).public_id
        found = runs.run_by_public_id(run)
        assert found is not None
        return actor, demand, run, [load_row(row) for row in found.rows]


def test_a_showing_counts_once_and_keeps_its_first_opening() -> None:
    actor, _demand, run, rows = asked()
    exposure.note_shown(run, rows[:10])
    exposure.note_shown(run, rows[:10])
    with unit_of_work(readonly=True):
        exposure.note_opened(actor, run, rows[2].code)
    assert exposure.flush() == 21
    exposure.note_shown(run, rows[:3])
    with unit_of_work(readonly=True):
        exposure.note_opened(actor, run, rows[2].code)
    exposure.flush()
    with unit_of_work(readonly=True):
        number = runs.run_by_public_id(run)
        assert number is not None
        found = exposures.rows_of_runs([number.id])
        assert [(one.product_code, one.place) for one in found] == [(row.code, row.place) for row in rows[:10]]
        assert [one.opened_at is not None for one in found] == [False, False, True, *[False] * 7]


def test_an_opening_may_be_written_before_its_showing() -> None:
    _actor, _demand, run, rows = asked()
    with unit_of_work():
        exposures.write([Noted(run, rows[4].code, now(), opened=True)])
        exposures.write([Noted(run, rows[4].code, now(), version=rows[4].version, place=5)])
    with unit_of_work(readonly=True):
        number = runs.run_by_public_id(run)
        assert number is not None
        (found,) = exposures.rows_of_runs([number.id])
        assert (found.place, found.product_version, found.opened_at is not None) == (5, rows[4].version, True)


def test_a_run_that_is_not_there_is_left_out() -> None:
    with unit_of_work():
        exposures.write([Noted("000000000000", "nothing", now(), place=1)])


def test_nobody_opens_from_anothers_result() -> None:
    _actor, _demand, run, rows = asked()
    with unit_of_work(), pytest.raises(RunUnknown):
        exposure.note_opened(signed_up(), run, rows[0].code)


def test_an_application_names_the_run_before_it() -> None:
    actor, demand, run, _rows = asked()
    with unit_of_work():
        lead = applicant.apply(actor, demand, product_code=desks()[0].product)
        kept = session().scalar(select(Lead).where(Lead.public_id == lead))
        named = runs.run_by_public_id(run)
        assert kept is not None
        assert named is not None
        assert kept.run_id == named.id


def test_small_numbers_of_needs_are_hidden_and_readings_are_not() -> None:
    with unit_of_work():
        count_figures(TESTS)
    desk = desks_of_first()
    for number in range(4):
        actor, demand, run, rows = asked()
        shown = [row for row in rows if row.code == desk.product]
        exposure.note_shown(run, shown)
        with unit_of_work():
            if number == 0:
                applicant.apply(actor, demand, product_code=desk.product)
    readings.note_reading(VISITOR, desk.product, agent=BROWSER)
    assert (exposure.flush(), readings.flush()) == (4, 1)
    with unit_of_work(readonly=True):
        _span, own = figures.own_product(desk.actor, desk.product)
        assert (own.reads, own.line.figures[Measure.SHOWN].shown) == (1, "4")
        assert own.line.figures[Measure.APPLIED].shown == "*"
        found = figures.exposure(OFFICIAL, 30, demonstration=False)
        (mine,) = [one for one in found.institutions if one.code == desk.code]
        assert mine.line.figures[Measure.SHOWN].shown == "4"
        assert mine.line.figures[Measure.APPLIED].shown == "*"
        assert found.whole.figures[Measure.APPLIED].shown == "*", "the sum of hidden figures is hidden too"
        assert figures.exposure(OFFICIAL, 30, demonstration=True).whole.figures[Measure.SHOWN].shown == "0"


def test_what_an_account_of_the_demonstration_asks_for_counts_as_the_demonstrations() -> None:
    desk = desks_of_first()
    with unit_of_work():
        actor = signed_up(demonstration=True)
        demand = matching.new_demand(actor, NewDemand(50 * WAN, 12, "working_capital", ("credit",), "360113", "open"))
        run = runs.latest_runs_of_demands([demand.id])[demand.id]
        exposure.note_shown(run.public_id, [load_row(row) for row in run.rows])
        exposure.note_opened(actor, run.public_id, desk.product)
        lead = applicant.apply(actor, demand.public_id, product_code=desk.product)
        assert demand.demonstration
        assert run.demonstration
        assert session().scalars(select(Lead.demonstration).filter_by(public_id=lead)).one()
    exposure.flush()
    with unit_of_work():
        count_figures(TESTS)
        real = figures.exposure(OFFICIAL, 30, demonstration=False).whole
        assert {figure.shown for figure in real.figures.values()} == {"0"}
        theirs = figures.exposure(OFFICIAL, 30, demonstration=True).whole
        told = [theirs.figures[one].shown for one in (Measure.SHOWN, Measure.OPENED, Measure.APPLIED)]
        assert told == ["1", "1", "1"]


def desks_of_first() -> Desk:
    """The first connected institution."""
    with unit_of_work(readonly=True):
        return desks()[0]


def test_readings_are_counts_of_people_alone() -> None:
    firm = Actor(name="firm", user_id=7, organisation_kind="applicant")
    clerk = Actor(name="clerk", user_id=8, organisation_kind="institution")
    for actor, agent in ((VISITOR, BROWSER), (VISITOR, BROWSER), (firm, BROWSER), (clerk, BROWSER), (VISITOR, "")):
        readings.note_reading(actor, "some-product", agent=agent)
    for agent in ("Googlebot/2.1", "curl/8.0", "python-requests/2", "HeadlessChrome/140"):
        readings.note_reading(VISITOR, "some-product", agent=agent)
    readings.flush()
    readings.note_reading(VISITOR, "some-product", agent=BROWSER)
    readings.flush()
    with unit_of_work(readonly=True):
        found = readings.readings(since=today() - timedelta(days=1), until=today(), codes=["some-product"])
        assert found == {"some-product": {"public": 3, "applicant": 1}}


def test_training_on_too_little_names_the_number() -> None:
    with unit_of_work(), pytest.raises(TooLittle, match="至少要有100笔"):
        outcomes.train(TESTS)
    with unit_of_work(readonly=True):
        answer = outcomes.evaluate()
        assert (answer["likelihood"]["trained"], answer["ranking"]["firms"]) == (False, 0)


def test_a_learned_draft_ranks_nothing() -> None:
    with unit_of_work():
        before = rulesets.active()
        strength = {"fit": 0.1, "not_met": 0.5, "unknown": 0.9}
        document = rulesets.keep_learned_draft(strength, {"decisions": 120}, author_id=None)
        assert rules.committed(version=document["version"]) is None
        assert rulesets.active() == before
        keys = [entry["key"] for entry in document["criteria"]]
        assert keys[0] == "verdict"
        assert keys.index("unknown") < keys.index("not_met") < keys.index("fit")
        assert document["learned"] == {"decisions": 120, "from_version": before.version}
