"""Signing in: who gets in, who waits, and that a stranger learns nothing."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from sqlalchemy import select, text

from finmart.platform.accounts.models.users import UnknownPhone, User
from finmart.platform.accounts.service import directory, passwords
from finmart.platform.accounts.service.attempts import MAX_FAILURES, PAUSE
from finmart.platform.accounts.service.sessions import load_actor
from finmart.platform.accounts.service.sign_in import sign_in
from finmart.platform.accounts.types.errors import AccountBlocked, SignInPaused, SignInRefused
from finmart.platform.audit.models import AuditRow
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.errors import FinmartError
from tests.factories import accounts as made

pytestmark = pytest.mark.usefixtures("database")

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
WRONG = "wrong-password-1"


def _try(phone: str, password: str = WRONG) -> FinmartError | None:
    """One try at the edge: refused tries are kept."""
    refusal: FinmartError | None = None
    with unit_of_work():
        try:
            sign_in(phone=phone, password=password, device=made.DEVICE)
        except FinmartError as error:
            refusal = error
    return refusal


def _account() -> str:
    phone = made.new_phone()
    with unit_of_work():
        made.signed_up(phone=phone)
    return phone


def test_the_right_password_opens_a_session() -> None:
    phone = _account()
    with unit_of_work():
        opened = sign_in(phone=f"{phone[:3]} {phone[3:]}", password=made.PASSWORD, device=made.DEVICE)
        actor = load_actor(opened.token)
        assert actor is not None
        assert actor.user_id == opened.user_id
        assert actor.role == "applicant_owner"
        assert load_actor(opened.token + "x") is None


def test_the_phone_pauses_after_too_many_wrong_passwords_and_opens_again() -> None:
    phone = _account()
    with time_machine.travel(NOW, tick=False) as clock:
        kinds = [type(_try(phone)) for _ in range(MAX_FAILURES + 1)]
        assert kinds == [SignInRefused] * MAX_FAILURES + [SignInPaused]
        assert isinstance(_try(phone, made.PASSWORD), SignInPaused)
        clock.shift(PAUSE - timedelta(seconds=1))
        assert isinstance(_try(phone, made.PASSWORD), SignInPaused)
        clock.shift(timedelta(seconds=2))
        assert _try(phone, made.PASSWORD) is None
    with unit_of_work(readonly=True):
        failures = session().scalars(select(AuditRow).where(AuditRow.name == "user.sign_in_failed")).all()
        assert [row.payload["locked"] for row in failures] == [False] * (MAX_FAILURES - 1) + [True]


def test_a_phone_without_an_account_answers_the_same() -> None:
    known, unknown = _account(), made.new_phone()
    answers = {}
    for phone in (known, unknown):
        with time_machine.travel(NOW, tick=False):
            answers[phone] = [str(_try(phone)) for _ in range(MAX_FAILURES + 2)]
    assert answers[known] == answers[unknown]


def test_a_phone_without_an_account_costs_the_same_effort(monkeypatch: pytest.MonkeyPatch) -> None:
    known, unknown = _account(), made.new_phone()
    passwords.spend_the_same_effort("warm up the decoy")
    verified: list[str] = []
    real = passwords._Holder.hasher

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            verified.append(stored.split("$")[1])
            return real.verify(stored, password)

    monkeypatch.setattr(passwords._Holder, "hasher", Counting())
    effort = []
    for phone in (known, unknown, "not a phone"):
        verified.clear()
        _try(phone)
        effort.append(list(verified))
    assert effort == [["argon2id"], ["argon2id"], ["argon2id"]]


def test_a_success_forgets_earlier_failures() -> None:
    phone = _account()
    for _ in range(MAX_FAILURES - 1):
        _try(phone)
    assert _try(phone, made.PASSWORD) is None
    for _ in range(MAX_FAILURES - 1):
        assert isinstance(_try(phone), SignInRefused)
    assert _try(phone, made.PASSWORD) is None


def test_failures_far_apart_are_no_attack() -> None:
    phone = _account()
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(MAX_FAILURES * 2):
            assert isinstance(_try(phone), SignInRefused)
            clock.shift(timedelta(hours=25))


def test_counters_of_unknown_phones_are_dropped_in_time() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        _try(made.new_phone())
        clock.shift(timedelta(days=3))
        _try(made.new_phone())
    with unit_of_work(readonly=True):
        assert len(session().scalars(select(UnknownPhone)).all()) == 1


def test_a_locked_account_is_told_only_to_its_owner() -> None:
    phone = _account()
    with unit_of_work():
        operator = made.member("operator")
        found = directory.find_by_phone(operator, phone)
        directory.lock_user(operator, found.public_id, reason="本人报失手机")
    assert isinstance(_try(phone), SignInRefused)
    assert isinstance(_try(phone, made.PASSWORD), AccountBlocked)
    with unit_of_work():
        directory.unlock_user(operator, found.public_id)
    assert _try(phone, made.PASSWORD) is None


def test_an_old_hash_is_renewed_at_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    phone = _account()
    with unit_of_work(readonly=True):
        before = session().scalars(select(User.password_hash)).one()
    monkeypatch.setattr(passwords._Holder, "hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert _try(phone, made.PASSWORD) is None
    with unit_of_work(readonly=True):
        after = session().scalars(select(User.password_hash)).one()
    assert before != after
    assert "t=2" in after


def test_what_a_person_is_called_is_ciphertext_in_the_table() -> None:
    phone = _account()
    with unit_of_work(readonly=True):
        row = session().execute(text("SELECT name, phone, phone_index, password_hash FROM user_account")).one()
        assert phone.encode() not in bytes(row.phone)
        assert phone not in row.phone_index
        assert "万里行".encode() not in bytes(row.name)
        assert row.password_hash.startswith("$argon2id$")
