"""What an institution says of itself, with its day: written here, shown on its own page."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.authz.permissions import Permission
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.products.figures import service
from finmart.products.figures.types import FiguresRefused
from finmart.products.forms.figures import figures_form
from finmart.products.routes.blueprint import blueprint

Answer = str | Response | tuple[str, int]


@blueprint.route("/institution/figures", methods=["GET", "POST"])
@requires(Permission.OWN_PRODUCTS_CONFIRM)
def own_figures() -> Answer:
    """Say, or say anew, what stands on the institution's page about itself."""
    said = service.own_figures(current_actor())
    form = figures_form(said.kind, said.figures, as_of=said.as_of)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            service.state_figures(current_actor(), form.cells(), as_of=form.as_of.data)
        except FiguresRefused as error:
            form.show(error.faults)
        else:
            flash(_("已公布。数据和截至日期显示在机构页面上。"), "good")
            return redirect(url_for("products.own_figures"))
    return render_template("products/figures.html", form=form, kind=said.kind), status
