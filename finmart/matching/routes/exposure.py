"""How often products are read, shown, opened and applied for: for officials, and for the institution itself."""

from collections.abc import Iterator

from flask import Response as FileResponse
from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.matching.insights.service import exposure as service
from finmart.matching.insights.service.scope import fewest, sees_all
from finmart.matching.insights.types.exposure import MEASURE_TEXTS, PERIODS, Exposure
from finmart.matching.insights.types.figures import Line, NotCounted
from finmart.matching.routes.blueprint import blueprint
from finmart.platform.authz.permissions import Permission
from finmart.platform.files.inspection.sheets import SheetOut, as_csv, as_xlsx
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.language import current_language, localized
from finmart.products import service as products
from finmart.reference import regions

Answer = str | Response | tuple[str, int]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _asked() -> tuple[int, bool]:
    """The period of this request, and whether the demonstration's cases are asked for."""
    days = request.values.get("days", "")
    cases = request.values.get("cases", "")
    demonstration = cases == "demo" if cases in {"real", "demo"} else service.shows_demonstration()
    return (int(days) if days.isdecimal() and len(days) < 5 else PERIODS[0]), demonstration


@blueprint.get("/official/exposure")
@requires(Permission.REGION_FIGURES_READ)
def exposure() -> Answer:
    """What was read, shown, opened and applied for, by institution and product."""
    actor = current_actor()
    days, demonstration = _asked()
    try:
        found = service.exposure(actor, days, demonstration=demonstration)
    except NotCounted:
        return render_template("official/uncounted.html")
    by_code = products.published_catalogue().by_code
    names = {one.code: localized(one.name_zh, one.name_en) for one in by_code.values()}
    owners = {one.institution.code: one.institution for one in by_code.values()}
    return render_template(
        "official/exposure.html",
        found=found,
        names=names,
        owners={code: localized(one.name_zh, one.name_en) for code, one in owners.items()},
        texts=MEASURE_TEXTS,
        periods=PERIODS,
        days=(found.span.until - found.span.since).days + 1,
        least=fewest(),
        only="" if sees_all(actor.region) else regions.label(actor.region or "", current_language()),
    )


@blueprint.post("/official/exposure/export")
@requires(Permission.REGION_FIGURES_EXPORT)
def export_exposure() -> Answer:
    """The figures of the page as a workbook or CSV; that they were taken is recorded."""
    days, demonstration = _asked()
    found = service.exposure(current_actor(), days, demonstration=demonstration)
    service.note_export(current_actor(), found)
    kind = "csv" if request.form.get("format") == "csv" else "xlsx"
    head = (
        *(_("开始日期"), _("截止日期"), _("数据"), _("层级"), _("机构代码"), _("机构"), _("产品代码"), _("产品")),
        _("产品页阅读次数"),
        *(_(text.name) for text in MEASURE_TEXTS.values()),
    )
    rows = list(_rows(found))
    about = [[_("标“*”的数字不写出：真实数据中少于 %(least)s 的，以及能由它推算出前者的。", least=fewest())]]
    about += [[_(text.name), _(text.basis)] for text in MEASURE_TEXTS.values()]
    sheets = [SheetOut(_("产品展示"), head, rows), SheetOut(_("口径说明"), [_("说明")], about)]
    answer = (
        FileResponse(as_csv(head, rows), mimetype="text/csv")
        if kind == "csv"
        else FileResponse(as_xlsx(sheets), mimetype=XLSX)
    )
    name = f"finmart-exposure-{found.span.until.isoformat()}.{kind}"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


def _rows(found: Exposure) -> Iterator[list[str]]:
    """The whole, each institution, each of its products; every figure as it may be written down."""
    by_code = products.published_catalogue().by_code
    owners = {one.institution.code: one.institution for one in by_code.values()}
    data = _("演示数据") if found.span.demonstration else _("真实数据")
    ends = [found.span.since.isoformat(), found.span.until.isoformat(), data]
    yield [*ends, _("合计"), "", "", "", "", str(found.reads), *_shown(found.whole)]
    for one in found.institutions:
        owner = [one.code, localized(owners[one.code].name_zh, owners[one.code].name_en)]
        yield [*ends, _("机构"), *owner, "", "", str(one.reads), *_shown(one.line)]
        for each in one.products:
            product = by_code[each.code]
            name = localized(product.name_zh, product.name_en)
            yield [*ends, _("产品"), *owner, each.code, name, str(each.reads), *_shown(each.line)]


def _shown(line: Line) -> list[str]:
    return [line.figures[measure].shown for measure in MEASURE_TEXTS]


@blueprint.get("/institution/products/<code>/attention")
@requires(Permission.OWN_PRODUCTS_READ)
def attention(code: str) -> Answer:
    """How often an own product was read, shown and applied for: a part of the product's page."""
    span, found = service.own_product(current_actor(), code)
    days = (span.until - span.since).days + 1
    return render_template("products/_attention.html", span=span, found=found, days=days, texts=MEASURE_TEXTS)
