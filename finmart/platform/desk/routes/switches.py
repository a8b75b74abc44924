"""Feature switches: how each stands, what happens when it is off, and turning it."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.authz.permissions import Permission
from finmart.platform.desk.forms import ReasonForm
from finmart.platform.desk.routes.blueprint import blueprint
from finmart.platform.desk.routes.doing import attempt
from finmart.platform.switches.service import list_switches, turn
from finmart.platform.switches.types import SwitchUnknown
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor

Answer = str | Response | tuple[str, int]


@blueprint.get("/switches")
@requires(Permission.ALL_SWITCHES_MANAGE)
def switches() -> str:
    """All switches."""
    return render_template("operator/switches.html", switches=list_switches(current_actor()))


@blueprint.route("/switches/<name>", methods=["GET", "POST"])
@requires(Permission.ALL_SWITCHES_MANAGE)
def switch(name: str) -> Answer:
    """One switch: say why, and turn it."""
    actor = current_actor()
    found = next((view for view in list_switches(actor) if view.switch == name), None)
    if found is None:
        raise SwitchUnknown
    form = ReasonForm()
    status = 200
    if form.is_submitted():
        on = request.form.get("on") == "1"
        refused = attempt(form, lambda: turn(actor, name, on=on, reason=form.reason.data))
        if refused is None:
            flash(_("已开启。") if on else _("已关闭，页面会向用户说明。"), "good")
            return redirect(url_for("desk.switches"))
        status = refused
    return render_template("operator/switch.html", feature=found, form=form), status
