"""NUL, which PostgreSQL keeps in no text, is answered with a sentence wherever it comes from."""

import pytest
from flask.testing import FlaskClient

from tests.fixtures.web import SignIn

BRANCH = {"name": "红谷滩支行", "parent": "", "region": "360100", "active_from": "2026-11-22"}


@pytest.mark.parametrize("address", ["/products/%00", "/institutions/a%00", "/policies/%00/clauses/x", "/%00"])
def test_no_address_holds_one(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("operator", "/operator/users?q=a%00"),
        ("operator", "/operator/audit?target=a%00&name=%00"),
        ("operator", "/operator/organisations?q=%00"),
        ("operator", "/operator/quarantine?batch=%00"),
        ("visitor", "/products?q=%00a&product_type=%00"),
        ("visitor", "/products/compare?amount=%00&%00=1"),
    ],
)
def test_a_question_is_answered_without_it(client: FlaskClient, sign_in: SignIn, role: str, address: str) -> None:
    if role != "visitor":
        sign_in(role)
    answer = client.get(address)
    assert answer.status_code == 200
    assert "\x00" not in answer.get_data(as_text=True)


def test_no_form_holds_one_and_nothing_is_written(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in("institution_admin")
    refused = client.post("/institution/branches/new", data={**BRANCH, "name": "红谷\x00滩支行"})
    assert refused.status_code == 400
    assert "无法保存的空字符" in refused.get_data(as_text=True)
    assert "滩支行" not in client.get("/institution/branches").get_data(as_text=True)
    assert client.post("/institution/branches/new", data=BRANCH).status_code == 302
