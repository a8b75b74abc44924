"""The second step in a browser: set up before anything else where it is required, asked for at each sign-in."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from finmart.platform.accounts.repository import users
from finmart.platform.db.session import unit_of_work
from tests.factories import accounts as made
from tests.factories.second_factor import code_of
from tests.functional.accounts.browser import send

NOW = datetime(2026, 11, 20, 4, 0, 10, tzinfo=UTC)
STEP = timedelta(seconds=30)
PAGE = "/account/second-factor"


@pytest.fixture
def clock(app: Flask) -> Iterator[time_machine.Traveller]:  # noqa: ARG001
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def _person(role: str) -> tuple[str, int]:
    phone = made.new_phone()
    with unit_of_work():
        made.member(role, phone=phone)
        user = users.user_by_phone(phone)
        assert user is not None
        return phone, user.id


def _code(user_id: int) -> str:
    with unit_of_work(readonly=True):
        return code_of(user_id)


def _sign_in(client: FlaskClient, phone: str, address: str = "/sign-in") -> str:
    answer = send(client, address, {"phone": phone, "password": made.PASSWORD})
    assert answer.status_code == 302
    return answer.headers["Location"]


def _set_up(client: FlaskClient, user_id: int) -> list[str]:
    assert send(client, PAGE, {"password": made.PASSWORD}, f"{PAGE}/begin").headers["Location"] == f"{PAGE}/set"
    page = client.get(f"{PAGE}/set").get_data(as_text=True)
    assert 'src="data:image/svg+xml' in page
    answer = send(client, f"{PAGE}/set", {"code": _code(user_id)})
    assert answer.status_code == 200
    return re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", answer.get_data(as_text=True))


def test_nothing_opens_before_it_is_set_up(
    app: Flask, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FINMART_SECOND_FACTOR", "required")
    phone, user_id = _person("operator")
    client = app.test_client()
    assert _sign_in(client, phone, "/sign-in?next=/operator/users") == PAGE
    for address in ("/operator/users", "/account", "/messages", "/operator/audit"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers.get("Location")) == (302, PAGE), address
    assert send(client, PAGE, {}, "/account/sessions/revoke-others").status_code == 403
    assert "须先设置" in client.get(PAGE).get_data(as_text=True)
    assert len(_set_up(client, user_id)) == 10
    assert client.get("/operator/users").status_code == 200

    clock.shift(STEP)
    other = app.test_client()
    assert _sign_in(other, phone, "/sign-in?next=/operator/users") == "/sign-in/code"
    assert other.get("/operator/users").headers["Location"].startswith("/sign-in")
    assert send(other, "/sign-in/code", {"code": "12"}).status_code == 400
    assert send(other, "/sign-in/code", {"code": ""}).status_code == 422
    answer = send(other, "/sign-in/code", {"code": _code(user_id)})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/operator/users")
    assert other.get("/operator/users").status_code == 200


def test_signing_out_is_possible_before(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINMART_SECOND_FACTOR", "required")
    phone, _user = _person("official")
    client = app.test_client()
    _sign_in(client, phone)
    assert send(client, PAGE, {}, "/sign-out").headers["Location"] == "/"
    assert client.get(PAGE).headers["Location"].startswith("/sign-in")


def test_where_it_is_optional_staff_are_reminded_and_whoever_has_it_is_asked(
    app: Flask, clock: time_machine.Traveller
) -> None:
    phone, user_id = _person("institution_clerk")
    client = app.test_client()
    assert _sign_in(client, phone) != PAGE
    assert "请设置两步验证" in client.get("/account").get_data(as_text=True)
    codes = _set_up(client, user_id)
    assert "请设置两步验证" not in client.get("/account").get_data(as_text=True)
    clock.shift(STEP)
    other = app.test_client()
    assert _sign_in(other, phone) == "/sign-in/code"
    assert send(other, "/sign-in/code", {"code": codes[3]}).status_code == 302
    assert re.search(r"<dd[^>]*>\s*9\s*</dd>", other.get(PAGE).get_data(as_text=True))
    assert send(other, PAGE, {"renew-code": "wrong"}, f"{PAGE}/codes").status_code == 400
    assert send(other, PAGE, {"renew-code": ""}, f"{PAGE}/codes").status_code == 422
    assert send(other, PAGE, {"renew-code": codes[4]}, f"{PAGE}/codes").status_code == 200
    assert send(other, PAGE, {"remove-code": "wrong"}, f"{PAGE}/remove").status_code == 400
    assert send(other, PAGE, {"remove-code": _code(user_id)}, f"{PAGE}/remove").headers["Location"] == PAGE
    assert _sign_in(app.test_client(), phone) != "/sign-in/code"


def test_wrong_passwords_and_wrong_first_codes_are_said_on_the_page(app: Flask) -> None:
    phone, _user = _person("official")
    client = app.test_client()
    _sign_in(client, phone)
    assert client.get(f"{PAGE}/set").headers["Location"] == PAGE
    assert send(client, PAGE, {"password": ""}, f"{PAGE}/begin").status_code == 422
    assert send(client, PAGE, {"password": "wrong-password-1"}, f"{PAGE}/begin").status_code == 400
    assert send(client, PAGE, {"password": made.PASSWORD}, f"{PAGE}/begin").status_code == 302
    assert send(client, f"{PAGE}/set", {"code": ""}).status_code == 422
    for _try in range(5):
        assert send(client, f"{PAGE}/set", {"code": "abc"}).status_code == 400
    assert send(client, f"{PAGE}/set", {"code": "abc"}).status_code == 403


def test_the_code_page_wants_a_password_first(client: FlaskClient) -> None:
    assert client.get("/sign-in/code").headers["Location"] == "/sign-in"
    assert client.post("/sign-in/code", data={"code": "123456"}).headers["Location"] == "/sign-in"


def test_the_operator_resets_it_on_the_users_page(app: Flask, clock: time_machine.Traveller) -> None:
    phone, user_id = _person("institution_clerk")
    theirs = app.test_client()
    _sign_in(theirs, phone)
    _set_up(theirs, user_id)
    desk, _own = _person("operator")
    client = app.test_client()
    _sign_in(client, desk)
    with unit_of_work(readonly=True):
        user = users.user_by_id(user_id)
        assert user is not None
        page = f"/operator/users/{user.public_id}"
    assert "重置两步验证" in client.get(page).get_data(as_text=True)
    assert send(client, page, {"factor-reason": "x"}, f"{page}/second-factor/reset").status_code == 422
    assert send(client, page, {"factor-reason": "当面核对工作证"}, f"{page}/second-factor/reset").status_code == 302
    assert theirs.get("/account").headers["Location"].startswith("/sign-in")
    clock.shift(STEP)
    assert _sign_in(app.test_client(), phone) != "/sign-in/code"
