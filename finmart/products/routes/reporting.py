"""Saying that a product's page is wrong, by anyone who reads it."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.extensions import limiter
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import public
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of
from finmart.products import service
from finmart.products.forms.steps import ReportForm
from finmart.products.reports.service.reporting import report_product
from finmart.products.routes.blueprint import blueprint

Answer = str | Response | tuple[str, int]


@blueprint.route("/products/<code>/report", methods=["GET", "POST"])
@public
@limiter.limit("5 per minute; 30 per day", methods=["POST"])
def report(code: str) -> Answer:
    """What is wrong; it goes to the institution's desk, or to the operator where the institution has none."""
    product = service.product(code)
    form = ReportForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            report_product(current_actor(), code, kind=form.kind.data, note=form.note.data or "")
        except FinmartError as error:
            form.form_errors.append(say(error.message))
            status = status_of(error)
        else:
            flash(_("谢谢，反馈已送达，5 个工作日内会有人核实。"), "good")
            return redirect(url_for("products.show", code=code))
    return render_template("products/report.html", product=product, form=form, actor=current_actor()), status
