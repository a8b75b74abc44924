"""The editor: what a draft's conditions are, and building one of them part by part."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of
from finmart.products.drafts.service import conditions as service
from finmart.products.drafts.service import desk
from finmart.products.drafts.types import VersionView
from finmart.products.forms.builder import Builder, begun, continued, said, said_value
from finmart.products.routes.blueprint import blueprint
from finmart.products.routes.building import build_context

Answer = str | Response | tuple[str, int]
NEW = "new"


@blueprint.get("/institution/products/<code>/conditions")
@requires(Permission.OWN_PRODUCTS_WRITE)
def conditions(code: str) -> Answer:
    """The conditions of the draft, or of what a draft would start from."""
    actor = current_actor()
    view = desk.editable(actor, code)
    clauses = [(clause, said(clause.condition)) for clause in service.editable_clauses(view.product)]
    ways = [(way, said_value(way.limit) if way.limit else "") for way in view.product.variants]
    return render_template(
        "products/conditions.html", shown=view, clauses=clauses, ways=ways, most=service.MOST, actor=actor
    )


@blueprint.route("/institution/products/<code>/conditions/<key>", methods=["GET", "POST"])
@requires(Permission.OWN_PRODUCTS_WRITE)
def edit_condition(code: str, key: str) -> Answer:
    """Build one condition; every button answers with the same page, and only "save" writes something."""
    view = desk.editable(current_actor(), code)
    old = None if key == NEW else service.clause_of(view.product, key)
    if request.method == "GET":
        required, note = (old.required, old.note_zh) if old else (True, "")
        return _page(view, key, begun(old.condition if old else {}), required=required, note=note)
    builder = continued(request.form)
    required, note = request.form.get("required") != "no", request.form.get("note", "")
    if builder.fault is not None:
        return _page(view, key, builder, required=required, note=note), 422
    if request.form.get("do") != "save":
        return _page(view, key, builder, required=required, note=note)
    try:
        number = service.put_condition(
            current_actor(),
            code,
            builder.tree,
            key="" if old is None else key,
            required=required,
            note_zh=note,
            fingerprint=request.form.get("fingerprint", ""),
        )
    except FinmartError as error:
        return _page(view, key, builder, required=required, note=note, refused=say(error.message)), status_of(error)
    flash(_("条件已保存到第 %(number)s 版草稿。", number=number), "good")
    return redirect(url_for("products.conditions", code=code))


@blueprint.post("/institution/products/<code>/conditions/<key>/remove")
@requires(Permission.OWN_PRODUCTS_WRITE)
def remove_condition(code: str, key: str) -> Answer:
    """Take a condition out of the draft."""
    service.drop_condition(current_actor(), code, key, fingerprint=request.form.get("fingerprint", ""))
    flash(_("条件已从草稿中删除，公开的内容没有变化。"), "good")
    return redirect(url_for("products.conditions", code=code))


def _page(view: VersionView, key: str, builder: Builder, *, required: bool, note: str, refused: str = "") -> str:
    return render_template(
        "products/condition.html", shown=view, key=key, required=required, note=note, **build_context(builder, refused)
    )
