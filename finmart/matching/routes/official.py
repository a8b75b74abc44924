"""The officials' pages: figures by district and industry, each opening to its cases, and the file to take away."""

from flask import Response as FileResponse
from flask import abort, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.matching.insights.service import figures
from finmart.matching.insights.service.scope import sees_all
from finmart.matching.insights.types import FEW, MEASURE_TEXTS, Count, Dimension, Measure
from finmart.matching.routes.blueprint import blueprint
from finmart.platform.authz.permissions import Permission
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.language import current_language, localized
from finmart.products import service as products
from finmart.reference import regions

Answer = str | Response | tuple[str, int]
Bars = list[tuple[str, int, str]]


def _label(dimension: Dimension, code: str) -> str:
    return figures.code_label(dimension, code, current_language())


def _bars(count: Count, measure: Measure, dimension: Dimension) -> Bars:
    """Label, figure and the address of its cases, largest first; real and demonstration cases together."""
    sums: dict[str, int] = {}
    few = {cell.code for cell in count.by(measure, dimension) if cell.few}
    for cell in count.by(measure, dimension):
        sums[cell.code] = sums.get(cell.code, 0) + cell.value
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return [
        (
            _("%(label)s（另有真实需求 %(few)s）", label=_label(dimension, code), few=FEW)
            if code in few
            else _label(dimension, code),
            value,
            url_for("matching.figure", measure=measure.value, dimension=dimension.value, code=code),
        )
        for code, value in ordered
        if value or code in few
    ]


@blueprint.get("/official")
@requires(Permission.REGION_FIGURES_READ)
def overview() -> Answer:
    """Products, demands and matches by district and by industry, as they were last counted."""
    actor = current_actor()
    count = figures.last_count_or_none(actor)
    if count is None:
        return render_template("official/uncounted.html")
    charts = [(measure, dimension, _bars(count, measure, dimension)) for measure in Measure for dimension in Dimension]
    holds_demonstration = any(cell.demonstration for cell in count.cells)
    return render_template(
        "official/overview.html",
        count=count,
        charts=charts,
        texts=MEASURE_TEXTS,
        holds_demonstration=holds_demonstration,
        holds_few=any(cell.few for cell in count.cells),
        only="" if sees_all(actor.region) else regions.label(actor.region or "", current_language()),
    )


@blueprint.get("/official/figures/<measure>/<dimension>/<code>")
@requires(Permission.REGION_FIGURES_READ)
def figure(measure: str, dimension: str, code: str) -> Answer:
    """The cases that one figure counts: products by name, demands masked."""
    if measure not in set(Measure) or dimension not in set(Dimension):
        abort(404)
    wanted, along = Measure(measure), Dimension(dimension)
    actor = current_actor()
    count, members, few = figures.cell(actor, wanted, along, code)
    found = products.published_catalogue().by_code
    return render_template(
        "official/figure.html",
        count=count,
        measure=wanted,
        text=MEASURE_TEXTS[wanted],
        label=_label(along, code),
        few=few,
        products=[found[member] for member in members if member in found] if wanted is Measure.PRODUCTS else (),
        demands=() if wanted is Measure.PRODUCTS else figures.masked_demands(actor, members),
        place=lambda code: _label(Dimension.DISTRICT, code),
        section=lambda code: _label(Dimension.INDUSTRY, code),
        localized=localized,
    )


@blueprint.post("/official/export")
@requires(Permission.REGION_FIGURES_EXPORT)
def export() -> Answer:
    """The last count as a CSV file; that it was taken is recorded."""
    text = figures.export_csv(current_actor())
    # Spreadsheets read Chinese only with the byte order mark.
    answer = FileResponse("\ufeff" + text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=finmart-figures.csv"
    return answer
