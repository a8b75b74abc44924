"""The operator's desk: users, organisations, claims, the audit trail."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from finmart.platform.accounts.service import claims
from finmart.platform.db.session import unit_of_work
from finmart.platform.kernel.actor import Actor
from tests.factories import accounts as made
from tests.functional.accounts.browser import link_in, send

NEW_PASSWORD = "river-stone-3141"
Enter = Callable[[str], FlaskClient]


@pytest.fixture
def enter_as(app: Flask) -> Enter:
    """A browser signed in through the page, as a new person with a role."""

    def enter(role: str) -> FlaskClient:
        phone = made.new_phone()
        with unit_of_work():
            made.member(role, phone=phone)
        client = app.test_client()
        assert send(client, "/sign-in", {"phone": phone, "password": made.PASSWORD}).status_code == 302
        return client

    return enter


def _applicant(phone: str | None = None, code: str | None = None) -> Actor:
    with unit_of_work():
        return made.signed_up(made.identity(identifier=code), phone=phone)


def _first(pattern: str, client: FlaskClient, page: str) -> str:
    found = re.findall(pattern, client.get(page).get_data(as_text=True))
    assert found, f"nothing like {pattern} on {page}"
    return str(found[0])


def test_a_claim_is_verified_and_revoked(enter_as: Enter) -> None:
    actor = _applicant()
    operator = enter_as("operator")
    page = _first(r'href="(/operator/claims/[^"?]+)"', operator, "/operator/claims")
    assert send(operator, page, {"method": "review", "note": ""}, f"{page}/verify").status_code == 422
    assert send(operator, page, {"method": "sso", "note": "核对营业执照"}, f"{page}/verify").status_code == 422
    assert send(operator, page, {"method": "review", "note": "核对营业执照"}, f"{page}/verify").status_code == 302
    with unit_of_work(readonly=True):
        assert claims.verified_subject_of(actor.organisation_id or 0) is not None
    assert send(operator, page, {"reason": "x"}, f"{page}/revoke").status_code == 422
    assert send(operator, page, {"reason": "授权书是伪造的"}, f"{page}/revoke").status_code == 302
    assert "revoke" not in operator.get(page).get_data(as_text=True)  # Nothing is left to be done to it.
    with unit_of_work(readonly=True):
        assert claims.verified_subject_of(actor.organisation_id or 0) is None
    assert page in operator.get("/operator/claims?state=revoked").get_data(as_text=True)
    assert operator.get("/operator/claims/nothing").status_code == 404


def test_a_disputed_claim_is_marked_and_held_back(enter_as: Enter) -> None:
    code = made.new_credit_code()
    for _ in range(2):
        _applicant(code=code)
    operator = enter_as("operator")
    disputed = _first(r'href="(/operator/claims/[^"?]+)"', operator, "/operator/claims?state=pending&disputed=1")
    pages = set(
        re.findall(r'href="(/operator/claims/[^"?]+)"', operator.get("/operator/claims").get_data(as_text=True))
    )
    (other,) = pages - {disputed}
    assert code not in operator.get(disputed).get_data(as_text=True)
    assert "有争议" in operator.get(disputed).get_data(as_text=True)
    form = {"method": "review", "note": "核对营业执照"}
    assert send(operator, other, form, f"{other}/verify").status_code == 302
    assert send(operator, disputed, form, f"{disputed}/verify").status_code == 409


def test_a_user_is_found_locked_opened_and_given_a_link(enter_as: Enter, app: Flask) -> None:
    phone = made.new_phone()
    _applicant(phone)
    operator = enter_as("operator")
    page = _first(r'href="(/operator/users/[^"?]+)"', operator, f"/operator/users?q={phone}&kind=applicant")
    assert phone not in operator.get(page).get_data(as_text=True)
    assert send(operator, page, {"reason": ""}, f"{page}/lock").status_code == 422
    assert send(operator, page, {"reason": "本人报失手机"}, f"{page}/lock").status_code == 302
    visitor = app.test_client()
    assert send(visitor, "/sign-in", {"phone": phone, "password": made.PASSWORD}).status_code == 403
    assert send(operator, page, {}, f"{page}/unlock").status_code == 302
    link = link_in(send(operator, page, {}, f"{page}/reset-link"))
    form = {"password": NEW_PASSWORD, "repeated": NEW_PASSWORD}
    assert send(visitor, link, {**form, "repeated": "else"}).status_code == 422
    assert send(visitor, link, form).status_code == 302
    assert visitor.get(link).status_code == 404
    assert send(visitor, "/sign-in", {"phone": phone, "password": NEW_PASSWORD}).status_code == 302
    assert operator.get("/operator/users/nobody").status_code == 404
    assert "没有符合条件" in operator.get("/operator/users?q=nobody-at-all").get_data(as_text=True)


def test_somebody_is_invited_into_an_organisation(enter_as: Enter, app: Flask) -> None:
    operator = enter_as("operator")
    enter_as("institution_admin")
    page = _first(r'href="(/operator/organisations/\w{12})"', operator, "/operator/organisations?kind=institution")
    link = link_in(send(operator, page, {"role": "institution_clerk"}, f"{page}/invitations"))
    assert "机构经办人" in app.test_client().get(link).get_data(as_text=True)
    assert send(operator, page, {"role": "operator"}, f"{page}/invitations").status_code == 422
    assert operator.get("/operator/organisations/nothing").status_code == 404


def test_the_audit_trail_tells_what_happened_and_of_whom_nothing(enter_as: Enter) -> None:
    phone = made.new_phone()
    _applicant(phone)
    operator = enter_as("operator")
    page = operator.get("/operator/audit?name=claim.made").get_data(as_text=True)
    assert "claim.made" in page
    assert "提交认领" in page
    whole = operator.get("/operator/audit").get_data(as_text=True).split("<main", 1)[1]
    for secret in (phone, "万里行", made.PASSWORD):
        assert secret not in whole
    assert operator.get("/operator/audit?target=nothing&page=3").status_code == 200


@pytest.mark.parametrize("role", ["applicant_owner", "institution_admin", "official", "supplier"])
@pytest.mark.parametrize("page", ["users", "organisations", "claims", "audit"])
def test_the_desk_is_the_operators(enter_as: Enter, role: str, page: str) -> None:
    assert enter_as(role).get(f"/operator/{page}").status_code == 403
