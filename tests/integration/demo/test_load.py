"""The whole city as ``finmart demo load`` leaves it, and what a second load does to it."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from finmart.credit.service import deliveries
from finmart.credit.types.states import BatchState
from finmart.demo import signins
from finmart.demo.city.demands import demands
from finmart.demo.city.people import applicants, staff
from finmart.demo.load import ORDER, PENDING_CLAIMS, load_city
from finmart.matching.demands.models import Demand
from finmart.matching.exposure.models import MatchExposure
from finmart.matching.insights.service import outcomes
from finmart.matching.leads.models import Lead
from finmart.matching.leads.types.states import Channel
from finmart.matching.models import MatchRun
from finmart.platform.accounts.models.subjects import Subject, SubjectClaim
from finmart.platform.authz.roles import permissions_of
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from tests.fixtures.city import City

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("city_database")]
OPERATOR = Actor(name="operator", user_id=1, role="operator", permissions=permissions_of("operator"))


def silent(_text: str) -> None:
    """Say nothing."""


def test_every_delivery_is_published_and_accounts_for_every_row() -> None:
    with unit_of_work(readonly=True):
        found = deliveries.list_batches(OPERATOR).items
    assert {batch.dataset for batch in found} == set(ORDER)
    for batch in found:
        assert batch.state is BatchState.PUBLISHED
        assert batch.demonstration
        assert batch.rows_read == batch.rows_stored + batch.rows_duplicate + batch.rows_quarantined
        assert batch.open_quarantine == batch.rows_quarantined > 0


def test_everything_is_flagged_and_every_demand_has_its_run() -> None:
    with unit_of_work(readonly=True):
        asked = list(session().scalars(select(Demand)))
        matched = set(session().scalars(select(MatchRun.demand_id)))
        states = dict(session().execute(select(SubjectClaim.state, func.count()).group_by(SubjectClaim.state)).all())
        flags = set(session().scalars(select(Subject.demonstration)))
        assert flags == {True}
        assert len(asked) == len(demands()) >= 60
        assert all(demand.demonstration for demand in asked)
        assert matched >= {demand.id for demand in asked}
        assert {demand.state for demand in asked} == {"draft", "published", "funded"}
    assert states == {"verified": len(demands()), "pending": PENDING_CLAIMS}


def test_what_was_recorded_is_enough_to_judge_and_to_learn_by() -> None:
    with unit_of_work(readonly=True):
        applied = list(session().execute(select(Lead.run_id, Lead.product_code).where(Lead.channel == Channel.DIRECT)))
        rows = session().execute(select(MatchExposure.run_id, MatchExposure.product_code, MatchExposure.opened_at))
        opened: dict[tuple[int | None, str], bool] = {(run, code): at is not None for run, code, at in rows}
        answer = outcomes.evaluate()
    assert all(run for run, _code in applied)
    read = [opened[run, code] for run, code in applied if (run, code) in opened]
    # Most of what was applied for stood in the result that was read, and was opened from there.
    assert len(read) > 0.75 * len(applied)
    assert all(read)
    data, likely = answer["data"], answer["likelihood"]
    # Some decisions are of products that were applied for from elsewhere, so more may be decided than was opened.
    opened_first = {(run, code) for run, code in applied if (run, code) in opened}
    assert data["shown"] > data["opened"] >= len(opened_first)
    assert data["decisions"] >= outcomes.FEWEST_DECISIONS
    assert None not in answer["ranking"].values()
    assert likely["trained"]
    assert None not in likely.values()
    assert all(likely["by_segment"][name] for name in outcomes.SEGMENTS)
    assert answer["ranking_by_segment"]["kind"]
    told = list(outcomes.sentences(answer))
    assert any("by district" in line for line in told)
    # What runs knew of the firms is read: a constant column would tell nothing.
    with unit_of_work():
        columns = outcomes.train(OPERATOR)["learned"]["likelihood"]["columns"]
    assert all(c["scale"] not in {0.0, 1.0} for c in columns if c["name"] in {"years_established", "tax_grade"})


def test_a_second_load_adds_nothing_but_new_passwords(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FINMART_DATA", str(city.settings.data))  # Where the stored rows lie.
    first = (city.settings.data / signins.FILE).read_text(encoding="utf-8")
    second = load_city(replace(city.settings, data=tmp_path), silent)
    assert all(counts["rows_stored"] == counts["profiles"] == 0 for counts in second.imports.values())
    assert {second.counts[name] for name in ("demands", "declared", "applications", "decided_before")} == {0}
    assert second.counts["accounts"] == len(staff()) + len(applicants()) == len(second.signins)
    now = (tmp_path / signins.FILE).read_text(encoding="utf-8")
    assert all(one.phone in first and one.password in now and one.password not in first for one in second.signins)
