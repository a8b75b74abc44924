"""Being away: the sign-in page says why, and leads back to the page."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from finmart.platform.accounts.models.users import UserSession
from finmart.platform.db.session import unit_of_work
from tests.factories import accounts as made
from tests.functional.accounts.browser import send, token_in

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
AWAY = timedelta(minutes=31)


@pytest.fixture
def clock(app: Flask) -> Iterator[time_machine.Traveller]:  # noqa: ARG001
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def _enter(client: FlaskClient, role: str) -> str:
    phone = made.new_phone()
    with unit_of_work():
        made.member(role, phone=phone)
    assert send(client, "/sign-in", {"phone": phone, "password": made.PASSWORD}).status_code == 302
    return phone


def test_staff_who_were_away_are_told_and_come_back_to_their_page(
    client: FlaskClient, clock: time_machine.Traveller
) -> None:
    phone = _enter(client, "operator")
    clock.shift(AWAY)
    answer = client.get("/operator/users?kind=government")
    assert answer.headers["Location"] == "/sign-in?next=/operator/users?kind%3Dgovernment"
    page = client.get(answer.headers["Location"])
    assert "有一段时间没有操作" in page.get_data(as_text=True)
    form = {"phone": phone, "password": made.PASSWORD, "csrf_token": token_in(page)}
    back = client.post(answer.headers["Location"], data=form)
    assert back.headers["Location"] == "/operator/users?kind=government"
    assert "有一段时间没有操作" not in client.get("/sign-in").get_data(as_text=True)


def test_a_form_sent_too_late_leads_back_to_its_page(client: FlaskClient, clock: time_machine.Traveller) -> None:
    _enter(client, "institution_admin")
    page = client.get("/members")
    clock.shift(AWAY)
    form = {"role": "institution_clerk", "csrf_token": token_in(page)}
    here = {"Referer": "http://localhost/members"}
    answer = client.post("/members/invitations", data=form, headers=here)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/members")
    for elsewhere in ({}, {"Referer": "https://elsewhere.example/members"}, {**here, "HX-Request": "true"}):
        assert client.post("/members/invitations", data=form, headers=elsewhere).status_code == 403


def test_a_session_ended_elsewhere_is_said_so(client: FlaskClient, app: Flask) -> None:
    phone = _enter(client, "operator")
    other = app.test_client()
    assert send(other, "/sign-in", {"phone": phone, "password": made.PASSWORD}).status_code == 302
    assert send(other, "/account", {}, "/account/sessions/revoke-others").status_code == 302
    answer = client.get("/operator/users")
    assert "已被结束" in client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "已被结束" not in app.test_client().get("/sign-in").get_data(as_text=True)


def test_applicants_may_be_away_longer_as_the_installation_says(
    client: FlaskClient, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    _enter(client, "applicant_owner")
    clock.shift(timedelta(days=6))
    assert client.get("/account").status_code == 200
    monkeypatch.setenv("FINMART_IDLE_APPLICANTS", "60")
    clock.shift(timedelta(minutes=61))
    assert client.get("/account").status_code == 302


def test_being_seen_is_written_at_most_once_a_minute(client: FlaskClient, clock: time_machine.Traveller) -> None:
    _enter(client, "operator")
    seen = []
    for _request in range(7):
        clock.shift(timedelta(seconds=20))
        assert client.get("/account").status_code == 200
        with unit_of_work(readonly=True) as current:
            seen.append(current.scalars(select(UserSession.last_seen_at).order_by(UserSession.id.desc())).first())
    assert len(set(seen)) == 3
