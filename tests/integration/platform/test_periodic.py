"""Work that comes back: one failure stops nobody else and is tried again soon; a round that fails is not the last."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from finmart.platform.db.session import unit_of_work
from finmart.platform.jobs import outbox, registry, runner
from finmart.platform.jobs.models import Lease
from finmart.platform.kernel.clock import now

DAY = timedelta(days=1)


@pytest.fixture
def periodic(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two daily jobs, of which the first fails; returns what was tried."""
    tried: list[str] = []

    def broken() -> None:
        tried.append("broken")
        raise ValueError("13800000000")

    monkeypatch.setattr(registry, "PERIODIC", {})
    monkeypatch.setattr(runner, "PERIODIC", registry.PERIODIC)
    registry.periodic("broken", DAY)(broken)
    registry.periodic("sound", DAY)(lambda: tried.append("sound"))
    return tried


def _let_pass(name: str, passed: timedelta) -> None:
    with unit_of_work() as current:
        current.get_one(Lease, name).until -= passed


@pytest.mark.database
@pytest.mark.usefixtures("database")
def test_a_job_that_fails_stops_no_other_and_is_tried_again_soon(
    periodic: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert runner.run_periodic() == ["sound"]
    assert periodic == ["broken", "sound"]
    assert "13800000000" not in capsys.readouterr().err
    with unit_of_work(readonly=True) as current:
        left = {name: current.get_one(Lease, name).until - now() for name in ("broken", "sound")}
    assert left["broken"] <= runner.RETRY < left["sound"] <= DAY
    assert runner.run_periodic() == []
    _let_pass("broken", runner.RETRY)
    assert runner.run_periodic() == []
    assert periodic == ["broken", "sound", "broken"]


def test_the_worker_outlives_a_database_that_was_away(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[int] = []

    def away() -> int:
        rounds.append(len(rounds))
        raise OperationalError("select", {}, OSError())

    monkeypatch.setattr(outbox, "drain", away)
    runner.work_until(lambda: len(rounds) == 3, pause=0)
    assert rounds == [0, 1, 2]
