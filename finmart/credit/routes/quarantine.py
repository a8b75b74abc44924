"""Rows set aside: the operator's list, its download, and noting what became of a row."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from finmart.credit.forms import HandleForm
from finmart.credit.routes import wording
from finmart.credit.routes.blueprint import blueprint
from finmart.credit.service import deliveries
from finmart.platform.authz.permissions import Permission
from finmart.platform.files.inspection.sheets import as_csv
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.filters import day
from finmart.platform.web.language import current_language
from finmart.platform.web.pages import page_number

Answer = str | tuple[str, int] | Redirect
#: Rows in one download; a delivery with more has failed its assertions.
DOWNLOAD_ROWS = 100_000


def _which() -> tuple[str, bool]:
    """What the address asks for: one batch (empty: of all), and whether handled rows too."""
    return request.args.get("batch", ""), request.args.get("show") == "all"


@blueprint.get("/operator/quarantine")
@requires(Permission.ALL_QUARANTINE_READ)
def quarantine() -> str:
    """Rows that wait for somebody, or all of them; of one batch where the address names it."""
    batch, every = _which()
    page = deliveries.list_quarantine(
        current_actor(), batch=batch, open_only=not every, number=page_number(request.args.get("page"))
    )
    return render_template(
        "credit/quarantine.html",
        page=page,
        batch=batch,
        every=every,
        reasons=wording.reasons(page.items),
        words=wording,
    )


@blueprint.get("/operator/quarantine/<public_id>")
@requires(Permission.ALL_QUARANTINE_READ)
def quarantined(public_id: str) -> str:
    """One row, with the form that closes it."""
    return _page(public_id, HandleForm(formdata=None))


@blueprint.post("/operator/quarantine/<public_id>/handle")
@requires(Permission.ALL_QUARANTINE_HANDLE)
def handle(public_id: str) -> Answer:
    """Note what became of a row."""
    form = HandleForm()
    if not form.validate_on_submit():
        return _page(public_id, form), 422
    batch = deliveries.handle_quarantined(current_actor(), public_id, note=form.note.data)
    flash(_("已记录处理结果。"), "good")
    return redirect(url_for("credit.batch", public_id=batch))


@blueprint.get("/operator/quarantine.csv")
@requires(Permission.ALL_QUARANTINE_READ)
def quarantine_csv() -> Response:
    """The rows as a file that suppliers can be sent: where each stands and what to do; no cell's content."""
    batch, every = _which()
    page = deliveries.list_quarantine(current_actor(), batch=batch, open_only=not every, size=DOWNLOAD_ROWS)
    reasons = wording.reasons(page.items)
    head = [_("批次"), _("数据集"), _("文件"), _("行"), _("列"), _("原因"), _("收到日期"), _("处理结果")]
    rows = [
        (
            *(row.batch, wording.dataset_word(row.dataset), row.file, row.row, row.column, reasons[row.public_id]),
            *(day(row.created_at, current_language()), row.note),
        )
        for row in page.items
    ]
    answer = Response(as_csv(head, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="quarantine.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _page(public_id: str, form: HandleForm) -> str:
    row = deliveries.read_quarantined(current_actor(), public_id)
    reason = wording.reasons([row])[row.public_id]
    return render_template("credit/quarantined.html", row=row, form=form, reason=reason, words=wording)
