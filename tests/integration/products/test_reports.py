"""Reports of wrong products: they always reach somebody, with a clock, and who is known hears of the answer."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select, text

from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.authz.policy import PermissionMissing
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.kernel.actor import VISITOR, Actor
from finmart.platform.kernel.clock import today
from finmart.platform.notices.models import Message
from finmart.products import service
from finmart.products.reports.service import answering, reporting
from finmart.products.reports.types import Desk, ReportDone, ReportRefused, ReportState, ReportStep, ReportUnknown
from finmart.products.service import ProductUnknown
from finmart.reference.working_days import add_working_days
from tests.factories import accounts as made
from tests.fixtures.databases import rolled_back
from tests.fixtures.stock import Stock

pytestmark = pytest.mark.database

CONNECTED, UNCONNECTED = "jjb_liuzi", "cmb_zhaoqidai"
NOTE = "网点说的利率比页面上高"
ANSWER = "已核实，正在提交新版本"


@pytest.fixture(autouse=True)
def stocked(stock: Stock) -> Iterator[Database]:
    """The published catalogue."""
    with rolled_back(stock.engine) as current:
        yield current


def _clerk(code: str = "jjb") -> Actor:
    return made.member("institution_clerk", organisation_id=service.institution(code).organisation_id)


def _letters(actor: Actor) -> list[str]:
    query = select(Message.kind).where(Message.user_id == actor.user_id).order_by(Message.id)
    return list(session().scalars(query))


def test_a_report_reaches_the_institutions_desk() -> None:
    with unit_of_work():
        clerk, operator = _clerk(), made.member("operator")
        report = reporting.report_product(VISITOR, CONNECTED, kind="rate", note=NOTE)
        [view] = answering.own_reports(clerk).items
        assert (view.public_id, view.note, view.desk, view.by_visitor) == (report, NOTE, Desk.INSTITUTION, True)
        assert view.due_on == add_working_days(today(), 5)
        assert _letters(clerk) == ["product.reported"]
        assert _letters(operator) == []
        assert answering.operator_reports(operator).total == 0


def test_a_report_about_an_unconnected_institution_reaches_the_operator() -> None:
    with unit_of_work():
        operator = made.member("operator")
        reporting.report_product(VISITOR, UNCONNECTED, kind="stopped", note="")
        assert [view.desk for view in answering.operator_reports(operator).items] == [Desk.OPERATOR]
        assert _letters(operator) == ["product.reported"]


def test_a_connected_institution_without_readers_leaves_the_letter_to_the_operator() -> None:
    with unit_of_work():
        operator = made.member("operator")
        reporting.report_product(VISITOR, CONNECTED, kind="rate", note="")
        assert _letters(operator) == ["product.reported"]


def test_the_known_reporter_hears_of_the_answer_and_nobody_learns_who_it_was() -> None:
    with unit_of_work():
        clerk, applicant = _clerk(), made.signed_up()
        report = reporting.report_product(applicant, CONNECTED, kind="fee", note=NOTE)
        answering.handle_report(clerk, report, step=ReportStep.ANSWER, answer=ANSWER)
        assert _letters(applicant)[-1] == "product.report_answered"
        view = answering.read_report(clerk, report)
        assert (view.state, view.answer, view.answered_by_operator) == (ReportState.ANSWERED, ANSWER, False)
        assert applicant.name not in repr(view)
        with pytest.raises(ReportDone):
            answering.handle_report(clerk, report, step=ReportStep.CLOSE, answer=ANSWER)


def test_overdue_reports_are_shown_and_the_operator_may_step_in() -> None:
    with unit_of_work():
        clerk, operator = _clerk(), made.member("operator")
        report = reporting.report_product(VISITOR, CONNECTED, kind="rate", note=NOTE)
        due = answering.read_report(clerk, report).due_on
        assert due is not None
        assert answering.operator_reports(operator, overdue=True).total == 0
    with time_machine.travel(f"{(due + timedelta(days=1)).isoformat()}T04:00:00+00:00"), unit_of_work():
        assert answering.read_report(clerk, report).overdue
        assert answering.operator_reports(operator, overdue=True).total == 1
        answering.handle_report(operator, report, step=ReportStep.CLOSE, answer="机构未答复，平台已核实")
        assert answering.operator_reports(operator, overdue=True).total == 0
        assert answering.read_report(clerk, report).answered_by_operator


def test_a_calendar_that_ends_loses_no_report() -> None:
    assert reporting.due_on(date(2026, 12, 30)) is None
    with time_machine.travel("2026-12-30T04:00:00+00:00"), unit_of_work():
        clerk = _clerk()
        report = reporting.report_product(VISITOR, CONNECTED, kind="rate", note="")
        view = answering.read_report(clerk, report)
        assert view.due_on is None
        assert not view.overdue


def test_what_cannot_be_a_report_is_refused() -> None:
    with unit_of_work():
        for kind, note in (("magic", NOTE), ("rate", "很" * 501), ("other", " ")):
            with pytest.raises(ReportRefused):
                reporting.report_product(VISITOR, CONNECTED, kind=kind, note=note)
        with pytest.raises(ProductUnknown):
            reporting.report_product(VISITOR, "no_such", kind="rate", note=NOTE)
        clerk = _clerk()
        report = reporting.report_product(VISITOR, CONNECTED, kind="rate", note=NOTE)
        with pytest.raises(ReportRefused):
            answering.handle_report(clerk, report, step=ReportStep.ANSWER, answer="嗯")


def test_another_institution_and_an_applicant_see_nothing() -> None:
    with unit_of_work():
        report = reporting.report_product(VISITOR, CONNECTED, kind="rate", note=NOTE)
        other = made.member("institution_admin")
        for act in (
            lambda: answering.read_report(other, report),
            lambda: answering.handle_report(other, report, step=ReportStep.ANSWER, answer=ANSWER),
        ):
            with pytest.raises(ReportUnknown):
                act()
        assert answering.own_reports(other, state=None).total == 0
        with pytest.raises(PermissionMissing):
            answering.read_report(made.signed_up(), report)


def test_both_texts_are_ciphertext() -> None:
    with unit_of_work():
        clerk = _clerk()
        report = reporting.report_product(VISITOR, CONNECTED, kind="rate", note=NOTE)
        answering.handle_report(clerk, report, step=ReportStep.ANSWER, answer=ANSWER)
        session().flush()
        stored = session().execute(text("SELECT note, answer FROM product_report")).one()
        assert NOTE.encode() not in bytes(stored[0])
        assert ANSWER.encode() not in bytes(stored[1])
        assert NOTE not in repr(session().execute(text("SELECT payload FROM audit_row")).all())
        assert session().scalar(select(Organisation.connected).where(Organisation.code == "jjb"))
