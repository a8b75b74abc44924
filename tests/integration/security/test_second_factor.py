"""The second step of signing in: each code once, few tries, recovery codes, reset by somebody else."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, text

from finmart.cli import main
from finmart.config import SettingError, load_settings
from finmart.platform.accounts.models.second_factor import RecoveryCode, SecondFactor
from finmart.platform.accounts.repository import users
from finmart.platform.accounts.service import directory, reset, second_factor, sessions
from finmart.platform.accounts.service.attempts import MAX_FAILURES, PAUSE
from finmart.platform.accounts.service.sign_in import sign_in
from finmart.platform.accounts.types.errors import AccountBlocked, ReasonMissing, UserUnknown, WrongPassword
from finmart.platform.accounts.types.second_factor import (
    FactorCodeWrong,
    FactorOff,
    FactorOn,
    FactorPaused,
    OwnFactor,
    SecondStep,
    SecondStepNeeded,
    SecondStepOver,
)
from finmart.platform.accounts.types.values import OpenSession
from finmart.platform.audit.models import AuditRow
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.authz.roles import SECOND_FACTOR_ROLES
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.kernel.actor import VISITOR, Actor
from tests.factories import accounts as made
from tests.factories.second_factor import code_of, enrol

NOW = datetime(2026, 11, 20, 4, 0, 10, tzinfo=UTC)


@pytest.fixture
def phone() -> str:
    return made.new_phone()


@pytest.fixture
def clock(database: Database) -> Iterator[time_machine.Traveller]:  # noqa: ARG001
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def _step(phone: str) -> SecondStep:
    with pytest.raises(SecondStepNeeded) as needed:
        sign_in(phone=phone, password=made.PASSWORD, device=made.DEVICE)
    return needed.value.step


def _finish(step: SecondStep, code: str) -> OpenSession:
    return second_factor.finish_sign_in(step, code=code, device=made.DEVICE)


def _user_id(actor: Actor) -> int:
    assert actor.user_id is not None
    return actor.user_id


@pytest.mark.usefixtures("clock")
def test_the_password_alone_opens_nothing(phone: str) -> None:
    with unit_of_work():
        actor = made.member("official", phone=phone)
        enrol(actor)
        step = _step(phone)
        opened = _finish(step, code_of(_user_id(actor)))
        assert sessions.load_actor(opened.token) is not None


def test_a_code_works_once_and_so_do_those_before_it(clock: time_machine.Traveller, phone: str) -> None:
    with unit_of_work():
        actor = made.member("official", phone=phone)
        enrol(actor)
        code, earlier = code_of(_user_id(actor)), code_of(_user_id(actor), steps=-1)
        assert _finish(_step(phone), code).token
        for spent in (code, earlier):
            with pytest.raises(FactorCodeWrong):
                _finish(_step(phone), spent)
        clock.shift(timedelta(seconds=30))
        assert _finish(_step(phone), code_of(_user_id(actor))).token


def test_a_clock_may_be_one_step_off_and_no_more(clock: time_machine.Traveller, phone: str) -> None:
    with unit_of_work():
        actor = made.member("official", phone=phone)
        enrol(actor)
        clock.shift(timedelta(minutes=5))
        for steps in (-2, 2):
            with pytest.raises(FactorCodeWrong):
                _finish(_step(phone), code_of(_user_id(actor), steps=steps))
        assert _finish(_step(phone), code_of(_user_id(actor), steps=-1)).token
        code = code_of(_user_id(actor), steps=1)
        assert _finish(_step(phone), f" {code[:3]} {code[3:]} ").token


def test_tries_are_few_and_the_right_code_waits_too(clock: time_machine.Traveller, phone: str) -> None:
    with unit_of_work():
        actor = made.member("institution_clerk", phone=phone)
        recovery = enrol(actor)
        for _try in range(MAX_FAILURES):
            with pytest.raises(FactorCodeWrong):
                _finish(_step(phone), "000000" if code_of(_user_id(actor)) != "000000" else "111111")
        for right in (code_of(_user_id(actor)), recovery[0]):
            with pytest.raises(FactorPaused):
                _finish(_step(phone), right)
        clock.shift(PAUSE + timedelta(seconds=1))
        assert _finish(_step(phone), code_of(_user_id(actor))).token
        names = list(session().scalars(select(AuditRow.name).order_by(AuditRow.id)))
        assert names.count("user.second_step_failed") == MAX_FAILURES


@pytest.mark.usefixtures("clock")
def test_each_recovery_code_works_once_however_it_is_typed(phone: str) -> None:
    with unit_of_work():
        actor = made.member("operator", phone=phone)
        codes = enrol(actor)
        assert len(set(codes)) == second_factor.CODES
        kept = session().scalars(select(RecoveryCode.code_index)).all()
        assert not {code.replace("-", "") for code in codes} & set(kept)
        assert _finish(_step(phone), codes[0].upper()).token
        assert _finish(_step(phone), f" {codes[1].replace('-', ' ')} ").token
        with pytest.raises(FactorCodeWrong):
            _finish(_step(phone), codes[0])
        assert second_factor.state(actor).codes_left == second_factor.CODES - 2
        renewed = second_factor.renew_codes(actor, code_of(_user_id(actor)))
        assert not set(renewed) & set(codes)
        with pytest.raises(FactorCodeWrong):
            _finish(_step(phone), codes[2])
        assert _finish(_step(phone), renewed[0]).token


@pytest.mark.usefixtures("clock")
def test_the_secret_is_ciphertext_at_rest(phone: str) -> None:
    with unit_of_work():
        actor = made.member("official", phone=phone)
        second_factor.begin(actor, password=made.PASSWORD)
        secret = second_factor.enrolment(actor).secret.replace(" ", "")
        raw = bytes(session().execute(text("SELECT secret FROM second_factor")).scalar_one())
        assert len(secret) == 32
        assert secret.encode() not in raw
        assert raw.split(b":", 1)[0] == b"k1"
        assert secret in second_factor.enrolment(actor).uri


def test_an_old_or_overtaken_first_step_is_over(clock: time_machine.Traveller, phone: str) -> None:
    with unit_of_work():
        actor = made.member("official", phone=phone)
        enrol(actor)
        step = _step(phone)
        clock.shift(second_factor.STEP_LIFE + timedelta(seconds=1))
        with pytest.raises(SecondStepOver):
            _finish(step, code_of(_user_id(actor)))
        step = _step(phone)
        clock.shift(timedelta(seconds=1))
        reset.change_password(actor, current=made.PASSWORD, password="river-stone-31")
        with pytest.raises(SecondStepOver):
            _finish(step, code_of(_user_id(actor)))
        with pytest.raises(SecondStepOver):
            _finish(SecondStep("nobody", NOW), "123456")


@pytest.mark.usefixtures("clock")
def test_a_locked_account_stays_locked(phone: str) -> None:
    with unit_of_work():
        actor = made.member("official", phone=phone)
        enrol(actor)
        step = _step(phone)
        found = directory.find_by_phone(made.TESTS, phone)
        directory.lock_user(made.TESTS, found.public_id, reason="设备遗失")
        with pytest.raises(AccountBlocked):
            _finish(step, code_of(_user_id(actor)))


@pytest.mark.usefixtures("clock")
def test_setting_up_needs_the_password_and_ends_other_sessions(phone: str) -> None:
    with unit_of_work():
        actor = made.member("official", phone=phone)
        elsewhere = sign_in(phone=phone, password=made.PASSWORD, device=made.DEVICE).token
        with pytest.raises(FactorOff):
            second_factor.enrolment(actor)
        with pytest.raises(WrongPassword):
            second_factor.begin(actor, password="wrong-password-1")
        second_factor.begin(actor, password=made.PASSWORD)
        first = second_factor.enrolment(actor).secret
        second_factor.begin(actor, password=made.PASSWORD)
        assert second_factor.enrolment(actor).secret != first
        with pytest.raises(FactorCodeWrong):
            second_factor.confirm(actor, "abc")
        assert sign_in(phone=phone, password=made.PASSWORD, device=made.DEVICE).token  # Not on until it is confirmed.
        second_factor.confirm(actor, code_of(_user_id(actor)))
        assert sessions.load_actor(elsewhere) is None
        with pytest.raises(FactorOn):
            second_factor.begin(actor, password=made.PASSWORD)
        with pytest.raises(FactorOff):
            second_factor.confirm(actor, code_of(_user_id(actor), steps=1))
        with pytest.raises(UserUnknown):
            second_factor.state(VISITOR)


@pytest.mark.usefixtures("clock")
def test_turning_it_off_needs_a_code(phone: str) -> None:
    with unit_of_work():
        actor = made.signed_up(phone=phone)
        codes = enrol(actor)
        with pytest.raises(FactorCodeWrong):
            second_factor.remove(actor, "999-wrong")
        second_factor.remove(actor, codes[0])
        assert session().scalars(select(SecondFactor)).all() == []
        assert session().scalars(select(RecoveryCode)).all() == []
        assert sign_in(phone=phone, password=made.PASSWORD, device=made.DEVICE).token


@pytest.mark.usefixtures("clock")
def test_the_operator_resets_others_and_not_themselves(phone: str) -> None:
    with unit_of_work():
        actor, operator = made.member("official", phone=phone), made.member("operator")
        enrol(actor)
        enrol(operator)
        user = users.user_by_phone(phone)
        assert user is not None
        own = users.user_by_id(_user_id(operator))
        assert own is not None
        token = _finish(_step(phone), code_of(user.id)).token
        with pytest.raises(PermissionMissing):
            second_factor.reset_for(actor, user.public_id, reason="手机丢失")
        with pytest.raises(OwnFactor):
            second_factor.reset_for(operator, own.public_id, reason="手机丢失")
        with pytest.raises(ReasonMissing):
            second_factor.reset_for(operator, user.public_id, reason=" x ")
        with pytest.raises(UserUnknown):
            second_factor.reset_for(operator, "nobody", reason="手机丢失")
        second_factor.reset_for(operator, user.public_id, reason="当面核对工作证")
        assert not second_factor.has_factor(operator, user.public_id)
        assert sessions.load_actor(token) is None
        with pytest.raises(FactorOff):
            second_factor.reset_for(operator, user.public_id, reason="手机丢失")
        removed = session().scalars(select(AuditRow).where(AuditRow.name == "user.second_factor_removed")).one()
        assert (removed.target, removed.payload["how"], removed.user_id) == (user.public_id, "operator", own.id)


@pytest.mark.parametrize("role", sorted(SECOND_FACTOR_ROLES))
def test_where_it_is_required_a_role_may_do_nothing_before(
    clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, role: str, phone: str
) -> None:
    monkeypatch.setenv("FINMART_SECOND_FACTOR", "required")
    with unit_of_work():
        actor = made.member(role, phone=phone)
        assert actor.must_enrol
        assert actor.permissions == frozenset()
        enrol(actor)
        clock.shift(timedelta(minutes=1))
        again = sessions.load_actor(_finish(_step(phone), code_of(_user_id(actor))).token)
        assert again is not None
        assert not again.must_enrol
        assert again.permissions


@pytest.mark.usefixtures("clock")
def test_applicants_are_never_made_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINMART_SECOND_FACTOR", "required")
    with unit_of_work():
        assert not made.signed_up().must_enrol
        assert not made.member("supplier").must_enrol


def test_production_always_asks_for_it() -> None:
    production = {"FINMART_ENV": "production"}
    assert load_settings(production).entry.second_factor == "required"
    assert load_settings({}).entry.second_factor == "optional"
    for wrong in ({"FINMART_SECOND_FACTOR": "optional"}, {"FINMART_IDLE_STAFF": "31"}, {"FINMART_IDLE_STAFF": "0"}):
        with pytest.raises(SettingError):
            load_settings(production | wrong)
    with pytest.raises(SettingError):
        load_settings({"FINMART_SECOND_FACTOR": "off"})


@pytest.mark.usefixtures("own_database")
def test_one_code_given_twice_at_once_opens_one_session(phone: str) -> None:
    with unit_of_work():
        actor = made.member("official", phone=phone)
        enrol(actor)
    with unit_of_work():
        step, code = _step(phone), code_of(_user_id(actor))
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def enter() -> None:
        start.wait()
        try:
            with unit_of_work():
                _finish(step, code)
            outcomes.append("in")
        except FactorCodeWrong:
            outcomes.append("refused")

    threads = [threading.Thread(target=enter) for _thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "refused", "refused", "refused"]


def test_the_command_helps_the_last_operator(
    own_database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], phone: str
) -> None:
    monkeypatch.setenv("FINMART_DATABASE_URL", own_database.engine.url.render_as_string(hide_password=False))
    with unit_of_work():
        enrol(made.member("operator", phone=phone))
    main(["accounts", "reset-second-factor", phone, "--reason", "机房当面核对"])
    assert "reset" in capsys.readouterr().out
    with unit_of_work():
        assert sign_in(phone=phone, password=made.PASSWORD, device=made.DEVICE).token
