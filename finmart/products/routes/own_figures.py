"""What an institution says of itself, with its day: written here, shown on its own page."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of
from finmart.products.drafts.service import profile
from finmart.products.drafts.service.confirming import stale_days
from finmart.products.figures import service
from finmart.products.figures.types import FiguresRefused
from finmart.products.forms.figures import FiguresForm, figures_form
from finmart.products.forms.steps import ValidityForm, told_apart
from finmart.products.routes.blueprint import blueprint
from finmart.products.types import ListedInstitution

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
    return _page(form, said.kind), status


def _page(form: FiguresForm, kind: str, validity: ValidityForm | None = None) -> str:
    shown = profile.own_profile(current_actor())
    until = shown.valid_until if shown else None
    return render_template(
        "products/figures.html",
        form=form,
        kind=kind,
        institution=shown,
        validity=told_apart(validity or ValidityForm(formdata=None, data={"valid_until": until}), "page"),
        today=today(),
        **checked(shown),
    )


def checked(shown: ListedInstitution | None) -> dict[str, object]:
    """Who looked last at an institution's page, as pages say it."""
    return {
        "stale": shown is not None and profile.is_profile_stale(shown),
        "stale_days": stale_days(),
        "over": shown is not None and profile.is_profile_over(shown),
    }


@blueprint.post("/institution/figures/confirm")
@requires(Permission.OWN_PRODUCTS_CONFIRM)
def confirm_profile() -> Response:
    """Say that the institution's page is still right."""
    profile.confirm_profile(current_actor())
    flash(_("已确认：机构的公开资料仍然准确。"), "success")
    return redirect(url_for("products.own_figures"))


@blueprint.post("/institution/figures/validity")
@requires(Permission.OWN_PRODUCTS_CONFIRM)
def set_profile_validity() -> Answer:
    """State the last day for which the institution's page holds."""
    form = ValidityForm()
    status = 422
    if form.validate_on_submit():
        try:
            profile.set_profile_validity(current_actor(), form.valid_until.data)
        except FinmartError as error:
            form.form_errors.append(say(error.message))
            status = status_of(error)
        else:
            flash(_("有效期已更新。"), "success")
            return redirect(url_for("products.own_figures"))
    said = service.own_figures(current_actor())
    return _page(figures_form(said.kind, said.figures, as_of=said.as_of), said.kind, form), status
