"""Sessions end by time; on a database of their own, because being seen is committed after a reader's end."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from finmart.platform.accounts.service import sessions
from finmart.platform.accounts.service.sign_in import sign_in
from finmart.platform.db.session import unit_of_work
from tests.factories import accounts as made

pytestmark = pytest.mark.usefixtures("own_database")

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def _token(phone: str) -> str:
    return sign_in(phone=phone, password=made.PASSWORD, device=made.DEVICE).token


@pytest.mark.parametrize(
    ("role", "idle"),
    [("applicant_owner", 7 * 24 * 60), ("institution_clerk", 30), ("official", 30), ("operator", 30), ("supplier", 30)],
)
def test_an_unused_session_ends_by_itself(role: str, idle: int) -> None:
    phone = made.new_phone()
    with time_machine.travel(NOW, tick=False) as clock:
        with unit_of_work():
            made.member(role, phone=phone)
            token = _token(phone)
        clock.shift(timedelta(minutes=idle))
        with unit_of_work(readonly=True):
            assert sessions.load_actor(token) is not None  # Being seen is written after this reader.
        clock.shift(timedelta(minutes=idle - 1))
        with unit_of_work(readonly=True):
            assert sessions.load_actor(token) is not None
        clock.shift(timedelta(minutes=idle + 1))
        with unit_of_work(readonly=True):
            assert sessions.load_actor(token) is None


def test_a_session_ends_after_its_lifetime_however_much_it_is_used() -> None:
    phone = made.new_phone()
    with time_machine.travel(NOW, tick=False) as clock:
        with unit_of_work():
            made.signed_up(phone=phone)
            token = _token(phone)
        for _ in range(13):
            clock.shift(timedelta(days=1))
            with unit_of_work(readonly=True):
                assert sessions.load_actor(token) is not None
        clock.shift(timedelta(days=1, seconds=1))
        with unit_of_work(readonly=True):
            assert sessions.load_actor(token) is None
