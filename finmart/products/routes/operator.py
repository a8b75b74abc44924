"""The operator as the checker of institutions that have nobody else."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.authz.permissions import Permission
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.pages import page_number
from finmart.products.drafts.service import checking, confirming, desk, profile, queues
from finmart.products.forms.steps import CheckForm, SendBackForm
from finmart.products.routes.blueprint import blueprint
from finmart.products.routes.checking import sent_back
from finmart.products.routes.desk import version_page

Answer = str | Response | tuple[str, int]


@blueprint.get("/operator/products")
@requires(Permission.ALL_PRODUCTS_APPROVE)
def operator_queue() -> str:
    """What waits for the operator, the oldest first."""
    page = queues.operator_queue(current_actor(), number=page_number(request.args.get("page")))
    return render_template("products/queue.html", page=page, by_operator=True)


@blueprint.get("/operator/unconfirmed")
@requires(Permission.ALL_PRODUCTS_APPROVE)
def unconfirmed() -> str:
    """What nobody has confirmed for long, by institution."""
    return render_template("products/unconfirmed.html", institutions=confirming.overdue(current_actor()))


@blueprint.post("/operator/unconfirmed/<code>")
@requires(Permission.ALL_PRODUCTS_APPROVE)
def confirm_unconfirmed(code: str) -> Response:
    """Confirm what is chosen, or all that is overdue, of an institution without a desk here."""
    actor, chosen = current_actor(), request.form.getlist("code")
    if request.form.get("step") == "all":
        number = profile.confirm_all_overdue(actor, code)
    else:
        number = profile.confirm_overdue(actor, code, products=chosen, profile="profile" in request.form)
    if number:
        flash(_("已确认 %(count)s 项公开信息仍然准确。", count=number), "success")
    else:
        flash(_("还没有选择要确认的内容，请先勾选。"), "warn")
    return redirect(url_for("products.unconfirmed"))


@blueprint.get("/operator/products/<code>")
@requires(Permission.ALL_PRODUCTS_APPROVE)
def operator_version(code: str) -> str:
    """A submitted version that falls to the operator."""
    return version_page(desk.operator_version(current_actor(), code), by_operator=True)


@blueprint.post("/operator/products/<code>/versions/<int:number>/approve")
@requires(Permission.ALL_PRODUCTS_APPROVE)
def operator_approve(code: str, number: int) -> Answer:
    """Publish exactly what was read."""
    checking.approve(current_actor(), code, number, fingerprint=CheckForm().fingerprint.data or "")
    flash(_("已通过，新版本已经公开。"), "good")
    return redirect(url_for("products.operator_queue"))


@blueprint.post("/operator/products/<code>/versions/<int:number>/send-back")
@requires(Permission.ALL_PRODUCTS_APPROVE)
def operator_send_back(code: str, number: int) -> Answer:
    """Give it back to the maker, with the reason."""
    form = SendBackForm()
    status = sent_back(form, code, number)
    if status is None:
        return redirect(url_for("products.operator_queue"))
    view = desk.operator_version(current_actor(), code)
    return version_page(view, send_back=form, by_operator=True), status
