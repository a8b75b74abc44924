"""The second pair of eyes inside an institution."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of
from finmart.platform.web.pages import page_number
from finmart.products.drafts.service import checking, desk, queues
from finmart.products.forms.steps import CheckForm, SendBackForm
from finmart.products.routes.blueprint import blueprint
from finmart.products.routes.desk import version_page

Answer = str | Response | tuple[str, int]


@blueprint.get("/institution/products/review")
@requires(Permission.OWN_PRODUCTS_APPROVE)
def queue() -> str:
    """What waits for a checker, the oldest first."""
    page = queues.own_queue(current_actor(), number=page_number(request.args.get("page")))
    return render_template("products/queue.html", page=page, by_operator=False)


@blueprint.post("/institution/products/<code>/versions/<int:number>/approve")
@requires(Permission.OWN_PRODUCTS_APPROVE)
def approve(code: str, number: int) -> Answer:
    """Publish exactly what was read."""
    checking.approve(current_actor(), code, number, fingerprint=CheckForm().fingerprint.data or "")
    flash(_("已通过，新版本已经公开。"), "good")
    return redirect(url_for("products.own_product", code=code))


@blueprint.post("/institution/products/<code>/versions/<int:number>/send-back")
@requires(Permission.OWN_PRODUCTS_APPROVE)
def send_back(code: str, number: int) -> Answer:
    """Give it back to the makers, with the reason."""
    form = SendBackForm()
    status = sent_back(form, code, number)
    if status is None:
        return redirect(url_for("products.queue"))
    return version_page(desk.own_version(current_actor(), code, number), send_back=form), status


def sent_back(form: SendBackForm, code: str, number: int) -> int | None:
    """Give a version back as the form says. None when that is done; else the status, with the reason in the form."""
    if not form.validate_on_submit():
        return 422
    try:
        checking.send_back(
            current_actor(), code, number, reason=form.reason.data, fingerprint=form.fingerprint.data or ""
        )
    except FinmartError as error:
        form.form_errors.append(say(error.message))
        return status_of(error)
    flash(_("已退回，填写人会收到您写的原因。"), "good")
    return None
