"""Single sign-on through our pages and a real provider: verify a claim, link an account, sign in; and refusals."""

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from finmart.platform.accounts.models.sso import SsoLink
from finmart.platform.accounts.repository import organisations
from finmart.platform.accounts.service import claims, evidence
from finmart.platform.accounts.types.claims import ClaimMethod, ClaimState
from finmart.platform.accounts.types.kinds import OrganisationKind, SubjectKind
from finmart.platform.audit.models import AuditRow
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import Actor
from finmart.platform.switches import service as switches
from finmart.platform.switches.types import Switch
from tests.factories import accounts as made
from tests.fixtures.sso import Provider
from tests.functional.accounts.browser import send, token_in

NOTE = "核对营业执照原件"
Enter = Callable[[str], FlaskClient]


@pytest.fixture
def enter(app: Flask) -> Enter:
    """A browser signed in with a phone."""

    def with_phone(phone: str) -> FlaskClient:
        client = app.test_client()
        assert send(client, "/sign-in", {"phone": phone, "password": made.PASSWORD}).status_code == 302
        return client

    return with_phone


def _applicant(code: str, kind: SubjectKind = SubjectKind.ENTERPRISE) -> tuple[Actor, str]:
    phone = made.new_phone()
    with unit_of_work():
        return made.signed_up(made.identity(kind, identifier=code), phone=phone), phone


def _back(client: FlaskClient, sso: Provider, purpose: str, **person: str) -> TestResponse:
    """Out to the provider as ``person`` and back to our page."""
    out = client.get(f"/sso/start/{purpose}")
    assert out.status_code == 302, out.get_data(as_text=True)
    return client.get("/sso/callback", query_string=sso.visit(out.headers["Location"], **person))


def _proof(page: TestResponse) -> str:
    found = re.search(r'name="proof" value="([^"]+)"', page.get_data(as_text=True))
    assert found is not None, page.get_data(as_text=True)
    return html.unescape(found.group(1))


def _finish(client: FlaskClient, page: TestResponse) -> TestResponse:
    return client.post("/sso/finish", data={"proof": _proof(page), "csrf_token": token_in(page)})


def _refusals() -> list[str]:
    with unit_of_work(readonly=True):
        rows = session().scalars(select(AuditRow).where(AuditRow.name == "request.refused").order_by(AuditRow.id))
        return [row.payload["error"] for row in rows]


def _claim_state(actor: Actor) -> ClaimState | None:
    with unit_of_work(readonly=True):
        return claims.own_claim(actor)


@pytest.mark.parametrize("kind", [SubjectKind.ENTERPRISE, SubjectKind.COOPERATIVE, SubjectKind.FARMER])
def test_a_claim_is_verified_at_once(enter: Enter, sso: Provider, kind: SubjectKind) -> None:
    code = made.identifier_of(kind.value)
    actor, phone = _applicant(code, kind)
    client = enter(phone)
    assert "/sso/start/claim" in client.get("/account/claim/papers").get_data(as_text=True)
    scheme = "resident_id" if kind is SubjectKind.FARMER else "credit_code"
    page = _back(client, sso, "claim", name="章小满", **{scheme: code})
    shown = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "章**" in shown
    assert code not in shown
    assert _claim_state(actor) is ClaimState.PENDING, "coming back changes nothing yet"
    assert _finish(client, page).status_code == 302
    assert _claim_state(actor) is ClaimState.VERIFIED
    with unit_of_work(readonly=True):
        view = claims.read_claim(made.TESTS, evidence.own_claim_with_papers(actor).public_id)
        assert view.method is ClaimMethod.SSO


def test_somebody_else_is_refused_clearly_and_on_record(enter: Enter, sso: Provider) -> None:
    actor, phone = _applicant(made.new_credit_code())
    client = enter(phone)
    for person in ({"credit_code": made.new_credit_code()}, {"resident_id": made.new_resident_id()}, {}):
        answer = _finish(client, _back(client, sso, "claim", **person))
        assert answer.status_code == 403
        assert "与您认领的主体不一致" in answer.get_data(as_text=True)
    assert _claim_state(actor) is ClaimState.PENDING
    assert _refusals() == ["SsoOtherSubject"] * 3


def test_a_subject_that_somebody_is_verified_for_goes_to_the_operator(enter: Enter, sso: Provider) -> None:
    code = made.new_credit_code()
    (first, _), (second, phone) = _applicant(code), _applicant(code)
    with unit_of_work():
        first_claim = evidence.own_claim_with_papers(first).public_id
        claims.verify_claim(made.TESTS, first_claim, method=ClaimMethod.REVIEW, note=NOTE)
    client = enter(phone)
    answer = _finish(client, _back(client, sso, "claim", credit_code=code))
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "还需要平台运营人员核实" in page, "另一个" in page) == (409, True, False)
    assert (_claim_state(first), _claim_state(second)) == (ClaimState.VERIFIED, ClaimState.PENDING)


def test_an_account_is_linked_signs_in_and_is_unlinked(enter: Enter, sso: Provider, app: Flask) -> None:
    _actor, phone = _applicant(made.new_credit_code())
    client = enter(phone)
    assert _finish(client, _back(client, sso, "link", sub="linked-1")).status_code == 302
    assert "解除关联" in client.get("/account").get_data(as_text=True)
    with unit_of_work(readonly=True):
        assert "linked-1" not in repr([vars(row) for row in session().scalars(select(SsoLink))])
    visitor = app.test_client()
    assert "/sso/start/sign-in" in visitor.get("/sign-in").get_data(as_text=True)
    assert _finish(visitor, _back(visitor, sso, "sign-in", sub="linked-1")).status_code == 302
    page = visitor.get("/account")
    assert page.status_code == 200
    assert visitor.post("/sso/unlink", data={"csrf_token": token_in(page)}).status_code == 302
    stranger = app.test_client()
    answer = _finish(stranger, _back(stranger, sso, "sign-in", sub="linked-1"))
    assert answer.status_code == 403
    assert "还没有关联本平台账号" in answer.get_data(as_text=True)


def test_one_account_elsewhere_opens_one_account_here(enter: Enter, sso: Provider) -> None:
    (_one, phone), (_other, second) = (_applicant(made.new_credit_code()) for _ in range(2))
    first = enter(phone)
    for _ in range(2):
        assert _finish(first, _back(first, sso, "link", sub="shared")).status_code == 302
    client = enter(second)
    answer = _finish(client, _back(client, sso, "link", sub="shared"))
    assert (answer.status_code, "已关联本平台的另一个账号" in answer.get_data(as_text=True)) == (409, True)


@pytest.mark.parametrize("role", ["operator", "official", "institution_clerk", "counter_clerk"])
def test_the_door_of_applicants_is_not_for_staff(enter: Enter, sso: Provider, role: str) -> None:
    phone = made.new_phone()
    with unit_of_work():
        made.member(role, phone=phone)
    client = enter(phone)
    answer = _finish(client, _back(client, sso, "link", sub=f"staff-{role}"))
    assert answer.status_code == 403
    assert "请用手机号和密码登录" in answer.get_data(as_text=True)


def test_whoever_joins_an_office_later_cannot_sign_in_elsewhere_any_more(
    enter: Enter, sso: Provider, app: Flask
) -> None:
    actor, phone = _applicant(made.new_credit_code())
    client = enter(phone)
    assert _finish(client, _back(client, sso, "link", sub="joined")).status_code == 302
    with unit_of_work():
        office = made.organisation(OrganisationKind.GOVERNMENT)
        organisations.add_membership(user_id=actor.user_id or 0, organisation_id=office, role="official")
    visitor = app.test_client()
    assert _finish(visitor, _back(visitor, sso, "sign-in", sub="joined")).status_code == 403


def test_forged_and_borrowed_answers_change_nothing(enter: Enter, sso: Provider, app: Flask) -> None:
    code = made.new_credit_code()
    actor, phone = _applicant(code)
    client = enter(phone)
    for query in ({}, {"code": "x"}, {"code": "x", "state": "forged"}):
        answer = client.get("/sso/callback", query_string=query)
        assert (answer.status_code, "请回到页面重新开始" in answer.get_data(as_text=True)) == (400, True)
    page = _back(client, sso, "claim", credit_code=code)
    _other, elsewhere = _applicant(made.new_credit_code())
    stranger = enter(elsewhere)
    token = token_in(stranger.get("/account/password"))
    borrowed = stranger.post("/sso/finish", data={"proof": _proof(page), "csrf_token": token})
    assert borrowed.status_code == 400
    without = client.post("/sso/finish", data={"proof": "made up", "csrf_token": token_in(page)})
    assert without.status_code == 400
    assert app.test_client().get("/sso/callback", query_string={"code": "x", "state": "y"}).status_code == 400
    assert _claim_state(actor) is ClaimState.PENDING
    assert _refusals() == ["SsoForged"] * 6


def test_a_visitors_sign_in_belongs_to_the_browser_it_began_in(sso: Provider, app: Flask, enter: Enter) -> None:
    _actor, phone = _applicant(made.new_credit_code())
    owner = enter(phone)
    assert _finish(owner, _back(owner, sso, "link", sub="mine")).status_code == 302
    attacker, victim = app.test_client(), app.test_client()
    out = attacker.get("/sso/start/sign-in").headers["Location"]
    answer = sso.visit(out, sub="mine")
    victim.get("/sso/start/sign-in")
    assert victim.get("/sso/callback", query_string=answer).status_code == 400


def test_a_provider_in_trouble_is_one_sentence(enter: Enter, sso: Provider) -> None:
    _actor, phone = _applicant(made.new_credit_code())
    client = enter(phone)
    out = client.get("/sso/start/claim").headers["Location"]
    parameters = sso.visit(out)
    sso.misbehave(token="broken")
    answer = client.get("/sso/callback", query_string=parameters)
    assert (answer.status_code, "暂时无法连接" in answer.get_data(as_text=True)) == (503, True)


def test_without_single_sign_on_no_page_offers_it(enter: Enter) -> None:
    _actor, phone = _applicant(made.new_credit_code())
    client = enter(phone)
    for path in ("/account", "/account/claim/papers"):
        assert "sso" not in client.get(path).get_data(as_text=True)
    for path in ("/sso/start/claim", "/sso/callback"):
        assert client.get(path).status_code == 404
    assert client.get("/sso/start/other").status_code == 404


def test_switched_off_by_the_operator_it_is_offered_nowhere(enter: Enter, sso: Provider) -> None:
    _actor, phone = _applicant(made.new_credit_code())
    client = enter(phone)
    out = client.get("/sso/start/claim").headers["Location"]
    with unit_of_work():
        switches.turn(made.TESTS, Switch.SSO, on=False, reason="对方系统维护")
    assert "sso" not in client.get("/account/claim/papers").get_data(as_text=True)
    assert client.get("/sso/callback", query_string=sso.visit(out)).status_code == 404
