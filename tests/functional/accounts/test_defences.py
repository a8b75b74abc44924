"""What an attacker tries: posts without a token, floods, and reading the logs."""

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from finmart.config import Settings
from finmart.factory import House, create_app
from finmart.platform.accounts.types.kinds import SubjectKind
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.extensions import limiter
from finmart.platform.jobs import outbox
from finmart.platform.notices.service.local import FILE_NAME
from tests.factories import accounts as made
from tests.fixtures.web import CheckingClient
from tests.functional.accounts.browser import send

OURS = ("accounts.", "desk.")


def _posts(app: Flask) -> list[tuple[str, dict[str, Any]]]:
    rules = [
        rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(OURS) and "POST" in (rule.methods or ())
    ]
    return [(rule.endpoint, dict.fromkeys(rule.arguments, "1")) for rule in rules]


@pytest.fixture
def plain(app: Flask) -> CheckingClient:
    """A browser that adds no token of its own."""
    browser = app.test_client()
    assert isinstance(browser, CheckingClient)
    browser.token = False
    return browser


def test_every_post_needs_the_token(app: Flask, plain: CheckingClient) -> None:
    phone = made.new_phone()
    with unit_of_work():
        made.member("operator", phone=phone)
    assert send(plain, "/sign-in", {"phone": phone, "password": made.PASSWORD}).status_code == 302
    posts = _posts(app)
    assert len(posts) > 15
    for endpoint, values in posts:
        with app.test_request_context():
            address = app.url_for(endpoint, **values)
        for form in ({}, {"csrf_token": "forged"}):
            answer = plain.post(address, data=form)
            assert answer.status_code == 400, f"{endpoint}: {answer.status_code}"
            assert "过期" in answer.get_data(as_text=True)


def test_a_token_of_another_browser_is_worth_nothing(app: Flask, plain: CheckingClient) -> None:
    phone = made.new_phone()
    with unit_of_work():
        made.signed_up(phone=phone)
    page = app.test_client().get("/sign-in").get_data(as_text=True)
    token = page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    plain.get("/sign-in")
    answer = plain.post("/sign-in", data={"phone": phone, "password": made.PASSWORD, "csrf_token": token})
    assert answer.status_code == 400


def test_a_flood_of_sign_ins_is_stopped(settings: Settings, database: Database) -> None:
    # Elsewhere in the tests the limits are off; here is an application as people get it.
    served = create_app(house=House(replace(settings, environment="development"), database))
    limiter.reset()
    client = served.test_client()
    form = {"phone": "13900000000", "password": "wrong-password-1"}
    statuses = [send(client, "/sign-in", form).status_code for _ in range(25)]
    assert 429 in statuses
    assert statuses.index(429) == 20


@pytest.fixture
def said() -> Iterator[StringIO]:
    """Everything that is logged, down to the least."""
    before, stream = structlog.get_config(), StringIO()
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(0),
        logger_factory=structlog.PrintLoggerFactory(stream),
    )
    yield stream
    structlog.configure(**before)


def test_logs_say_nothing_of_people(app: Flask, said: StringIO) -> None:
    phone, who = made.new_phone(), made.identity(SubjectKind.FARMER)
    assert who.farmer is not None
    form = {
        "name": who.name,
        "identifier": who.identifier,
        "region": who.region,
        "township": who.farmer.place,
        "activities": "crops",
        "scale_mu": "30",
        "phone": phone,
        "password": made.PASSWORD,
        "repeated": made.PASSWORD,
        "terms": "y",
    }
    assert send(app.test_client(), "/sign-up/farmer", form).status_code == 302
    visitor = app.test_client()
    for _ in range(6):
        send(visitor, "/sign-in", {"phone": phone, "password": "wrong-password-1"})
    send(visitor, "/reset", {"phone": phone})
    visitor.get("/invitation/forged-token-4711")
    logged = said.getvalue()
    assert "refused" in logged
    for secret in (phone, who.name, who.identifier, made.PASSWORD, "wrong-password-1", "forged-token-4711"):
        assert secret not in logged


def test_the_notice_file_masks_the_phone(client: FlaskClient, app: Flask) -> None:
    phone = made.new_phone()
    with unit_of_work():
        made.signed_up(phone=phone)
    assert send(client, "/reset", {"phone": phone}).status_code == 200
    assert outbox.drain() == 1
    path = app.config["FINMART"].data / FILE_NAME
    written = path.read_text(encoding="utf-8")
    assert "验证码" in written
    assert phone not in written
    assert path.stat().st_mode & 0o077 == 0


def test_pages_with_secrets_are_not_kept(client: FlaskClient) -> None:
    answer = client.get("/sign-in")
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.usefixtures("database")
def test_a_failing_statement_names_no_values() -> None:
    secret = "secret-4711"
    with pytest.raises(DBAPIError) as raised, unit_of_work(readonly=True):
        session().execute(text("SELECT * FROM no_such_table WHERE name = :secret"), {"secret": secret})
    assert secret not in str(raised.value)
