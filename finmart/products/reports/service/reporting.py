"""Saying that a product's page is wrong: anyone may, and somebody always has to answer."""

from datetime import date

from finmart.platform.accounts.service.telling import tell_members, tell_operators
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.messages import N_
from finmart.platform.notices.types import Named
from finmart.platform.switches import service as switches
from finmart.platform.switches.types import Switch
from finmart.products import service as shelf
from finmart.products.events import ProductReported
from finmart.products.reports import repository
from finmart.products.reports.service import letters
from finmart.products.reports.types import (
    KIND_WORDS,
    MAX_NOTE,
    WORKING_DAYS,
    Desk,
    ReportKind,
    ReportRefused,
    ReportState,
)
from finmart.reference.working_days import CalendarYearUnknown, add_working_days


def due_on(start: date) -> date | None:
    """The last day for an answer; None where the calendar of working days ends before it (said on the page)."""
    try:
        return add_working_days(start, WORKING_DAYS)
    except CalendarYearUnknown:
        return None


def report_product(actor: Actor, code: str, *, kind: str, note: str) -> str:
    """Write a report about the published product ``code`` down and tell whoever answers; returns its public id.

    Raises ``ProductUnknown``, ``ReportRefused`` or ``SwitchedOff``.
    """
    switches.require_on(Switch.PRODUCT_REPORTS)
    product = shelf.product(code)
    if kind not in set(ReportKind):
        raise ReportRefused(N_("请选择哪一项信息有误。"))
    text = note.strip()
    if len(text) > MAX_NOTE:
        raise ReportRefused(N_("说明太长，请控制在 500 个字以内。"))
    if kind == ReportKind.OTHER and not text:
        raise ReportRefused(N_("请写明哪里有误，方便核实。"))
    found = repository.product_row(code)
    if found is None:
        raise shelf.ProductUnknown
    row, owner = found
    desk = Desk.INSTITUTION if owner.connected else Desk.OPERATOR
    report = repository.add_report(
        product_id=row.id,
        version_number=product.version,
        kind=kind,
        note=text,
        reporter_user_id=actor.user_id,
        desk=desk.value,
        state=ReportState.OPEN.value,
        due_on=due_on(today()),
    )
    event = ProductReported(target=report.public_id, product=code, version=product.version, kind=kind, desk=desk.value)
    record(actor, event)
    name = Named(product.name_zh, product.name_en)
    letter = letters.reported(
        name,
        kind=KIND_WORDS[ReportKind(kind)],
        due=report.due_on,
        path=f"/{desk.value}/reports/{report.public_id}",
    )
    if desk is Desk.OPERATOR or not tell_members(owner.id, letter, permission=Permission.OWN_REPORTS_HANDLE):
        _give_to_operator(report.public_id, name, kind, report.due_on)
    return report.public_id


def _give_to_operator(public_id: str, name: Named, kind: str, due: date | None) -> None:
    """The operator is told, also where a connected institution has nobody who could read its letters."""
    path = f"/operator/reports/{public_id}"
    tell_operators(letters.reported(name, kind=KIND_WORDS[ReportKind(kind)], due=due, path=path))
