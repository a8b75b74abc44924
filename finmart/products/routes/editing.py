"""Writing a product: a new one, a new version of one, and the makers' steps with it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of
from finmart.platform.web.language import localized
from finmart.products import describing
from finmart.products.drafts.service import desk, writing
from finmart.products.drafts.types import DraftRefused, VersionView
from finmart.products.editing.laying import blank
from finmart.products.editing.sheet import sheet_of
from finmart.products.forms.product import ProductForm, product_form
from finmart.products.labels import PRODUCT_TYPES
from finmart.products.particulars.kinds import KINDS
from finmart.products.routes.blueprint import blueprint
from finmart.products.types import InstitutionRef
from finmart.reference.industries import sections

Answer = str | Response | tuple[str, int]

_NOBODY = InstitutionRef("", "", "", "", connected=True)


def product_page(form: ProductForm, view: VersionView | None, **more: Any) -> str:
    """The page of a product's form; ``view`` is the version that stands saved, ``more`` what else the page shows."""
    return render_template(
        "products/edit.html",
        form=form,
        shown=view,
        carried=describing.carried(view.product) if view else [],
        may_state=[localized(*PRODUCT_TYPES[kind]) for kind in KINDS],
        industries=sections(),
        actor=current_actor(),
        **more,
    )


def form_over(view: VersionView | None) -> ProductForm:
    """The form as it was sent, or as ``view`` fills it, with the fields of the type that was chosen or stands."""
    sheet = sheet_of(view.product if view else blank("", _NOBODY, on=today()))
    fingerprint = view.fingerprint if view else ""
    return product_form(sheet, fingerprint, product_type=request.form.get("product_type"))


def _asks_for_type() -> bool:
    """Whether only the fields of another type are wanted: nothing is saved, and what was typed stays."""
    return request.form.get("step") == "type"


def show_refusal(form: ProductForm, error: FinmartError) -> int:
    """Show on ``form`` why it was refused; the status of the answer."""
    if isinstance(error, DraftRefused):
        form.show(error.faults)
        return 422
    form.form_errors.append(say(error.message))
    return status_of(error)


@blueprint.route("/institution/products/new", methods=["GET", "POST"])
@requires(Permission.OWN_PRODUCTS_WRITE)
def new_product() -> Answer:
    """A new product, as a draft."""
    form = form_over(None)
    if _asks_for_type():
        return product_page(form, None)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            code = writing.add_product(current_actor(), form.sheet())
        except FinmartError as error:
            status = show_refusal(form, error)
        else:
            flash(_("草稿已保存。核对无误后请提交复核。"), "good")
            return redirect(url_for("products.own_product", code=code))
    return product_page(form, None), status


@blueprint.route("/institution/products/<code>/edit", methods=["GET", "POST"])
@requires(Permission.OWN_PRODUCTS_WRITE)
def edit_product(code: str) -> Answer:
    """Change the draft of a product, or begin one from what is published."""
    view = desk.editable(current_actor(), code)
    form = form_over(view)
    if _asks_for_type():
        return product_page(form, view)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            number = writing.save_draft(current_actor(), code, form.sheet(), fingerprint=form.fingerprint.data)
        except FinmartError as error:
            status = show_refusal(form, error)
        else:
            flash(_("草稿已保存。核对无误后请提交复核。"), "good")
            return redirect(url_for("products.own_version", code=code, number=number))
    return product_page(form, view), status


@blueprint.post("/institution/products/<code>/submit")
@requires(Permission.OWN_PRODUCTS_WRITE)
def submit(code: str) -> Answer:
    """Hand the draft to a colleague."""
    writing.submit(current_actor(), code)
    flash(_("已提交。另一位同事（没有其他复核人时由平台运营方）复核通过后才会公开。"), "good")
    return redirect(url_for("products.own_product", code=code))


@blueprint.post("/institution/products/<code>/recall")
@requires(Permission.OWN_PRODUCTS_WRITE)
def recall(code: str) -> Answer:
    """Take the draft back before somebody has decided."""
    writing.recall(current_actor(), code)
    flash(_("已撤回，可以继续修改。"), "good")
    return redirect(url_for("products.own_product", code=code))


@blueprint.post("/institution/products/<code>/discard")
@requires(Permission.OWN_PRODUCTS_WRITE)
def discard(code: str) -> Answer:
    """Give the draft up."""
    writing.discard(current_actor(), code)
    flash(_("草稿已放弃，公开的内容没有变化。"), "good")
    return redirect(url_for("products.own"))
