"""Whom the shelf has something for: groups of subjects, types of product, and products that fit fewest."""

from collections.abc import Sequence

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.matching.insights.service import coverage as service
from finmart.matching.insights.service import labels
from finmart.matching.insights.service.scope import sees_all
from finmart.matching.insights.types.coverage import (
    ALL,
    DEMANDING,
    STAGE_TEXTS,
    STANDINGS,
    Coverage,
    ProductLine,
    Stage,
)
from finmart.matching.insights.types.figures import UNKNOWN, Line, NotCounted
from finmart.matching.insights.types.stages import Dimension
from finmart.matching.routes.blueprint import blueprint
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.messages import N_
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.language import current_language, localized
from finmart.products import service as products
from finmart.products.labels import PRODUCT_TYPES
from finmart.reference import regions

Answer = str | Response | tuple[str, int]
#: Products of a list that the page shows.
SHOWN = 50
SHELVES = {ALL: N_("全部产品"), DEMANDING: N_("提出经营或信用条件的产品")}


def _shelf(code: str) -> str:
    if code in SHELVES:
        return str(_(SHELVES[code]))
    known = PRODUCT_TYPES.get(code)
    return localized(known.zh, known.en) if known else code


def _group(along: str, code: str) -> str:
    dimension = Dimension(along)
    if dimension is Dimension.DISTRICT and code == UNKNOWN:
        return str(_("跨区县的开发区，或登记地未知"))
    msgid = labels.msgid(dimension, code)
    if msgid is not None:
        return str(_(msgid))
    return labels.place_or_section(dimension, code, current_language()) or code


def _rising(along: str, lines: Sequence[Line]) -> list[tuple[str, int, str]]:
    """Bars of the share that meets something, the smallest first; a share that may not be told has no bar."""
    shares = [(_group(along, line.code), line.share(Stage.MET, Stage.SUBJECTS)) for line in lines]
    return sorted(((name, part, "") for name, part in shares if part is not None), key=lambda bar: bar[1])


def _lists(found: Coverage) -> dict[str, list[ProductLine]]:
    """Products by what there is of subjects for them; a figure that is hidden is some."""
    lists: dict[str, list[ProductLine]] = {"nobody": [], "perhaps": [], "somebody": []}
    for one in found.products:
        met, open_ = (one.line.figures[stage] for stage in (Stage.MET, Stage.OPEN))
        some, may = met.few or met.value > 0, open_.few or open_.value > 0
        lists["somebody" if some else "perhaps" if may or one.unchecked else "nobody"].append(one)
    return lists


@blueprint.get("/official/coverage")
@requires(Permission.REGION_FIGURES_READ)
def coverage() -> Answer:
    """How the subjects of the official's region stood to the shelf when they were last counted."""
    actor = current_actor()
    real = service.holds(actor, demonstration=False)
    cases = request.args.get("cases", "")
    demonstration = cases == "demo" if cases in {"real", "demo"} else not real
    try:
        found = service.coverage(actor, request.args.get("shelf", ""), demonstration=demonstration)
    except NotCounted:
        return render_template("official/no_coverage.html")
    by_code = products.published_catalogue().by_code
    return render_template(
        "official/coverage.html",
        found=found,
        cases="demo" if demonstration else "real",
        both=real and service.holds(actor, demonstration=True),
        lists=_lists(found),
        products=by_code,
        standings=STANDINGS,
        texts=STAGE_TEXTS,
        shelf_name=_shelf,
        group_name=_group,
        rising=_rising,
        localized=localized,
        demanding=DEMANDING,
        shown=SHOWN,
        least=service.least_told(),
        only="" if sees_all(actor.region) else regions.label(actor.region or "", current_language()),
    )
