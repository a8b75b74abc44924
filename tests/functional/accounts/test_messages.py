"""Messages on the screen: the bell, the list, reading, the language of letters, and how one hears of news."""

import re

import pytest
from flask.testing import FlaskClient

from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.service.telling import tell_user
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.notices.models import Message
from finmart.platform.notices.types import Letter
from finmart.platform.switches import service as switches
from tests.factories import accounts as made
from tests.fixtures.people import new_person
from tests.fixtures.web import SignIn

pytestmark = pytest.mark.database

LETTER = Letter("claim.told", "您的认领已核实。", "现在可以申请产品。", path="/account")


def _told(user_id: int) -> None:
    with unit_of_work():
        tell_user(user_id, LETTER)


def _page(client: FlaskClient, address: str = "/messages") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_bell_counts_until_a_message_is_marked(client: FlaskClient, sign_in: SignIn) -> None:
    person = sign_in("institution_clerk")
    assert "消息，0 条未读" in _page(client)
    _told(person.user_id)
    _told(person.user_id)
    page = _page(client)
    assert "消息，2 条未读" in page
    (public_id, *_others) = re.findall(r'href="/messages/([a-z0-9]{12})"', page)
    assert LETTER.next_step in _page(client, f"/messages/{public_id}")
    assert "消息，2 条未读" in _page(client)  # Looking marks nothing.
    answer = client.post(f"/messages/{public_id}/read", data={"go": "1"})
    assert answer.headers["Location"] == "/account"
    assert "消息，1 条未读" in _page(client)
    assert "消息，0 条未读" in client.post("/messages/read-all", follow_redirects=True).get_data(as_text=True)
    assert "没有未读消息" in _page(client, "/messages?show=unread")


def test_a_visitor_has_no_bell(client: FlaskClient) -> None:
    assert "条未读" not in client.get("/").get_data(as_text=True)


def test_the_messages_of_others_are_not_found(client: FlaskClient, sign_in: SignIn) -> None:
    other = new_person("institution_clerk")
    _told(other.user_id)
    with unit_of_work(readonly=True) as current:
        public_id = current.query(Message.public_id).limit(1).scalar()
    sign_in("institution_clerk")
    assert client.get(f"/messages/{public_id}").status_code == 404
    assert client.post(f"/messages/{public_id}/read").status_code == 404


def _language(user_id: int) -> str:
    with unit_of_work(readonly=True):
        return session().get_one(User, user_id).language


def test_letters_follow_the_language_of_the_site(client: FlaskClient, sign_in: SignIn) -> None:
    person = sign_in("applicant_owner")
    assert _language(person.user_id) == "zh"
    client.get("/language/en")
    assert _language(person.user_id) == "en"
    client.post("/account/messages", data={"language": "zh", "sms": "y"})
    assert _language(person.user_id) == "zh"


def test_whoever_signs_up_in_english_is_written_to_in_english(client: FlaskClient) -> None:
    form = {
        "name": "Zhang",
        "identifier": made.new_resident_id(),
        "region": made.REGION,
        "phone": made.new_phone(),
        "password": made.PASSWORD,
        "repeated": made.PASSWORD,
        "terms": "y",
    }
    client.post("/sign-up/person", data=form, headers={"Accept-Language": "en"})
    with unit_of_work(readonly=True):
        newest = session().query(User).order_by(User.id.desc()).limit(1).one()
        assert newest.language == "en"


def test_a_wrong_address_is_said_beside_the_field(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in("applicant_owner")
    answer = client.post("/account/email", data={"address": "nonsense"})
    assert answer.status_code == 400
    assert "请填写完整的电子邮箱" in answer.get_data(as_text=True)
    assert client.post("/account/email", data={"address": ""}).status_code == 422
    assert client.get("/account/email/forged").status_code == 404


def test_when_registration_is_off_the_page_says_so(client: FlaskClient) -> None:
    with unit_of_work():
        switches.turn(made.member("operator"), "registration", on=False, reason="系统维护")
    assert "平台暂停新用户注册" in _page(client, "/sign-up")
    for answer in (client.get("/sign-up/person"), client.post("/sign-up/person", data={})):
        assert answer.status_code == 503
        assert "平台暂停新用户注册" in answer.get_data(as_text=True)
