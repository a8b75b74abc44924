"""A week of the city: its demands add up, nobody is ownerless, and the recount can find a wrong figure."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from finmart.demo import members
from finmart.demo.city.subjects import subjects
from finmart.demo.week import asking, story
from finmart.demo.week.outcome import Outcome, outcome
from finmart.demo.week.recount import differing
from finmart.matching.insights.service.figures import count_figures
from finmart.platform.authz.permissions import Permission
from finmart.platform.db.engine import make_engine
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.kernel.actor import system_actor
from tests.fixtures.city import City
from tests.fixtures.databases import copied, in_use

DEMANDS = 40
REGISTRAR = system_actor("test", "a week", frozenset({Permission.ALL_ORGANISATIONS_MANAGE}))


@pytest.fixture(scope="module")
def week(city: City, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """A week of forty demands in a copy of the city, counted."""
    folder: Path = tmp_path_factory.mktemp("week")
    with copied(city.engine, folder) as url:
        engine = make_engine(url)
        with in_use(Database(engine)):
            with unit_of_work():
                ids = members.ensure_subjects(REGISTRAR, subjects())
                organisations = members.ensure_applicants(asking.drawn(11, DEMANDS), ids)
            played = story.play(11, DEMANDS, organisations, ids, lambda _line: None)
            with unit_of_work():
                count_figures(REGISTRAR)
            with unit_of_work(readonly=True):
                found = outcome(asker.public_id for asker in played.askers)
            yield found
        engine.dispose()


def test_every_demand_ends_in_one_way_or_is_open(week: Outcome) -> None:
    assert week.demands == DEMANDS
    assert week.funded + week.declined + week.withdrawn + week.expired + week.open == DEMANDS
    assert week.funded > 0


def test_nobody_is_ownerless_and_every_decline_is_coded(week: Outcome) -> None:
    assert (week.ownerless, week.declined_uncoded) == (0, 0)


@pytest.mark.usefixtures("week")
def test_the_recount_gives_every_figure() -> None:
    with unit_of_work(readonly=True):
        assert differing() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE insight_demand SET answered = NOT answered WHERE id = (SELECT min(id) FROM insight_demand)",
        "UPDATE insight_demand SET funded_amount = funded_amount + 1 WHERE id = "
        "(SELECT min(id) FROM insight_demand WHERE funded)",
        "DELETE FROM insight_lead WHERE id = (SELECT max(id) FROM insight_lead)",
        "UPDATE insight_lead SET reason = 'other' WHERE id = (SELECT min(id) FROM insight_lead WHERE declined)",
    ],
)
@pytest.mark.usefixtures("week")
def test_the_recount_finds_a_wrong_figure(wrong: str) -> None:
    class Undone(Exception):
        """Leaves the unit of work without a commit."""

    with pytest.raises(Undone), unit_of_work():
        session().execute(text(wrong))
        assert differing() > 0
        raise Undone
