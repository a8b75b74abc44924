"""A person's own account: sessions, password, organisations, members and invitations, through the pages."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from finmart.platform.accounts.service import claims, sign_up
from finmart.platform.accounts.service.sessions import load_actor
from finmart.platform.accounts.types.contacts import mask_name
from finmart.platform.accounts.types.kinds import SubjectKind
from finmart.platform.db.session import unit_of_work
from tests.factories import accounts as made
from tests.fixtures.people import enter
from tests.functional.accounts.browser import link_in, send

NEW_PASSWORD = "river-stone-3141"


def _browser(app: Flask, phone: str) -> FlaskClient:
    client = app.test_client()
    answer = send(client, "/sign-in", {"phone": phone, "password": made.PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.fixture
def phone(app: Flask) -> str:  # noqa: ARG001  # The application's database must be there first.
    """The phone of an applicant with an account."""
    number = made.new_phone()
    with unit_of_work():
        made.signed_up(phone=number)
    return number


def test_one_device_ends_another(app: Flask, phone: str) -> None:
    here, elsewhere = _browser(app, phone), _browser(app, phone)
    page = here.get("/account").get_data(as_text=True)
    actions = re.findall(r'action="(/account/sessions/[^"]+/revoke)"', page)
    assert len(actions) == 2  # The session of the sign-up itself, and the other browser.
    for action in actions:
        assert send(here, "/account", {}, action).status_code == 302
    assert elsewhere.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


def test_all_other_devices_end_at_once(app: Flask, phone: str) -> None:
    here, elsewhere = _browser(app, phone), _browser(app, phone)
    assert send(here, "/account", {}, "/account/sessions/revoke-others").status_code == 302
    assert elsewhere.get("/account").status_code == 302


def test_a_foreign_session_is_not_found(app: Flask, phone: str) -> None:
    other = made.new_phone()
    with unit_of_work():
        made.signed_up(phone=other)
    theirs = _browser(app, other).get("/account").get_data(as_text=True)
    action = re.findall(r'action="(/account/sessions/[^"]+/revoke)"', theirs)[0]
    assert send(_browser(app, phone), "/account", {}, action).status_code == 404


def test_changing_the_password(app: Flask, phone: str) -> None:
    here = _browser(app, phone)
    form = {"current": "wrong-one-12", "password": NEW_PASSWORD, "repeated": NEW_PASSWORD}
    assert send(here, "/account/password", form).status_code == 400
    assert send(here, "/account/password", {**form, "current": made.PASSWORD, "repeated": "else"}).status_code == 422
    assert send(here, "/account/password", {**form, "current": made.PASSWORD}).status_code == 302
    assert here.get("/account").status_code == 200
    answer = send(app.test_client(), "/sign-in", {"phone": phone, "password": NEW_PASSWORD})
    assert answer.status_code == 302


def test_switching_between_organisations(app: Flask) -> None:
    with unit_of_work():
        number = made.new_phone()
        actor = made.signed_up(phone=number)
        sign_up.add_identity(actor, made.identity(SubjectKind.FARMER))
    here = _browser(app, number)
    page = here.get("/account").get_data(as_text=True)
    membership = re.findall(r'name="membership" value="([^"]+)"', page)
    assert len(membership) == 1
    assert send(here, "/account", {"membership": membership[0]}, "/account/organisation").status_code == 302
    assert send(here, "/account", {"membership": "nothing"}, "/account/organisation").status_code == 404
    with here.session_transaction() as cookie, unit_of_work(readonly=True):
        now = load_actor(cookie["_user_id"])
    assert now is not None
    assert now.organisation_id != actor.organisation_id


def test_inviting_a_colleague_who_makes_an_account(app: Flask, phone: str) -> None:
    owner = _browser(app, phone)
    shown = send(owner, "/members", {"role": "applicant_member", "branch": ""}, "/members/invitations")
    assert shown.status_code == 200
    link = link_in(shown)
    assert link not in owner.get("/members").get_data(as_text=True)
    guest = app.test_client()
    form = {"name": "来访者", "phone": made.new_phone(), "password": "short", "repeated": "short", "terms": "y"}
    assert send(guest, link, form).status_code == 400
    answer = send(guest, link, {**form, "password": made.PASSWORD, "repeated": made.PASSWORD})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    assert "来访者" in owner.get("/members").get_data(as_text=True)
    assert guest.get(link).status_code == 404
    # A plain member sees colleagues and nothing to press.
    page = guest.get("/members").get_data(as_text=True)
    assert "/members/invitations" not in page
    removal = re.findall(r'action="(/members/[^"]+/remove)"', owner.get("/members").get_data(as_text=True))
    assert send(owner, "/members", {}, removal[0]).status_code == 302
    assert guest.get("/members").status_code == 403


def test_joining_with_an_account_and_withdrawing(app: Flask, phone: str) -> None:
    other = made.new_phone()
    with unit_of_work():
        made.signed_up(phone=other)
    owner, guest = _browser(app, phone), _browser(app, other)
    form = {"role": "applicant_member", "branch": ""}
    link = link_in(send(owner, "/members", form, "/members/invitations"))
    assert send(guest, link, {}, f"{link}/join").status_code == 302
    second = link_in(send(owner, "/members", form, "/members/invitations"))
    withdrawal = re.findall(
        r'action="(/members/invitations/[^"]+/withdraw)"', owner.get("/members").get_data(as_text=True)
    )
    assert send(owner, "/members", {}, withdrawal[0]).status_code == 302
    assert guest.get(second).status_code == 404
    assert send(owner, "/members", {"role": "operator", "branch": ""}, "/members/invitations").status_code == 422


def test_staff_of_an_institution_have_members_too(app: Flask) -> None:
    with unit_of_work():
        number = made.new_phone()
        made.member("institution_admin", phone=number)
    admin = _browser(app, number)
    page = admin.get("/members").get_data(as_text=True)
    assert "机构经办人" in page


def test_a_person_without_an_organisation_keeps_the_account(app: Flask, client: FlaskClient) -> None:
    with unit_of_work():
        number = made.new_phone()
        actor = made.member("supplier", phone=number)
    browser = _browser(app, number)
    assert actor.organisation_kind == "supplier"
    assert browser.get("/account").status_code == 200
    enter(client, "forged-token")
    assert client.get("/account").status_code == 302


def test_adding_an_identity_and_claiming_anew(app: Flask, phone: str) -> None:
    here = _browser(app, phone)
    assert "/sign-up/farmer" in here.get("/sign-up").get_data(as_text=True)
    who = made.identity(SubjectKind.PERSON)
    form = {"name": who.name, "identifier": who.identifier, "region": who.region}
    page = here.get("/sign-up/person").get_data(as_text=True)
    assert 'name="password"' not in page
    assert send(here, "/sign-up/person", {**form, "identifier": "1"}).status_code == 422
    assert send(here, "/sign-up/person", form).status_code == 302
    assert "切换到这里" in here.get("/account").get_data(as_text=True)
    code = made.new_credit_code()
    # While a claim waits it is shown, and no new one is offered.
    waiting = here.get("/account/claim")
    assert (waiting.status_code, waiting.location) == (302, "/account/claim/papers")
    assert "正在等待核实，不用再提交" in here.get(waiting.location).get_data(as_text=True)
    assert send(here, "/account", {"identifier": code}, "/account/claim").status_code == 409
    with unit_of_work():
        first = claims.list_claims(made.TESTS).items[-1]
        claims.revoke_claim(made.TESTS, first.public_id, reason="代码填错了")
    for page in ("/account", "/home", "/profile"):
        text = here.get(page).get_data(as_text=True)
        for words in ("认领已撤销", "代码填错了", "重新认领"):
            assert words in text, (page, words)
        assert "等待核实" not in text
    assert send(here, "/account/claim", {"identifier": made.new_resident_id()}).status_code == 400
    assert send(here, "/account/claim", {"identifier": code}).status_code == 302
    assert "待核实" in here.get("/account").get_data(as_text=True)


def test_who_waits_is_told_what_to_bring(app: Flask, phone: str) -> None:
    here = _browser(app, phone)
    for page in ("/account", "/home", "/profile"):
        text = here.get(page).get_data(as_text=True)
        assert "请上传营业执照（或身份证件）和授权书" in text, page
        assert "正在核对" not in text


def test_people_see_their_own_name_whole(client: FlaskClient) -> None:
    who = made.identity(SubjectKind.PERSON)
    form = {
        "name": who.name,
        "identifier": who.identifier,
        "region": who.region,
        "phone": made.new_phone(),
        "password": made.PASSWORD,
        "repeated": made.PASSWORD,
        "terms": "y",
    }
    assert send(client, "/sign-up/person", form).status_code == 302
    for page in ("/home", "/account", "/members"):
        text = client.get(page).get_data(as_text=True)
        assert who.name in text, page
        assert mask_name(who.name) not in text, page
