"""Signing up, in and out through the pages."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from finmart.platform.accounts.models.subjects import FarmerProfile
from finmart.platform.accounts.service import claims
from finmart.platform.accounts.service.attempts import MAX_FAILURES
from finmart.platform.accounts.types.kinds import SubjectKind
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.jobs.runner import use_inline_runner
from finmart.platform.notices.service.sending import use_sender
from finmart.platform.notices.types import Notice
from tests.factories import accounts as made
from tests.functional.accounts.browser import send

NEW_PASSWORD = "river-stone-3141"


@pytest.fixture
def notices() -> Iterator[list[Notice]]:
    """What was sent."""
    sent: list[Notice] = []
    use_sender(sent.append)
    use_inline_runner()
    yield sent
    use_sender(None)


def _form(kind: SubjectKind, phone: str, identifier: str | None = None) -> dict[str, object]:
    who = made.identity(kind, identifier=identifier)
    form: dict[str, object] = {
        "name": who.name,
        "identifier": who.identifier,
        "region": who.region,
        "phone": phone,
        "password": made.PASSWORD,
        "repeated": made.PASSWORD,
        "terms": "y",
    }
    if kind in made.PREFIX:
        form["contact"] = "万里行"
    if who.farmer is not None:
        form |= {"township": who.farmer.place, "activities": list(who.farmer.activities), "scale_mu": "30"}
    return form


def _account() -> str:
    phone = made.new_phone()
    with unit_of_work():
        made.signed_up(phone=phone)
    return phone


def _sign_in(client: FlaskClient, phone: str, password: str = made.PASSWORD, *, page: str = "/sign-in") -> int:
    return send(client, page, {"phone": phone, "password": password}).status_code


@pytest.mark.parametrize("kind", list(SubjectKind))
def test_every_kind_signs_up_and_is_signed_in(client: FlaskClient, kind: SubjectKind) -> None:
    assert f"/sign-up/{kind.value}" in client.get("/sign-up").get_data(as_text=True)
    answer = send(client, f"/sign-up/{kind.value}", _form(kind, made.new_phone()))
    assert answer.status_code == 302, answer.get_data(as_text=True)
    page = client.get("/account").get_data(as_text=True)
    assert "待核实" in page
    assert made.DEVICE.address not in page


@pytest.mark.parametrize("kind", [SubjectKind.FARMER, SubjectKind.PERSON])
def test_natural_persons_are_never_asked_for_a_credit_code(client: FlaskClient, kind: SubjectKind) -> None:
    page = client.get(f"/sign-up/{kind.value}").get_data(as_text=True)
    assert "信用代码" not in page
    assert "居民身份证" in page


def test_an_unknown_kind_is_not_found(client: FlaskClient) -> None:
    assert client.get("/sign-up/robot").status_code == 404


def test_a_wrong_code_is_said_on_the_form_and_nothing_is_kept(client: FlaskClient) -> None:
    form = _form(SubjectKind.ENTERPRISE, made.new_phone(), "91360102MA35ABCD00")
    answer = send(client, "/sign-up/enterprise", form)
    assert answer.status_code == 422
    assert "91360102MA35ABCD00" in answer.get_data(as_text=True)
    assert made.PASSWORD not in answer.get_data(as_text=True)
    assert client.get("/account").status_code == 302


def test_every_error_stands_beside_its_field_at_once(client: FlaskClient) -> None:
    form = _form(SubjectKind.FARMER, "12", "123") | {"township": "360111001", "password": "short", "scale_mu": ""}
    page = send(client, "/sign-up/farmer", form)
    assert page.status_code == 422
    text = page.get_data(as_text=True)
    for field in ("identifier", "township", "phone", "password", "repeated", "scale_note"):
        assert f'id="{field}-error"' in text, field
    assert "密码不会保留" in text


def test_a_phone_in_use_is_said_beside_the_phone(client: FlaskClient) -> None:
    page = send(client, "/sign-up/person", _form(SubjectKind.PERSON, _account()))
    assert page.status_code == 409
    assert 'id="phone-error"' in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("township", "village", "place"),
    [
        ("", "", "360102"),
        ("", "360102101201", "360102"),
        ("360102002", "a village nobody knows", "360102002"),
        ("360102002", "360102002001", "360102002001"),
    ],
)
def test_no_farmer_is_turned_away_for_a_village(client: FlaskClient, township: str, village: str, place: str) -> None:
    form = _form(SubjectKind.FARMER, made.new_phone()) | {"township": township, "village": village}
    assert send(client, "/sign-up/farmer", form).status_code == 302
    with unit_of_work(readonly=True):
        assert session().scalars(select(FarmerProfile.village)).one() == place


def test_townships_are_chosen_by_district(client: FlaskClient) -> None:
    page = client.get("/sign-up/farmer").get_data(as_text=True)
    assert '<optgroup label="东湖区">' in page
    assert "滕王阁街道" in page
    assert "不在列表中" in page


def test_terms_must_be_accepted(client: FlaskClient) -> None:
    form = _form(SubjectKind.PERSON, made.new_phone())
    del form["terms"]
    answer = send(client, "/sign-up/person", form)
    assert answer.status_code == 422
    assert "同意" in answer.get_data(as_text=True)


def test_whoever_signs_up_on_the_way_arrives_where_it_led(app: Flask) -> None:
    client = app.test_client()
    way = "next=/demands/new"
    assert way in client.get("/demands/new").location
    assert f"/sign-up?{way}" in client.get(f"/sign-in?{way}").get_data(as_text=True)
    assert f"/sign-up/person?{way}" in client.get(f"/sign-up?{way}").get_data(as_text=True)
    answer = send(client, f"/sign-up/person?{way}", _form(SubjectKind.PERSON, made.new_phone()))
    assert (answer.status_code, answer.location) == (302, "/demands/new")


def test_sign_up_leads_to_no_other_site(app: Flask) -> None:
    answer = send(app.test_client(), "/sign-up/person?next=//evil.example", _form(SubjectKind.PERSON, made.new_phone()))
    assert answer.location == "/"


def test_the_page_after_sign_up_is_the_same_for_a_code_taken_and_free(app: Flask) -> None:
    code = made.new_credit_code()
    answers = []
    for _ in range(2):
        browser = app.test_client()
        answer = send(browser, "/sign-up/enterprise", _form(SubjectKind.ENTERPRISE, made.new_phone(), code))
        page = browser.get("/account").get_data(as_text=True)
        answers.append((answer.status_code, answer.headers["Location"], "争议" in page, "待核实" in page))
    assert answers[0] == answers[1] == (302, answers[0][1], False, True)
    with unit_of_work():
        assert claims.list_claims(made.TESTS, disputed=True).total == 1


def test_the_terms_say_what_is_stored(client: FlaskClient) -> None:
    page = client.get("/terms").get_data(as_text=True)
    for word in ("手机号", "身份证号码", "密码", "加密保存"):
        assert word in page


def test_signing_in_and_out(client: FlaskClient) -> None:
    phone = _account()
    assert _sign_in(client, phone) == 302
    page = client.get("/account")
    assert page.status_code == 200
    assert phone not in page.get_data(as_text=True)
    assert send(client, "/account", {}, "/sign-out").status_code == 302
    answer = client.get("/account")
    assert answer.status_code == 302
    assert "/sign-in?next=" in answer.headers["Location"]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/account", "/account"),
        ("https://example.org/", "/"),
        ("//example.org/", "/"),
        ("/\\example.org", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_after_signing_in_one_stays_on_this_site(client: FlaskClient, target: str, expected: str) -> None:
    phone = _account()
    page = f"/sign-in?next={target}"
    answer = send(client, page, {"phone": phone, "password": made.PASSWORD})
    assert answer.headers["Location"] == expected


def test_a_refused_sign_in_is_counted_although_it_is_an_error(client: FlaskClient) -> None:
    phone = _account()
    statuses = [_sign_in(client, phone, "wrong-password-1") for _ in range(MAX_FAILURES + 1)]
    assert statuses == [400] * MAX_FAILURES + [403]
    assert _sign_in(client, phone) == 403


def test_signing_in_drops_what_the_cookie_held_before(client: FlaskClient) -> None:
    phone = _account()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "a-token-somebody-else-planted"
        cookie["planted"] = "yes"
    assert _sign_in(client, phone) == 302
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        first = cookie["_user_id"]
    assert first != "a-token-somebody-else-planted"
    assert _sign_in(client, phone) == 302
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != first


def test_an_old_cookie_is_worth_nothing_after_signing_out(client: FlaskClient, app: Flask) -> None:
    phone = _account()
    _sign_in(client, phone)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    send(client, "/account", {}, "/sign-out")
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert thief.get("/account").status_code == 302


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient) -> None:
    answer = send(client, "/sign-in", {"phone": _account(), "password": made.PASSWORD})
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("finmart="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_getting_back_in_with_a_code(client: FlaskClient, notices: list[Notice]) -> None:
    phone = _account()
    known = send(client, "/reset", {"phone": phone})
    unknown = send(client, "/reset", {"phone": made.new_phone()})
    assert known.status_code == unknown.status_code == 200
    assert len(notices) == 1
    code = next(part for part in notices[0].text.replace("，", " ").split() if part.isdigit() and len(part) == 6)
    form = {"phone": phone, "password": NEW_PASSWORD, "repeated": NEW_PASSWORD}
    assert send(client, "/reset/code", {**form, "code": "x"}).status_code == 400
    assert send(client, "/reset/code", {**form, "code": code}).status_code == 302
    assert _sign_in(client, phone, NEW_PASSWORD) == 302


def test_what_is_no_phone_gets_a_sentence(client: FlaskClient) -> None:
    answer = send(client, "/reset", {"phone": "12"})
    assert answer.status_code == 400
    assert "11 位" in answer.get_data(as_text=True)
