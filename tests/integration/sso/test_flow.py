"""Out to a provider in a process of its own and back: only what it proves, to whoever asked, in time, is believed."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
import time_machine

from finmart.platform.crypto.keyring import keyring
from finmart.platform.db.session import Database, unit_of_work
from finmart.platform.kernel.clock import now
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.sso.service import flow
from finmart.platform.sso.service.provider import forget
from finmart.platform.sso.types import (
    Purpose,
    SsoDeclined,
    SsoDown,
    SsoForged,
    SsoIdentity,
    SsoOff,
    SsoRefused,
)
from tests.factories import accounts as made
from tests.fixtures.sso import Provider

pytestmark = pytest.mark.usefixtures("reading")

HERE = "https://finmart.example/sso/callback"
ME = "user:1"


@pytest.fixture
def reading(database: Database) -> Iterator[Database]:
    """A reader's unit of work: going out and coming back are GETs, and ask the switches first."""
    with unit_of_work(readonly=True):
        yield database


def _came_back(sso: Provider, **person: str) -> dict[str, str]:
    return sso.visit(flow.begin(Purpose.CLAIM, holder=ME, redirect_uri=HERE), **person)


def _identity(parameters: dict[str, str], holder: str = ME) -> SsoIdentity:
    purpose, identity = flow.come_back(parameters, holder=holder, redirect_uri=HERE)
    assert purpose is Purpose.CLAIM
    return identity


def test_a_person_comes_back_as_who_they_are(sso: Provider) -> None:
    code, resident = made.new_credit_code(), made.new_resident_id()
    identity = _identity(
        _came_back(sso, credit_code=f" {code.lower()}", resident_id=resident, name="章小满", phone_number="13900000000")
    )
    assert dataclasses.replace(identity, account="") == SsoIdentity("", code, resident, "章小满", "13900000000")
    assert identity.account == keyring().blind_index(f"{sso.issuer}\np-1", "sso_link.account")
    assert identity.account != _identity(_came_back(sso, sub="p-2", credit_code=code)).account


def test_codes_that_cannot_be_right_are_none(sso: Provider) -> None:
    identity = _identity(_came_back(sso, credit_code="91360000000000000X", resident_id="360102199001011234"))
    assert (identity.credit_code, identity.resident_id) == ("", "")


def test_claims_are_read_under_the_names_the_provider_gives_them(
    sso: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FINMART_SSO_CLAIMS", "credit_code=uscc, phone=mobile")
    code = made.new_credit_code()
    identity = _identity(_came_back(sso, uscc=code, mobile="13900000000"))
    assert (identity.credit_code, identity.phone) == (code, "13900000000")


def test_what_the_token_leaves_out_is_asked_for(sso: Provider) -> None:
    code = made.new_credit_code()
    sso.misbehave(terse=True)
    assert _identity(_came_back(sso, credit_code=code)).credit_code == code
    sso.misbehave(terse=True, userinfo={"sub": "somebody else"})
    with pytest.raises(SsoRefused):
        _identity(_came_back(sso, credit_code=code))


@pytest.mark.parametrize(
    "fault",
    [
        {"nonce": "wrong"},
        {"nonce": ""},
        {"expired": True},
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"aud": ["finmart-tests", "another-client"]},
        {"key": "other"},
        {"alg": "none"},
        {"alg": "HS256"},
    ],
    ids=str,
)
def test_a_token_that_proves_nothing_is_refused(sso: Provider, fault: dict[str, object]) -> None:
    sso.misbehave(**fault)
    with pytest.raises(SsoRefused, match="没有改变任何内容"):
        _identity(_came_back(sso, credit_code=made.new_credit_code()))


def test_a_provider_may_change_its_keys(sso: Provider) -> None:
    code = made.new_credit_code()
    assert _identity(_came_back(sso, credit_code=code)).credit_code == code
    parameters = _came_back(sso, credit_code=code)
    # Its keys are kept by now; the token is signed with one that they do not hold.
    requests.post(f"{sso.issuer}/faults", data='{"key": "new"}', timeout=5)
    assert _identity(parameters).credit_code == code


@pytest.mark.parametrize(
    "fault",
    [
        {"token": "slow"},
        {"token": "broken"},
        {"token": "words"},
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "http://elsewhere.example/token"},
    ],
    ids=str,
)
def test_a_provider_in_trouble_is_one_sentence(sso: Provider, fault: dict[str, object]) -> None:
    parameters = _came_back(sso)
    sso.misbehave(**fault)
    with pytest.raises(SsoDown, match="暂时无法连接"):
        _identity(parameters)


@pytest.mark.usefixtures("sso")
def test_a_provider_that_is_away_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINMART_SSO_ISSUER", "http://127.0.0.1:9")
    forget()
    with pytest.raises(SsoDown):
        flow.begin(Purpose.CLAIM, holder=ME, redirect_uri=HERE)


def test_a_code_is_used_once_and_with_the_verifier_it_was_asked_with(sso: Provider) -> None:
    parameters = _came_back(sso)
    _identity(parameters)
    with pytest.raises(SsoDeclined):
        _identity(parameters)
    mixed = {**_came_back(sso), "state": _came_back(sso)["state"]}
    with pytest.raises(SsoDeclined):
        _identity(mixed)


def test_a_forged_or_foreign_answer_is_refused(sso: Provider) -> None:
    parameters = _came_back(sso)
    wrong: list[dict[str, str]] = [
        {},
        {"code": parameters["code"]},
        {**parameters, "state": "forged"},
        {**parameters, "state": "ünicode"},
        {**parameters, "state": parameters["state"][:-4] + "AAAA"},
        {**parameters, "iss": "https://elsewhere.example"},
    ]
    for one in wrong:
        with pytest.raises(SsoForged):
            _identity(one)
    for holder in ("user:2", "browser:1"):
        with pytest.raises(SsoForged):
            _identity(parameters, holder)
    with time_machine.travel(now() + flow.LIFE + timedelta(seconds=1), tick=False), pytest.raises(SsoForged):
        _identity(parameters)


def test_whoever_turns_back_at_the_provider_has_changed_nothing(sso: Provider) -> None:
    sso.misbehave(declined=True)
    with pytest.raises(SsoDeclined):
        _identity(_came_back(sso))


def test_a_proof_is_for_its_holder_and_its_time(sso: Provider) -> None:
    identity = SsoIdentity("a" * 32, credit_code=made.new_credit_code())
    proof = flow.proof_of(Purpose.LINK, identity, holder=ME)
    assert flow.proven(proof, holder=ME) == (Purpose.LINK, identity)
    assert identity.credit_code not in proof
    # What is sealed for one page opens on no other.
    state = _came_back(sso)["state"]
    for text, holder in ((proof, "user:2"), (proof + "x", ME), ("", ME), (state, ME)):
        with pytest.raises(SsoForged):
            flow.proven(text, holder=holder)
    with time_machine.travel(now() + flow.LIFE + timedelta(seconds=1), tick=False), pytest.raises(SsoForged):
        flow.proven(proof, holder=ME)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_without_a_provider_there_is_none(purpose: Purpose) -> None:
    assert not flow.is_on()
    for call in (
        lambda: flow.begin(purpose, holder=ME, redirect_uri=HERE),
        lambda: flow.come_back({}, holder=ME, redirect_uri=HERE),
        lambda: flow.proven("", holder=ME),
    ):
        with pytest.raises(SsoOff) as refused:
            call()
        assert isinstance(refused.value, FinmartError)
