"""A claim that is shown beside a refusal at the counter was looked up, and the trail says so. Commits are real here."""

from sqlalchemy import func, select

from finmart.config import Settings
from finmart.factory import House, create_app
from finmart.platform.accounts.service import evidence
from finmart.platform.audit.models import AuditRow
from finmart.platform.db.session import Database, session, unit_of_work
from tests.factories import accounts as made
from tests.fixtures.web import CheckingClient
from tests.functional.accounts.browser import send


def _looks() -> int:
    with unit_of_work(readonly=True):
        query = select(func.count()).select_from(AuditRow).where(AuditRow.name == "claim.looked_up")
        return session().scalar(query) or 0


def test_a_look_beside_a_refused_form_stays_recorded(settings: Settings, own_database: Database) -> None:
    app = create_app(house=House(settings, own_database))
    app.test_client_class = CheckingClient
    phone = made.new_phone()
    with unit_of_work():
        claim = evidence.own_claim_with_papers(made.signed_up()).public_id
        made.member("counter_clerk", phone=phone)
    clerk = app.test_client()
    assert send(clerk, "/sign-in", {"phone": phone, "password": made.PASSWORD}).status_code == 302
    page = f"/counter/claims/{claim}"
    for form, status in (
        ({"identifier": "", "note": ""}, 422),
        ({"identifier": made.new_credit_code(), "note": "核对原件"}, 400),
    ):
        before = _looks()
        assert send(clerk, page, form, f"{page}/verify").status_code == status
        assert _looks() == before + 2, "once when the page was opened, once when it was shown again"
