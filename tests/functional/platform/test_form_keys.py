"""A form that arrives twice is done once: one after the other, and at the same moment. Commits are real here."""

import re
import threading
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from finmart.config import Settings
from finmart.factory import House, create_app
from finmart.platform.accounts.jobs import forget_old_entries
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.kernel.clock import now
from finmart.platform.web import form_keys
from finmart.products import loading
from tests.fixtures.people import Person, enter, new_person
from tests.fixtures.web import CheckingClient

ADDRESS = "/demands/new"
AT_ONCE = 6
TRIES = 5
KEY = re.compile(r'name="form_key" value="([^"]+)"')
NEED = {
    "amount": "20",
    "term_months": "12",
    "purpose": "working_capital",
    "guarantees": "credit",
    "region": "360100",
    "urgency": "month",
}


@pytest.fixture
def app(settings: Settings, own_database: Database) -> Flask:
    """The whole application on a database where commits are real, with the catalogue."""
    with unit_of_work():
        loading.load_catalogue(loading.importer())
    application = create_app(house=House(settings, own_database))
    application.test_client_class = CheckingClient
    return application


def browser(app: Flask, person: Person) -> FlaskClient:
    """A browser in which somebody is signed in."""
    client = app.test_client()
    enter(client, person.token)
    return client


def key_of(client: FlaskClient) -> str:
    """The key on the page as it is rendered now."""
    found = KEY.search(client.get(ADDRESS).get_data(as_text=True))
    assert found is not None
    return found[1]


def send(client: FlaskClient, key: str, **changes: str) -> TestResponse:
    """Send the form."""
    return client.post(ADDRESS, data={**NEED, "form_key": key, **changes})


def count(table: str) -> int:
    """Rows of a table."""
    with unit_of_work(readonly=True):
        return int(session().execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608 - own names.


def test_a_form_sent_again_leads_to_the_same_page_and_changes_nothing(app: Flask) -> None:
    client = browser(app, new_person("applicant_owner"))
    key = key_of(client)
    first, again = send(client, key), send(client, key)
    assert first.location.startswith("/demands/")
    assert (again.status_code, again.location) == (303, first.location)
    assert count("demand") == 1
    assert "没有重复办理" in client.get(again.location).get_data(as_text=True)


def test_a_file_is_answered_to_whoever_is_signed_in(app: Flask) -> None:
    # A file has no unit of work, so nobody may be looked up for it.
    with browser(app, new_person("applicant_owner")).get("/static/css/credit.css") as answer:
        assert answer.status_code == 200


def test_a_new_page_or_other_words_are_another_form(app: Flask) -> None:
    client = browser(app, new_person("applicant_owner"))
    key = key_of(client)
    assert key_of(client) != key
    leads_to = {
        send(client, key).location,
        send(client, key_of(client)).location,
        send(client, key, amount="21").location,
        send(browser(app, new_person("applicant_owner")), key).location,
    }
    assert len(leads_to) == count("demand") == 4


def test_a_refused_form_is_not_remembered(app: Flask) -> None:
    client = browser(app, new_person("applicant_owner"))
    key = key_of(client)
    assert send(client, key, amount="").status_code == 422
    assert count("sent_form") == 0
    assert send(client, key).location.startswith("/demands/")
    assert count("demand") == count("sent_form") == 1


def test_a_form_that_arrives_many_times_at_once_is_done_once(app: Flask) -> None:
    person = new_person("applicant_owner")
    for _try in range(TRIES):
        key = key_of(browser(app, person))
        start, leads_to = threading.Barrier(AT_ONCE), list[str]()

        def click(key: str = key, start: threading.Barrier = start, leads_to: list[str] = leads_to) -> None:
            client = browser(app, person)
            start.wait()
            leads_to.append(send(client, key).location)

        clicks = [threading.Thread(target=click) for _ in range(AT_ONCE)]
        for each in clicks:
            each.start()
        for each in clicks:
            each.join()
        assert len(leads_to) == AT_ONCE
        assert len(set(leads_to)) == 1
    assert count("demand") == TRIES


def test_what_was_sent_is_forgotten_after_a_day(app: Flask) -> None:
    client = browser(app, new_person("applicant_owner"))
    send(client, key_of(client))
    with unit_of_work():
        forget_old_entries()
    assert count("sent_form") == 1
    with unit_of_work():
        form_keys.sweep(before=now() + timedelta(seconds=1))
    assert count("sent_form") == 0


def test_two_papers_of_one_name_are_told_apart_and_still_whole(app: Flask) -> None:
    prints = []
    for content in (b"one", b"two"):
        data = {"form_key": "k", "files": (BytesIO(content), "paper.pdf")}
        with app.test_request_context(ADDRESS, method="POST", data=data) as context:
            prints.append(form_keys.fingerprint_of(context.request, 1))
            assert context.request.files["files"].read() == content
    assert len(set(prints)) == 2
