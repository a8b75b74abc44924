"""The operator's list of deliveries: what came, what became of it, and whether the counts add up."""

from flask import render_template, request

from finmart.credit.datasets.registry import DATASETS
from finmart.credit.routes import wording
from finmart.credit.routes.blueprint import blueprint
from finmart.credit.service import deliveries
from finmart.credit.types.states import BATCH_STATE_WORDS
from finmart.credit.types.values import BatchView
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.messages import Message
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say
from finmart.platform.web.pages import page_number


@blueprint.get("/operator/batches")
@requires(Permission.ALL_BATCHES_READ)
def batches() -> str:
    """Deliveries, newest first, of one data set or in one state where the address says so."""
    dataset, state = request.args.get("dataset", ""), request.args.get("state", "")
    page = deliveries.list_batches(
        current_actor(),
        dataset=dataset if dataset in DATASETS else "",
        state=state if state in BATCH_STATE_WORDS else "",
        number=page_number(request.args.get("page")),
    )
    return render_template(
        "credit/batches.html",
        page=page,
        dataset=dataset,
        state=state,
        datasets=DATASETS.values(),
        states=BATCH_STATE_WORDS,
        words=wording,
    )


@blueprint.get("/operator/batches/<public_id>")
@requires(Permission.ALL_BATCHES_READ)
def batch(public_id: str) -> str:
    """One delivery: counts, assertions, files, and rows set aside."""
    actor = current_actor()
    view = deliveries.read_batch(actor, public_id)
    rows = deliveries.list_quarantine(actor, batch=public_id, number=page_number(request.args.get("page")))
    return render_template(
        "credit/batch.html",
        batch=view,
        dataset=DATASETS[view.dataset],
        problem=_problem(view),
        rows=rows,
        states=BATCH_STATE_WORDS,
        reasons=wording.reasons(rows.items),
        words=wording,
    )


def _problem(view: BatchView) -> str:
    if view.error is None:
        return ""
    msgid, params = view.error
    return say(Message(msgid, params))
