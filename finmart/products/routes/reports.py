"""The desks that answer reports: an institution's, and the operator's."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of
from finmart.platform.web.pages import page_number
from finmart.products.forms.steps import AnswerForm
from finmart.products.reports.service import answering
from finmart.products.reports.types import KIND_WORDS, REPORT_STATE_WORDS, ReportState, ReportStep
from finmart.products.routes.blueprint import blueprint

Answer = str | Response | tuple[str, int]


def _state() -> ReportState | None:
    asked = request.args.get("state", ReportState.OPEN.value)
    return ReportState(asked) if asked in set(ReportState) else None


def _list(by_operator: bool) -> str:
    actor, number, state = current_actor(), page_number(request.args.get("page")), _state()
    overdue = by_operator and request.args.get("overdue") == "1"
    page = (
        answering.operator_reports(actor, state=state, overdue=overdue, number=number)
        if by_operator
        else answering.own_reports(actor, state=state, number=number)
    )
    return render_template(
        "products/reports.html",
        page=page,
        state=state,
        overdue=overdue,
        by_operator=by_operator,
        kinds=KIND_WORDS,
        states=REPORT_STATE_WORDS,
    )


def _one(public_id: str, form: AnswerForm, by_operator: bool) -> str:
    return render_template(
        "products/report_desk.html",
        report=answering.read_report(current_actor(), public_id),
        form=form,
        by_operator=by_operator,
        kinds=KIND_WORDS,
        states=REPORT_STATE_WORDS,
    )


def _handle(public_id: str, by_operator: bool) -> Answer:
    form = AnswerForm()
    status = 422
    # The second button of the form says "close"; anything else is an answer.
    step = ReportStep.CLOSE if request.form.get("step") == ReportStep.CLOSE else ReportStep.ANSWER
    if form.validate_on_submit():
        try:
            answering.handle_report(current_actor(), public_id, step=step, answer=form.answer.data)
        except FinmartError as error:
            form.form_errors.append(say(error.message))
            status = status_of(error)
        else:
            flash(_("已保存。登录过的反馈人会收到答复。"), "good")
            return redirect(url_for("products.operator_reports" if by_operator else "products.reports"))
    return _one(public_id, form, by_operator), status


@blueprint.get("/institution/reports")
@requires(Permission.OWN_REPORTS_HANDLE)
def reports() -> str:
    """Reports about the institution's own products."""
    return _list(by_operator=False)


@blueprint.route("/institution/reports/<public_id>", methods=["GET", "POST"])
@requires(Permission.OWN_REPORTS_HANDLE)
def own_report(public_id: str) -> Answer:
    """One report about an own product, and its answer."""
    if request.method == "POST":
        return _handle(public_id, by_operator=False)
    return _one(public_id, AnswerForm(formdata=None), by_operator=False)


@blueprint.get("/operator/reports")
@requires(Permission.ALL_REPORTS_HANDLE)
def operator_reports() -> str:
    """Reports about products of institutions without a desk, and those that the others left too long."""
    return _list(by_operator=True)


@blueprint.route("/operator/reports/<public_id>", methods=["GET", "POST"])
@requires(Permission.ALL_REPORTS_HANDLE)
def operator_report(public_id: str) -> Answer:
    """One report on the operator's desk, and its answer."""
    if request.method == "POST":
        return _handle(public_id, by_operator=True)
    return _one(public_id, AnswerForm(formdata=None), by_operator=True)
