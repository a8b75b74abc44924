"""Many products at once: a file whose rows become drafts."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of
from finmart.products.drafts.service import file as bulk
from finmart.products.drafts.types import FileRefused
from finmart.products.editing.table import NAMES, template
from finmart.products.forms.product import title_of
from finmart.products.forms.steps import FileForm
from finmart.products.routes.blueprint import blueprint

Answer = str | Response | tuple[str, int]
#: Faults that a page shows; whoever has more than that begins with these.
SHOWN = 100


@blueprint.route("/institution/products/import", methods=["GET", "POST"])
@requires(Permission.OWN_PRODUCTS_WRITE)
def import_drafts() -> Answer:
    """Upload a CSV file; every row becomes a draft that a colleague has to approve, or none does."""
    form = FileForm()
    status = 422 if form.is_submitted() else 200
    faults: list[tuple[int, str, str]] = []
    if form.validate_on_submit():
        try:
            codes = bulk.submit_file(current_actor(), form.file.data.read())
        except FinmartError as error:
            form.form_errors.append(say(error.message))
            status = status_of(error)
            if isinstance(error, FileRefused):
                found = error.faults[:SHOWN]
                faults = [(row, title_of(fault.place), say(fault.message)) for row, fault in found]
        else:
            flash(_("已导入 %(count)s 份草稿，请逐份核对后提交复核。", count=len(codes)), "good")
            return redirect(url_for("products.own"))
    return render_template("products/import.html", form=form, faults=faults, columns=NAMES), status


@blueprint.get("/institution/products/import/template.csv")
@requires(Permission.OWN_PRODUCTS_WRITE)
def import_template() -> Response:
    """An empty file with the columns."""
    answer = Response(template(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=products.csv"
    return answer
