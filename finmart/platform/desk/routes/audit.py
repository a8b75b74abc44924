"""The audit trail, read by whoever may."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.audit.service import AuditFilter, event_names, list_events
from finmart.platform.audit.verifying import FAULT_WORDS, last_verification
from finmart.platform.authz.permissions import Permission
from finmart.platform.desk.event_words import event_label, event_line
from finmart.platform.desk.jobs import ask_to_verify
from finmart.platform.desk.routes.blueprint import blueprint
from finmart.platform.extensions import limiter
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.pages import page_number

Answer = str | Response | tuple[str, int]

PAGE_SIZE = 50


@blueprint.get("/audit")
@requires(Permission.ALL_AUDIT_READ)
def audit() -> Answer:
    """What happened, newest first, by event and by what it happened to."""
    actor = current_actor()
    number = page_number(request.args.get("page"))
    which = AuditFilter(name=request.args.get("name", "")[:64], target=request.args.get("target", "").strip()[:64])
    # One row more than shown tells whether there is a next page without counting the whole trail.
    rows = list_events(actor, which, limit=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE)
    return render_template(
        "operator/audit.html",
        lines=[event_line(row) for row in rows[:PAGE_SIZE]],
        which=which,
        names=[(name, event_label(name)) for name in event_names(actor)],
        number=number,
        more=len(rows) > PAGE_SIZE,
        check=last_verification(actor),
        fault_words=FAULT_WORDS,
        may_verify=actor.may(Permission.ALL_AUDIT_VERIFY),
    )


@blueprint.post("/audit/verify")
@requires(Permission.ALL_AUDIT_VERIFY)
@limiter.limit("5 per hour")
def verify_audit() -> Answer:
    """Have the whole chain recomputed; a long trail takes a while, so it is done beside the requests."""
    ask_to_verify(current_actor())
    flash(_("已开始核对，完成后结果显示在本页上方。"), "success")
    return redirect(url_for("desk.audit"))
