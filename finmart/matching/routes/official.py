"""The officials' pages: the funnel with its denominators, broken down, every number opening to its masked cases."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response as FileResponse
from flask import abort, g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.matching.forms.official import PeriodForm, UnmaskForm
from finmart.matching.insights.service import exporting, figures, labels, unmasking
from finmart.matching.insights.service.scope import fewest, sees_all
from finmart.matching.insights.types.figures import NotCounted, Question
from finmart.matching.insights.types.stages import (
    DAYS_TEXTS,
    DIMENSION_WORDS,
    FUNNEL,
    LEAD_STAGE_TEXTS,
    STAGE_TEXTS,
    STANDS,
    Dimension,
    LeadStage,
    Stage,
)
from finmart.matching.leads.types.states import STATE_WORDS as LEAD_STATE_WORDS
from finmart.matching.routes.blueprint import blueprint
from finmart.platform.authz.permissions import Permission
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of
from finmart.platform.web.filters import month
from finmart.platform.web.language import current_language, localized
from finmart.platform.web.pages import page_number
from finmart.products import service as products
from finmart.products.labels import PRODUCT_TYPES
from finmart.reference import regions

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Asked:
    """What the address asks for: the question, and the part of the address that asks for its data and period again."""

    question: Question
    args: dict[str, str]


def _month(name: str) -> date | None:
    """A month of the address as its first day; a whole date of an older address counts as its month."""
    try:
        return date.fromisoformat(f"{request.values.get(name, '')[:7]}-01")
    except ValueError:
        return None


def _asked() -> Asked:
    """The question of this request; without a choice, real cases, or the demonstration's where there are no others."""
    actor = current_actor()
    cases = request.values.get("cases", "")
    if cases not in {"real", "demo"}:
        cases = "real" if figures.holds(actor, demonstration=False) else "demo"
    where = {one: request.values.get(one.value, "")[:64] for one in Dimension if one.value in request.values}
    question = Question(cases == "demo", _month("since"), _month("until"), where)
    ends = (("since", question.since), ("until", question.until))
    period = {"cases": cases, **{name: _code(day) for name, day in ends if day}}
    return Asked(question, period)


def _code(month: date) -> str:
    return month.isoformat()[:7]


def _period_form(asked: Asked) -> PeriodForm:
    """The form of the period; a month of the address that has no demands stays to be chosen."""
    question = asked.question
    known = figures.months(current_actor(), demonstration=question.demonstration)
    days = sorted({*known, *(day.replace(day=1) for day in (question.since, question.until) if day)}, reverse=True)
    months = {_code(day): month(day, current_language()) for day in days}
    return PeriodForm(months, **{"since": "", "until": "", **asked.args})


def _name(along: str, code: str) -> str:
    dimension, language = Dimension(along), current_language()
    msgid = labels.msgid(dimension, code)
    if msgid is not None:
        return str(_(msgid))
    known = labels.place_or_section(dimension, code, language)
    if known is not None:
        return known
    if dimension is Dimension.PRODUCT_TYPE:
        label = PRODUCT_TYPES.get(code)
        return localized(label.zh, label.en) if label else code
    if "figure_names" not in g:
        # Asked once a page: a file names every institution once a figure.
        g.figure_names = labels.institution_names()
    zh, en = g.figure_names.get(code, (code, code)) if dimension is Dimension.INSTITUTION else (code, code)
    return localized(zh, en)


def _href(endpoint: str, stage: str, args: dict[str, str], **more: str) -> str:
    asked: dict[str, Any] = {**args, **more}
    return url_for(f"matching.{endpoint}", stage=stage, **asked)


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    return {
        "stage_texts": STAGE_TEXTS,
        "lead_stage_texts": LEAD_STAGE_TEXTS,
        "days_texts": DAYS_TEXTS,
        "dimension_words": DIMENSION_WORDS,
        "figure_name": _name,
        "figure_href": _href,
    }


@blueprint.get("/official")
@requires(Permission.REGION_FIGURES_READ)
def overview() -> Answer:
    """Demands and applications of the official's region as they were last counted."""
    actor = current_actor()
    try:
        head = figures.last_count(actor)
    except NotCounted:
        return render_template("official/uncounted.html")
    asked = _asked()
    question = asked.question
    demands = figures.demands(actor, question)
    return render_template(
        "official/overview.html",
        head=head,
        asked=asked,
        form=_period_form(asked),
        least=fewest(),
        funnel=demands.whole,
        stages=FUNNEL,
        stands=STANDS,
        timings=figures.timings(actor, question),
        demands_by=demands.by,
        applications_by=figures.applications(actor, question).by,
        products=figures.product_figures(actor),
        both=all(figures.holds(actor, demonstration=one) for one in (True, False)),
        only="" if sees_all(actor.region) else regions.label(actor.region or "", current_language()),
    )


@blueprint.get("/official/demands/by/<stage>")
@requires(Permission.REGION_FIGURES_READ)
def official_demands(stage: str) -> Answer:
    """The masked demands that one figure counts."""
    if stage not in set(Stage):
        abort(404)
    asked = _asked()
    page = figures.demand_cases(
        current_actor(), asked.question, Stage(stage), number=page_number(request.args.get("page"))
    )
    head = figures.last_count(current_actor())
    return render_template("official/demands.html", page=page, stage=stage, asked=asked, head=head)


@blueprint.get("/official/applications/by/<stage>")
@requires(Permission.REGION_FIGURES_READ)
def official_applications(stage: str) -> Answer:
    """The masked applications that one figure counts."""
    if stage not in set(LeadStage):
        abort(404)
    asked = _asked()
    page = figures.lead_cases(
        current_actor(), asked.question, LeadStage(stage), number=page_number(request.args.get("page"))
    )
    head = figures.last_count(current_actor())
    return render_template(
        "official/applications.html", page=page, stage=stage, asked=asked, head=head, lead_states=LEAD_STATE_WORDS
    )


@blueprint.route("/official/demands/<public_id>", methods=["GET", "POST"])
@requires(Permission.REGION_DEMANDS_UNMASK)
def official_demand(public_id: str) -> Answer:
    """One masked demand; its applicant's name after a reason, and the look is recorded."""
    actor = current_actor()
    found = unmasking.masked(actor, public_id)
    form = UnmaskForm()
    shown, status = None, 200
    if form.validate_on_submit():
        try:
            shown = unmasking.unmask(actor, public_id, reason=form.reason.data)
        except unmasking.UnmaskReasonMissing as error:
            form.form_errors.append(say(error.message))
            status = status_of(error)
    elif form.is_submitted():
        status = 422
    head = figures.last_count(actor)
    return render_template("official/demand.html", demand=found, form=form, shown=shown, head=head), status


@blueprint.get("/official/products/<dimension>/<code>")
@requires(Permission.REGION_FIGURES_READ)
def official_products(dimension: str, code: str) -> Answer:
    """The products that are open to a district or to an industry."""
    actor = current_actor()
    cells = [c for c in figures.product_figures(actor) if (c.dimension, c.code) == (dimension, code)]
    if not cells:
        abort(404)
    known = products.published_catalogue().by_code
    found = [known[member] for member in cells[0].members if member in known]
    head = figures.last_count(actor)
    title = _name(cells[0].dimension, code)
    return render_template("official/products.html", products=found, head=head, label=title, localized=localized)


@blueprint.post("/official/export")
@requires(Permission.REGION_FIGURES_EXPORT)
def export() -> Answer:
    """The figures that the page shows as an Excel or CSV file; that it was taken is recorded."""
    head, found = exporting.tables(current_actor(), _asked().question, _name, _)
    kind = request.form.get("format", "xlsx")
    if kind == "csv":
        answer = FileResponse(exporting.as_csv(found), mimetype="text/csv")
    else:
        kind = "xlsx"
        media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        answer = FileResponse(exporting.as_xlsx(found, _), mimetype=media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename=finmart-{head.as_of.isoformat()}.{kind}"
    return answer
