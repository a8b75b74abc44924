"""What every answer carries, whatever it is; what cookies say; whom addresses lead to."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, session
from flask.testing import FlaskClient

from finmart.config import Settings
from finmart.factory import House, create_app
from finmart.platform.accounts.types.errors import PhoneInvalid
from finmart.platform.db.session import Database, unit_of_work
from finmart.platform.extensions import limiter
from finmart.platform.web.access import public
from finmart.platform.web.routes import safe_address
from finmart.platform.web.security import CONTENT_SECURITY_POLICY, HEADERS
from tests.factories import accounts as made
from tests.functional.accounts.browser import send


@public
def _crash() -> str:
    raise RuntimeError("planned")


@public
def _refuse() -> str:
    raise PhoneInvalid


@pytest.fixture
def served(settings: Settings, database: Database) -> Flask:
    """The application as people get it, with two pages more that go wrong."""
    application = create_app(house=House(replace(settings, environment="development"), database))
    limiter.reset()
    application.config["PROPAGATE_EXCEPTIONS"] = False
    application.add_url_rule("/planned-crash", view_func=_crash, endpoint="crash")
    application.add_url_rule("/planned-refusal", view_func=_refuse, endpoint="refuse")
    return application


@pytest.mark.parametrize(
    ("method", "address", "status", "more"),
    [
        ("GET", "/", 200, {}),
        ("GET", "/account", 302, {}),
        ("GET", "/static/css/base.css", 200, {}),
        ("GET", "/bootstrap/static/css/bootstrap.min.css", 200, {}),
        ("GET", "/assets/htmx.min.js", 200, {}),
        ("GET", "/nowhere", 404, {}),
        ("GET", "/static/nowhere.css", 404, {}),
        ("GET", "/invitation/forged", 404, {}),
        ("DELETE", "/sign-in", 405, {}),
        ("POST", "/sign-in", 400, {}),
        ("GET", "/planned-refusal", 400, {}),
        ("GET", "/planned-crash", 500, {}),
        ("GET", "/nowhere", 404, {"headers": {"HX-Request": "true"}}),
        ("POST", "/sign-in", 413, {"environ_overrides": {"CONTENT_LENGTH": str(1 << 30)}}),
        ("OPTIONS", "/sign-in", 200, {}),
        ("HEAD", "/", 200, {}),
    ],
)
def test_every_answer_carries_the_headers(
    served: Flask, method: str, address: str, status: int, more: dict[str, Any]
) -> None:
    answer = served.test_client().open(address, method=method, **more)
    assert answer.status_code == status
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value, f"{method} {address} lacks {name}"
    assert "Server" not in answer.headers
    answer.close()


def test_a_limit_reached_answers_with_the_headers_too(served: Flask) -> None:
    client = served.test_client()
    answers = [send(client, "/reset", {"phone": "1"}) for _try in range(7)]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_the_policy_lets_nothing_run_inline_or_come_from_elsewhere() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert "*" not in CONTENT_SECURITY_POLICY


def test_in_production_cookies_go_over_https_alone(settings: Settings, database: Database) -> None:
    production = create_app(house=House(replace(settings, environment="production"), database))
    answer = production.test_client().get("/language/en", base_url="https://finmart.example")
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
        assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_a_session_planted_before_is_worth_nothing_after(client: FlaskClient) -> None:
    """Session fixation: what the cookie held before signing in is dropped, and the token is new each time."""
    phone = made.new_phone()
    with unit_of_work():
        made.signed_up(phone=phone)
    tokens = []
    for _time in range(2):
        with client.session_transaction() as cookie:
            cookie["planted"] = "by somebody else"
            cookie["_user_id"] = "a token somebody else knows"
        assert send(client, "/sign-in", {"phone": phone, "password": made.PASSWORD}).status_code == 302
        with client:
            client.get("/account")
            assert "planted" not in session
            tokens.append(session["_user_id"])
        assert send(client, "/account", {}, "/sign-out").status_code == 302
    assert "a token somebody else knows" not in tokens
    assert len(set(tokens)) == 2


ELSEWHERE = [
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "/\t/elsewhere.example",
    "/\n//elsewhere.example",
    "javascript:alert(1)",
    "elsewhere.example",
    "",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_address_of_ours_leads_elsewhere(target: str, client: FlaskClient) -> None:
    assert safe_address(target) == "/"
    phone = made.new_phone()
    with unit_of_work():
        made.signed_up(phone=phone)
    form = {"phone": phone, "password": made.PASSWORD}
    answer = client.post("/sign-in", query_string={"next": target}, data=form)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/")
    assert "elsewhere" not in answer.headers["Location"]
    assert client.get("/language/en", query_string={"next": target}).headers["Location"] == "/"


def test_another_host_than_the_sites_own_is_refused(settings: Settings, database: Database) -> None:
    """A link shown to the operator must not be made of whatever host a request names."""
    site = replace(settings, environment="development", site_url="https://finmart.example")
    client = create_app(house=House(site, database)).test_client()
    assert client.get("/sign-in", base_url="https://finmart.example").status_code == 200
    assert client.get("/sign-in", base_url="http://127.0.0.1:8000").status_code == 200
    refused = client.get("/sign-in", base_url="https://elsewhere.example")
    assert refused.status_code == 400
    assert refused.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "elsewhere" not in refused.get_data(as_text=True)
