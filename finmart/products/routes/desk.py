"""An institution's own products: the list, one product with its history, one version as people would see it."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.clock import today
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.products import describing, service
from finmart.products.drafts.service import confirming, desk
from finmart.products.drafts.types import STATE_WORDS, STEP_WORDS, VersionView
from finmart.products.forms.steps import CheckForm, ReasonForm, SendBackForm, SuspendForm, ValidityForm, told_apart
from finmart.products.routes.blueprint import blueprint
from finmart.products.routes.sections import cost_sheet, sections


@blueprint.app_context_processor
def _tables() -> dict[str, object]:
    return {"product_states": STATE_WORDS, "product_steps": STEP_WORDS}


@blueprint.get("/institution/products")
@requires(Permission.OWN_PRODUCTS_READ)
def own() -> str:
    """The products of the signed-in person's institution: what people see, what is under way, when last confirmed."""
    actor = current_actor()
    return render_template("products/own.html", lines=desk.own_lines(actor), actor=actor, today=today())


@blueprint.post("/institution/products/confirm")
@requires(Permission.OWN_PRODUCTS_CONFIRM)
def confirm_many() -> Response:
    """Say of several listings at once that they are still right."""
    number = confirming.confirm_many(current_actor(), request.form.getlist("code"))
    flash(_("已确认 %(count)s 个产品的公开信息仍然准确。", count=number), "success")
    return redirect(url_for("products.own"))


@blueprint.post("/institution/products/<code>/confirm")
@requires(Permission.OWN_PRODUCTS_CONFIRM)
def confirm(code: str) -> Response:
    """Say that the listing of a product is still right."""
    service.confirm_listing(current_actor(), code)
    flash(_("已确认：该产品的公开信息仍然准确。"), "success")
    return redirect(url_for("products.own"))


@blueprint.get("/institution/products/<code>")
@requires(Permission.OWN_PRODUCTS_READ)
def own_product(code: str) -> str:
    """One product of the institution: where it stands, its versions, every step, and what can be done."""
    return product_page(code)


def product_page(code: str, **refused: FlaskForm) -> str:
    """The page of one own product; ``refused`` are forms as they were sent, by the name of their step."""
    actor = current_actor()
    shown = desk.own_product(actor, code)
    blank = {
        "validity": ValidityForm(formdata=None, data={"valid_until": shown.line.valid_until}),
        "suspend": SuspendForm(formdata=None),
        "resume": ReasonForm(formdata=None),
        "withdraw": ReasonForm(formdata=None),
    }
    return render_template(
        "products/desk.html",
        desk=shown,
        actor=actor,
        forms={step: told_apart(form, step) for step, form in (blank | refused).items()},
        today=today(),
    )


@blueprint.get("/institution/products/<code>/versions/<int:number>")
@requires(Permission.OWN_PRODUCTS_READ)
def own_version(code: str, number: int) -> str:
    """One version: what it changes, how the product's page would look, what it would cost."""
    return version_page(desk.own_version(current_actor(), code, number))


def version_page(view: VersionView, *, send_back: SendBackForm | None = None, by_operator: bool = False) -> str:
    """The page on which a checker reads and decides."""
    return render_template(
        "products/version.html",
        shown=view,
        changes=describing.changes(view.before, view.product),
        check_form=CheckForm(formdata=None, fingerprint=view.fingerprint),
        send_back_form=send_back or SendBackForm(formdata=None, fingerprint=view.fingerprint),
        by_operator=by_operator,
        actor=current_actor(),
        **sections(view.product),
        **cost_sheet(view.product),
    )
