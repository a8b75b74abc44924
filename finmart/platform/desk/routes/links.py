"""One-time links that still work: who they are for, when they end, and withdrawing one."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.accounts.service.issued import list_live_links, withdraw_link
from finmart.platform.accounts.types.kinds import ROLE_WORDS
from finmart.platform.accounts.types.links import LINK_PURPOSE_WORDS
from finmart.platform.authz.permissions import Permission
from finmart.platform.desk.routes.blueprint import blueprint
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.pages import page_number


@blueprint.get("/links")
@requires(Permission.ALL_USERS_READ)
def links() -> str:
    """Live links, those that end first first."""
    page = list_live_links(current_actor(), number=page_number(request.args.get("page")))
    return render_template("operator/links.html", page=page, purpose_words=LINK_PURPOSE_WORDS, role_words=ROLE_WORDS)


@blueprint.post("/links/<public_id>/withdraw")
@requires(Permission.ALL_USERS_MANAGE)
def withdraw_one_time_link(public_id: str) -> Response:
    """Withdraw one; whoever holds it is told that it no longer works."""
    withdraw_link(current_actor(), public_id)
    flash(_("链接已撤回，不能再使用。"), "good")
    return redirect(url_for("desk.links"))
