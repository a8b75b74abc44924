"""The editor: what a draft's conditions are, and building one of them part by part."""

from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True)
class ConditionPage:
    """The page on which one condition is built, with everything that stands on it."""

    view: VersionView
    key: str
    builder: Builder
    required: bool
    note: str

    @property
    def old_key(self) -> str:
        """The condition that the new one takes the place of; empty where none does."""
        return "" if self.key == NEW else self.key

    def shown(self, refused: str = "", *, in_vain: bool = False, **more: Any) -> str:
        """The page as HTML; ``refused`` is why it could not be saved, ``more`` what else stands on it.

        ``in_vain``: it was to be tried and could not; why is said beside that button and nowhere else.
        """
        context = build_context(self.builder, refused)
        if in_vain:
            context |= {"refused": "", "untried": context["refused"]}
        return render_template(
            "products/condition.html",
            shown=self.view,
            key=self.key,
            required=self.required,
            note=self.note,
            actor=current_actor(),
            **context,
            **more,
        )


def condition_page(code: str, key: str) -> ConditionPage:
    """The page as it was sent, after what its button does; as it stands, before anything was sent.

    Raises ``ProductUnknown`` or ``ConditionUnknown``.
    """
    view = desk.editable(current_actor(), code)
    old = None if key == NEW else service.clause_of(view.product, key)
    if request.method == "GET":
        required, note = (old.required, old.note_zh) if old else (True, "")
        return ConditionPage(view, key, begun(old.condition if old else {}), required, note)
    required, note = request.form.get("required") != "no", request.form.get("note", "")
    return ConditionPage(view, key, continued(request.form), required, note)


@blueprint.route("/institution/products/<code>/conditions/<key>", methods=["GET", "POST"])
@requires(Permission.OWN_PRODUCTS_WRITE)
def edit_condition(code: str, key: str) -> Answer:
    """Build one condition; every button answers with the same page, and only "save" writes something."""
    page = condition_page(code, key)
    if page.builder.fault is not None:
        return page.shown(), 422
    if request.form.get("do") != "save":
        return page.shown()
    try:
        number = service.put_condition(
            current_actor(),
            code,
            page.builder.tree,
            key=page.old_key,
            required=page.required,
            note_zh=page.note,
            fingerprint=request.form.get("fingerprint", ""),
        )
    except FinmartError as error:
        return page.shown(say(error.message)), status_of(error)
    flash(_("条件已保存到第 %(number)s 版草稿。", number=number), "good")
    return redirect(url_for("products.conditions", code=code))


@blueprint.post("/institution/products/<code>/conditions/<key>/remove")
@requires(Permission.OWN_PRODUCTS_WRITE)
def remove_condition(code: str, key: str) -> Answer:
    """Take a condition out of the draft."""
    service.drop_condition(current_actor(), code, key, fingerprint=request.form.get("fingerprint", ""))
    flash(_("条件已从草稿中删除，公开的内容没有变化。"), "good")
    return redirect(url_for("products.conditions", code=code))
