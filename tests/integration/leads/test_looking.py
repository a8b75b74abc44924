"""An overdue demand is looked at once a day, however often the house looks and however long nobody works."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from finmart.matching import jobs
from finmart.matching.leads.service import applicant
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.jobs.models import OutboxRow
from finmart.platform.jobs.outbox import drain
from finmart.platform.kernel.clock import told_by
from tests.factories.leads import Calendar, desks, draft
from tests.factories.leads import applicant as new_applicant
from tests.fixtures.databases import rolled_back
from tests.fixtures.stock import Stock

LATE = 3


@pytest.fixture
def calendar(stock: Stock) -> Iterator[Calendar]:
    """Monday 2 November 2026 on the catalogue's database; what the test writes is rolled back."""
    told = Calendar()
    with rolled_back(stock.engine), told_by(told):
        yield told


def _looked() -> int:
    """How often a look has been written down, after the house has looked twice more."""
    for _look in range(2):
        with unit_of_work():
            jobs.look_at_clocks()
    with unit_of_work(readonly=True):
        query = select(func.count()).select_from(OutboxRow).where(OutboxRow.name == "leads.pass_time")
        return session().scalar(query) or 0


def test_an_overdue_demand_is_looked_at_once_a_day(calendar: Calendar) -> None:
    with unit_of_work():
        owner = new_applicant()
        applicant.apply(owner, draft(owner), product_code=desks()[0].product)
    assert _looked() == 0
    calendar.pass_days(LATE)
    assert _looked() == 1
    drain()
    assert _looked() == 1, "today has been done"
    calendar.pass_days(1)
    assert _looked() == 2
    calendar.pass_days(1)
    assert _looked() == 2, "yesterday's still waits"
    drain()
    calendar.pass_days(1)
    assert _looked() == 3
