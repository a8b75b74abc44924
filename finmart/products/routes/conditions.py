"""The editor: what a draft's conditions are, and building one of them part by part."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.conditions.leaves import COMPARISONS, LISTS, operators_of, unit_asked
from finmart.conditions.types import WindowOf
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.kernel.messages import Message
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of
from finmart.platform.web.language import current_language, localized
from finmart.products.drafts.service import conditions as service
from finmart.products.drafts.service import desk
from finmart.products.drafts.types import VersionView
from finmart.products.forms.builder import Builder, begun, continued, said
from finmart.products.routes.blueprint import blueprint
from finmart.products.search.facts import found_facts
from finmart.reference.facts import FactDefinition, facts

Answer = str | Response | tuple[str, int]
NEW = "new"
#: Kinds of facts that a number can be compared with.
NUMBERS = frozenset({"money", "count", "years", "months", "days", "ratio"})


def operator_words() -> dict[str, str]:
    """What a leaf may ask, in words."""
    return {
        "ge": _("不低于（≥）"),
        "gt": _("高于（>）"),
        "le": _("不高于（≤）"),
        "lt": _("低于（<）"),
        "eq": _("等于（=）"),
        "ne": _("不等于（≠）"),
        "in": _("是其中之一"),
        "not_in": _("不是其中任何一个"),
        "has_any": _("至少有其中一项"),
        "has_all": _("其中每一项都有"),
        "has_none": _("其中一项都没有"),
        "industry_in": _("属于这些行业"),
        "region_in": _("在这些地区"),
        "is": _("是或否"),
        "on_list": _("仍在有效期内"),
    }


def group_words() -> dict[str, str]:
    """What groups ask of their parts, in words."""
    return {
        "all": _("以下全部满足"),
        "any": _("以下满足任意一项"),
        "at_least": _("以下至少满足几项"),
        "not": _("以下都不满足"),
        "unless": _("除非满足第一项，否则须满足第二项"),
    }


def window_words() -> dict[str, str]:
    """What a window works out, in words."""
    return {
        "sum": _("合计"),
        "mean": _("月均"),
        "max": _("最高的一个月"),
        "min": _("最低的一个月"),
        "count": _("有发生额的月数"),
        "growth": _("比此前同样长的时间增长"),
        "longest_gap": _("最长连续中断几个月"),
        "covers": _("记录覆盖几个月"),
    }


def unit_words() -> dict[str, str]:
    """The measures in which values are typed."""
    return {
        "money": _("万元"),
        "ratio": "%",
        "years": _("年"),
        "months": _("个月"),
        "days": _("天"),
    }


@blueprint.get("/institution/products/<code>/conditions")
@requires(Permission.OWN_PRODUCTS_WRITE)
def conditions(code: str) -> Answer:
    """The conditions of the draft, or of what a draft would start from."""
    actor = current_actor()
    view = desk.editable(actor, code)
    clauses = [(clause, said(clause.condition)) for clause in service.editable_clauses(view.product)]
    return render_template("products/conditions.html", shown=view, clauses=clauses, most=service.MOST, actor=actor)


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
    definition = builder.definition
    return render_template(
        "products/condition.html",
        shown=view,
        key=key,
        builder=builder,
        definition=definition,
        required=required,
        note=note,
        refused=refused or (_worded(builder) if builder.fault else ""),
        found=found_facts(builder.query),
        operators=[(name, operator_words()[name]) for name in operators_of(definition)] if definition else [],
        comparable=_comparable(definition) if definition else [],
        unit=_unit(builder),
        groups=group_words(),
        windows=window_words(),
        lists=LISTS,
        comparisons=COMPARISONS,
    )


def _worded(builder: Builder) -> str:
    fault = builder.fault
    if fault is None:
        return ""
    known = facts().get(str(fault.params.get("key", "")))
    params = {**fault.params, **({"key": localized(known.label_zh, known.label_en)} if known else {})}
    return say(Message(fault.msgid, params))


def _unit(builder: Builder) -> str:
    found = builder.fields
    if found is None or (found.of and found.of not in set(WindowOf)):
        return ""
    return "%" if found.other else unit_words().get(unit_asked(found), "")


def _comparable(definition: FactDefinition) -> list[tuple[str, str]]:
    """Other facts in the same unit: a number may be compared with a share of one of them."""
    if definition.kind not in NUMBERS and definition.kind != "series":
        return []
    english = current_language() == "en"
    return [
        (known.key, known.label_en if english else known.label_zh)
        for known in facts().values()
        if known.unit == definition.unit and known.kind in NUMBERS and known.key != definition.key
    ]
