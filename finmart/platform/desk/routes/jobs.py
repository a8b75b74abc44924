"""Failed work: jobs of the outbox, deliveries of messages, and jobs that come back."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.authz.permissions import Permission
from finmart.platform.desk.forms import ReasonForm
from finmart.platform.desk.job_words import FAULT_WORDS, JOB_WORDS, KIND_WORDS
from finmart.platform.desk.routes.blueprint import blueprint
from finmart.platform.desk.routes.doing import attempt
from finmart.platform.jobs.operating import (
    JobState,
    drop_job,
    job_counts,
    list_jobs,
    list_periodic,
    read_job,
    retry_job,
)
from finmart.platform.notices.service.delivering import (
    delivery_counts,
    drop_delivery,
    list_deliveries,
    read_delivery,
    retry_delivery,
)
from finmart.platform.notices.types import CHANNEL_WORDS, DELIVERY_WORDS, DeliveryState
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.pages import Page, page_number

Answer = str | Response | tuple[str, int]

PAGE_SIZE = 30


@blueprint.get("/jobs")
@requires(Permission.ALL_JOBS_READ)
def jobs() -> str:
    """Work that failed, waits or was given up, and the jobs that come back."""
    actor = current_actor()
    state = request.args.get("state", "")
    chosen = JobState(state) if state in set(JobState) else JobState.FAILED
    number = page_number(request.args.get("page"))
    rows, total = list_jobs(actor, chosen, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    return render_template(
        "operator/jobs.html",
        page=Page(rows, total, number, PAGE_SIZE),
        state=chosen,
        counts=job_counts(actor),
        deliveries=delivery_counts(actor)[DeliveryState.FAILED],
        periodic=list_periodic(actor),
        job_words=JOB_WORDS,
    )


@blueprint.post("/jobs/<int:number>/retry")
@requires(Permission.ALL_JOBS_RETRY)
def retry_failed_job(number: int) -> Response:
    """Do failed work again."""
    retry_job(current_actor(), number)
    flash(_("已重新排队，稍后自动执行。"), "good")
    return redirect(url_for("desk.jobs"))


@blueprint.route("/jobs/<int:number>/drop", methods=["GET", "POST"])
@requires(Permission.ALL_JOBS_RETRY)
def drop_failed_job(number: int) -> Answer:
    """Give failed work up, with the reason."""
    actor = current_actor()
    job = read_job(actor, number)
    form = ReasonForm()
    status = 200
    if form.is_submitted():
        refused = attempt(form, lambda: drop_job(actor, number, reason=form.reason.data))
        if refused is None:
            flash(_("已放弃这个任务。"), "good")
            return redirect(url_for("desk.jobs"))
        status = refused
    return render_template("operator/job_drop.html", job=job, form=form, job_words=JOB_WORDS), status


@blueprint.get("/deliveries")
@requires(Permission.ALL_JOBS_READ)
def deliveries() -> str:
    """Messages by e-mail and text message that failed or wait."""
    actor = current_actor()
    state = request.args.get("state", "")
    chosen = DeliveryState(state) if state in set(DeliveryState) else DeliveryState.FAILED
    return render_template(
        "operator/deliveries.html",
        page=list_deliveries(actor, chosen, number=page_number(request.args.get("page"))),
        state=chosen,
        counts=delivery_counts(actor),
        states=(DeliveryState.FAILED, DeliveryState.WAITING, DeliveryState.SENT, DeliveryState.DROPPED),
        state_words=DELIVERY_WORDS,
        channel_words=CHANNEL_WORDS,
        fault_words=FAULT_WORDS,
        kind_words=KIND_WORDS,
    )


@blueprint.post("/deliveries/<public_id>/retry")
@requires(Permission.ALL_JOBS_RETRY)
def retry_failed_delivery(public_id: str) -> Response:
    """Send a failed one again."""
    retry_delivery(current_actor(), public_id)
    flash(_("已重新排队，稍后自动发送。"), "good")
    return redirect(url_for("desk.deliveries"))


@blueprint.route("/deliveries/<public_id>/drop", methods=["GET", "POST"])
@requires(Permission.ALL_JOBS_RETRY)
def drop_failed_delivery(public_id: str) -> Answer:
    """Give a failed one up; the message stays in the site."""
    actor = current_actor()
    delivery = read_delivery(actor, public_id)
    form = ReasonForm()
    status = 200
    if form.is_submitted():
        refused = attempt(form, lambda: drop_delivery(actor, public_id, reason=form.reason.data))
        if refused is None:
            flash(_("已放弃发送，站内消息不受影响。"), "good")
            return redirect(url_for("desk.deliveries"))
        status = refused
    page = render_template(
        "operator/delivery_drop.html",
        delivery=delivery,
        form=form,
        channel_words=CHANNEL_WORDS,
        fault_words=FAULT_WORDS,
        kind_words=KIND_WORDS,
    )
    return page, status
