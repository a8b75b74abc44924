"""Taking a product from the shelf and putting it back."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of
from finmart.products.drafts.service import confirming, listing
from finmart.products.forms.steps import ReasonForm, SuspendForm, ValidityForm
from finmart.products.routes.blueprint import blueprint
from finmart.products.routes.desk import product_page

Answer = str | Response | tuple[str, int]


@blueprint.post("/institution/products/<code>/suspend")
@requires(Permission.OWN_PRODUCTS_APPROVE)
def suspend(code: str) -> Answer:
    """Off the shelf for a while, from a day on."""
    form = SuspendForm()
    status = 422
    if form.validate_on_submit():
        try:
            listing.suspend(
                current_actor(), code, reason=form.reason.data, begins=form.begins.data, ends=form.ends.data
            )
        except FinmartError as error:
            form.form_errors.append(say(error.message))
            status = status_of(error)
        else:
            flash(_("已登记暂停。正在办理的申请不受影响。"), "good")
            return redirect(url_for("products.own_product", code=code))
    return product_page(code, suspend=form), status


@blueprint.post("/institution/products/<code>/resume")
@requires(Permission.OWN_PRODUCTS_APPROVE)
def resume(code: str) -> Answer:
    """Back on the shelf."""
    return _with_reason(code, "resume")


@blueprint.post("/institution/products/<code>/withdraw")
@requires(Permission.OWN_PRODUCTS_APPROVE)
def withdraw(code: str) -> Answer:
    """Off the shelf for good."""
    return _with_reason(code, "withdraw")


@blueprint.post("/institution/products/<code>/validity")
@requires(Permission.OWN_PRODUCTS_APPROVE)
def set_validity(code: str) -> Answer:
    """State the last day on the shelf."""
    form = ValidityForm()
    status = 422
    if form.validate_on_submit():
        try:
            confirming.set_validity(current_actor(), code, form.valid_until.data)
        except FinmartError as error:
            form.form_errors.append(say(error.message))
            status = status_of(error)
        else:
            flash(_("有效期已更新。"), "good")
            return redirect(url_for("products.own_product", code=code))
    return product_page(code, validity=form), status


def _with_reason(code: str, step: str) -> Answer:
    form = ReasonForm()
    status = 422
    if form.validate_on_submit():
        try:
            if step == "resume":
                listing.resume(current_actor(), code, reason=form.reason.data)
            else:
                listing.withdraw(current_actor(), code, reason=form.reason.data)
        except FinmartError as error:
            form.form_errors.append(say(error.message))
            status = status_of(error)
        else:
            flash(_("已恢复上架。") if step == "resume" else _("已下架。正在办理的申请不受影响。"), "good")
            return redirect(url_for("products.own_product", code=code))
    return product_page(code, **{step: form}), status
