"""Sessions, links and codes are deleted half a year after they were over, and not before."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from finmart.platform.accounts.jobs import KEPT, forget_old_entries
from finmart.platform.accounts.models.users import OneTimeLink, ResetCode, UserSession
from finmart.platform.accounts.service import reset, sessions
from finmart.platform.accounts.service.directory import find_by_phone
from finmart.platform.db.session import session, unit_of_work
from tests.factories import accounts as made

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def _counts() -> list[int]:
    kinds = (UserSession, OneTimeLink, ResetCode)
    return [session().scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds]


@pytest.mark.usefixtures("database")
def test_what_is_over_for_half_a_year_goes() -> None:
    with time_machine.travel(NOW, tick=False) as clock, unit_of_work():
        phone = made.new_phone()
        sessions.sign_out(made.signed_up(phone=phone))
        reset.issue_reset_link(made.TESTS, find_by_phone(made.TESTS, phone).public_id)
        reset.request_code(phone)
        clock.shift(timedelta(hours=1))
        made.signed_up()
        assert _counts() == [2, 1, 1]
        clock.move_to(NOW + KEPT - timedelta(minutes=1))
        forget_old_entries()
        assert _counts() == [2, 1, 1]
        clock.move_to(NOW + KEPT + timedelta(minutes=30))
        forget_old_entries()
        assert _counts() == [1, 1, 0]
        clock.move_to(NOW + KEPT + timedelta(days=15))
        forget_old_entries()
        assert _counts() == [0, 0, 0]
