"""The desks' part: reading reports, answering or closing them; overdue ones are the operator's too."""

from finmart.platform.accounts.service.telling import tell_user
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today
from finmart.platform.kernel.messages import N_
from finmart.platform.notices.types import Named
from finmart.platform.web.pages import Page
from finmart.products.events import ProductReportAnswered
from finmart.products.reports import repository
from finmart.products.reports.repository import Found
from finmart.products.reports.service import letters
from finmart.products.reports.types import (
    MAX_NOTE,
    MIN_ANSWER,
    Desk,
    ReportKind,
    ReportRefused,
    ReportState,
    ReportStep,
    ReportUnknown,
    ReportView,
    after,
)

PAGE_SIZE = 20


def _view(found: Found) -> ReportView:
    report, product, version, owner = found
    is_open = report.state == ReportState.OPEN
    return ReportView(
        public_id=report.public_id,
        product_code=product.code,
        product_name_zh=version.name_zh,
        product_name_en=version.name_en,
        institution_name_zh=owner.name_zh,
        institution_name_en=owner.name_en,
        version_number=report.version_number,
        kind=ReportKind(report.kind),
        note=report.note,
        state=ReportState(report.state),
        desk=Desk(report.desk),
        by_visitor=report.reporter_user_id is None,
        created_at=report.created_at,
        due_on=report.due_on,
        overdue=is_open and report.due_on is not None and report.due_on < today(),
        answer=report.answer or "",
        answered_at=report.answered_at,
        answered_by_operator=report.answered_by_operator,
    )


def own_reports(actor: Actor, *, state: ReportState | None = ReportState.OPEN, number: int = 1) -> Page[ReportView]:
    """Reports about the products of the actor's institution, the oldest open one first."""
    require(actor, Permission.OWN_REPORTS_HANDLE)
    number = max(1, number)
    rows, total = repository.reports(
        organisation_id=actor.organisation_id or 0, state=state, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
    )
    return Page(tuple(map(_view, rows)), total, number, PAGE_SIZE)


def operator_reports(
    actor: Actor, *, state: ReportState | None = ReportState.OPEN, overdue: bool = False, number: int = 1
) -> Page[ReportView]:
    """Reports on the operator's desk; with ``overdue`` those that institutions have left unanswered too long."""
    require(actor, Permission.ALL_REPORTS_HANDLE)
    number = max(1, number)
    rows, total = repository.reports(
        desk=Desk.INSTITUTION if overdue else Desk.OPERATOR,
        state=ReportState.OPEN if overdue else state,
        due_before=today() if overdue else None,
        limit=PAGE_SIZE,
        offset=(number - 1) * PAGE_SIZE,
    )
    return Page(tuple(map(_view, rows)), total, number, PAGE_SIZE)


def _found(actor: Actor, public_id: str, *, lock: bool = False) -> Found:
    """A report that the actor's desk may see. Raises ``PermissionMissing`` or ``ReportUnknown``."""
    if actor.may(Permission.ALL_REPORTS_HANDLE):
        found = repository.report(public_id, lock=lock)
    else:
        require(actor, Permission.OWN_REPORTS_HANDLE)
        found = repository.report(public_id, organisation_id=actor.organisation_id or 0, lock=lock)
    if found is None:
        raise ReportUnknown
    return found


def read_report(actor: Actor, public_id: str) -> ReportView:
    """One report on the actor's desk. Raises ``PermissionMissing`` or ``ReportUnknown``."""
    return _view(_found(actor, public_id))


def handle_report(actor: Actor, public_id: str, *, step: ReportStep, answer: str) -> None:
    """Answer or close a report with a note; a reporter who is known is told.

    Raises ``PermissionMissing``, ``ReportUnknown``, ``ReportDone`` or ``ReportRefused``.
    """
    found = _found(actor, public_id, lock=True)
    report = found.report
    old = ReportState(report.state)
    new = after(old, step)
    text = answer.strip()
    if not MIN_ANSWER <= len(text) <= MAX_NOTE:
        raise ReportRefused(N_("请写明答复，4 到 500 个字。"))
    by_operator = actor.may(Permission.ALL_REPORTS_HANDLE)
    report.state, report.answer, report.answered_at = new.value, text, now()
    report.answered_by_user_id, report.answered_by_operator = actor.user_id, by_operator
    record(
        actor,
        ProductReportAnswered(
            target=public_id,
            product=found.product.code,
            old_state=old.value,
            state=new.value,
            by_operator=by_operator,
        ),
    )
    if report.reporter_user_id is not None:
        name = Named(found.version.name_zh, found.version.name_en)
        path = f"/products/{found.product.code}" if found.product.published_number else ""
        tell_user(report.reporter_user_id, letters.answered(name, answer=text, path=path))
