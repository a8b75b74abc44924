"""The editor of a limit's formula: the same builder, whose whole is a value instead of a condition."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of
from finmart.products.drafts.service import desk
from finmart.products.drafts.service import limits as service
from finmart.products.drafts.types import VersionView
from finmart.products.forms.builder import Builder, begun, continued
from finmart.products.routes.blueprint import blueprint
from finmart.products.routes.building import build_context

Answer = str | Response | tuple[str, int]


@blueprint.route("/institution/products/<code>/limits/<key>", methods=["GET", "POST"])
@requires(Permission.OWN_PRODUCTS_WRITE)
def edit_limit(code: str, key: str) -> Answer:
    """Build the formula of one way of getting the product; only "save" and "clear" write something."""
    view = desk.editable(current_actor(), code)
    way = service.way_of(view.product, key)
    if request.method == "GET":
        return _page(view, key, begun(way.limit or {}, "value"))
    action = request.form.get("do")
    builder = begun({}, "value") if action == "clear" else continued(request.form, "value")
    if builder.fault is not None:
        return _page(view, key, builder), 422
    if action not in ("save", "clear"):
        return _page(view, key, builder)
    formula = None if action == "clear" else builder.tree
    try:
        number = service.put_limit(current_actor(), code, key, formula, fingerprint=request.form.get("fingerprint", ""))
    except FinmartError as error:
        return _page(view, key, builder, refused=say(error.message)), status_of(error)
    flash(_("额度公式已保存到第 %(number)s 版草稿。", number=number), "good")
    return redirect(url_for("products.conditions", code=code))


def _page(view: VersionView, key: str, builder: Builder, refused: str = "") -> str:
    way = service.way_of(view.product, key)
    return render_template("products/limit.html", shown=view, way=way, key=key, **build_context(builder, refused))
