"""The audit trail's page: an auditor reads and checks, and may do nothing else."""

from datetime import timedelta

from flask.testing import FlaskClient

from finmart.platform.audit import sealing
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.roles import ROLES
from finmart.platform.db.session import unit_of_work
from finmart.platform.jobs import outbox
from tests.fixtures.web import SignIn
from tests.functional.accounts.browser import send

PAGE = "/operator/audit"


def test_an_auditor_reads_and_checks(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in("auditor")
    assert "还没有核对过" in client.get(PAGE).get_data(as_text=True)
    with unit_of_work():
        sealing.seal(timedelta(0))
    assert send(client, PAGE, {}, f"{PAGE}/verify").status_code == 302
    assert outbox.drain() == 1
    page = client.get(PAGE).get_data(as_text=True)
    assert "最近一次核对没有发现问题" in page
    assert "核对审计记录" in page


def test_an_auditor_does_nothing_else(client: FlaskClient, sign_in: SignIn) -> None:
    assert {each for each in ROLES["auditor"] if each.startswith("all:")} == {
        Permission.ALL_AUDIT_READ,
        Permission.ALL_AUDIT_VERIFY,
    }
    sign_in("auditor")
    for address in ("/operator/users", "/operator/claims", "/operator/organisations"):
        assert client.get(address).status_code == 403, address
    menu = client.get(PAGE).get_data(as_text=True)
    assert "/operator/users" not in menu
