"""A person's messages: the list, one of them, and marking them as read. Looking at a message marks nothing."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.authz.permissions import Permission
from finmart.platform.notices.service.inbox import (
    list_messages,
    mark_all_read,
    mark_read,
    read_message,
    unread_count,
    unread_elsewhere,
)
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.menu import MenuItem
from finmart.platform.web.navigation import use_unread_count
from finmart.platform.web.pages import page_number
from finmart.platform.web.routes import safe_address

blueprint = Blueprint("notices", __name__, url_prefix="/messages")


@blueprint.get("")
@requires(Permission.OWN_MESSAGES_READ)
def messages() -> str:
    """Unread ones first, then the newest."""
    actor = current_actor()
    unread_only = request.args.get("show") == "unread"
    return render_template(
        "messages/list.html",
        page=list_messages(actor, unread_only=unread_only, number=page_number(request.args.get("page"))),
        unread_only=unread_only,
        unread=unread_count(actor),
        elsewhere=unread_elsewhere(actor),
    )


@blueprint.get("/<public_id>")
@requires(Permission.OWN_MESSAGES_READ)
def message(public_id: str) -> str:
    """One message with what to do next."""
    return render_template("messages/message.html", message=read_message(current_actor(), public_id))


@blueprint.post("/<public_id>/read")
@requires(Permission.OWN_MESSAGES_READ)
def read(public_id: str) -> Response:
    """Mark one message; ``go`` leads on to what it is about."""
    found = mark_read(current_actor(), public_id)
    if request.form.get("go") and found.path:
        return redirect(safe_address(found.path))
    return redirect(url_for("notices.messages"))


@blueprint.post("/read-all")
@requires(Permission.OWN_MESSAGES_READ)
def read_all() -> Response:
    """Mark everything that this person can read."""
    count = mark_all_read(current_actor())
    flash(_("已将 %(count)s 条消息标为已读。", count=count), "good")
    return redirect(url_for("notices.messages"))


blueprints = (blueprint,)

MENU: tuple[MenuItem, ...] = ()

use_unread_count(unread_count)
