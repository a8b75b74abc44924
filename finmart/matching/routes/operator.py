"""The operator's pages: stored runs in the order they were ranked, and working one out again."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.matching.routes import presentation
from finmart.matching.routes.blueprint import blueprint
from finmart.matching.service import runs
from finmart.platform.authz.permissions import Permission
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.pages import page_number

Answer = str | Response | tuple[str, int]

KINDS = ("demand", "batch")


@blueprint.get("/operator/runs")
@requires(Permission.ALL_RUNS_READ)
def stored_runs() -> Answer:
    """Every stored run, newest first; of one batch when it is named."""
    kind = request.args.get("kind", "")
    actor = current_actor()
    number = page_number(request.args.get("page"))
    batch = request.args.get("batch", "")[:12]
    return render_template(
        "runs/list.html",
        page=runs.list_runs(actor, kind=kind if kind in KINDS else None, batch=batch or None, number=number),
        batches=runs.list_batches(actor),
        kind=kind if kind in KINDS else "",
        batch=batch,
    )


@blueprint.get("/operator/runs/<public_id>")
@requires(Permission.ALL_RUNS_READ)
def stored_run(public_id: str) -> Answer:
    """One run in the order it was ranked; the facts it used stay the applicant's."""
    found = runs.read_run(current_actor(), public_id)
    shown = presentation.page_of(found, "", page_number(request.args.get("page")), with_facts=False, size=50)
    return render_template("runs/run.html", run=found, page=shown, criteria=found.ruleset.rule.criteria)


@blueprint.post("/operator/runs/<public_id>/replay")
@requires(Permission.ALL_RUNS_REPLAY)
def replay(public_id: str) -> Answer:
    """Work the run out again from what it stored, and say whether every row is the same."""
    found = runs.replay_run(current_actor(), public_id)
    if found.identical:
        flash(_("重算结果与存档完全一致：%(rows)s 行逐行相同。", rows=found.rows), "good")
    else:
        flash(_("重算结果与存档不一致：%(count)s 行不同。", count=len(found.differences)), "bad")
    return redirect(url_for("matching.stored_run", public_id=public_id))
