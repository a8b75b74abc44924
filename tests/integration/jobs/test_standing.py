"""How the work stands: what waits, what failed, and whether anybody does it."""

from datetime import timedelta

import pytest

from finmart.platform.db.session import unit_of_work
from finmart.platform.jobs import outbox, registry
from finmart.platform.jobs.models import Lease, OutboxRow
from finmart.platform.jobs.standing import STUCK_AFTER, Standing, standing
from finmart.platform.kernel.clock import now

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

PERIODIC = "test.nightly"


@pytest.fixture(autouse=True)
def one_periodic(monkeypatch: pytest.MonkeyPatch) -> None:
    """No periodic job but one of the test's own."""
    for name in list(registry.PERIODIC):
        monkeypatch.delitem(registry.PERIODIC, name)
    monkeypatch.setitem(registry.PERIODIC, PERIODIC, registry.Periodic(PERIODIC, timedelta(days=1), lambda: None))


def _now() -> Standing:
    with unit_of_work(readonly=True):
        return standing()


def test_nothing_waits_and_nothing_is_late() -> None:
    assert _now() == Standing(0, 0, 0, 0, (), ())
    assert not _now().is_stuck


def test_what_is_due_for_long_is_done_by_nobody() -> None:
    with unit_of_work() as current:
        outbox.enqueue("test.work", {})
        outbox.enqueue("test.work", {}, after=timedelta(hours=1))
        outbox.enqueue("test.work", {})
        current.flush()
        current.query(OutboxRow).order_by(OutboxRow.id.desc()).first().failed_at = now()  # type: ignore[union-attr]
    found = _now()
    assert (found.due, found.later, found.failed, found.is_stuck) == (1, 1, 1, False)
    with unit_of_work() as current:
        current.query(OutboxRow).order_by(OutboxRow.id).first().run_after = now() - 2 * STUCK_AFTER  # type: ignore[union-attr]
    assert _now().late_seconds >= 2 * STUCK_AFTER.total_seconds()
    assert _now().is_stuck


def test_a_periodic_job_that_nobody_began_is_late() -> None:
    with unit_of_work() as current:
        lease = Lease(name=PERIODIC, until=now() + timedelta(hours=1), failed_at=now(), error="ValueError")
        current.add(lease)
    assert (_now().periodic_late, _now().periodic_failed) == ((), (PERIODIC,))
    with unit_of_work() as current:
        current.get_one(Lease, PERIODIC).until = now() - 2 * STUCK_AFTER
        current.get_one(Lease, PERIODIC).ran_at = now()
    assert (_now().periodic_late, _now().periodic_failed) == ((PERIODIC,), ())
    assert _now().is_stuck
