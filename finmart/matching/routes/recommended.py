"""The applicant's pages of products without a demand: the list with its changes, and the switch."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.matching.forms.recommending import SwitchForm
from finmart.matching.recommendations.service import reading
from finmart.matching.routes.blueprint import blueprint
from finmart.matching.routes.recommending import shown_recommended
from finmart.platform.authz.permissions import Permission
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor

Answer = str | Response | tuple[str, int]


@blueprint.get("/recommended")
@requires(Permission.OWN_DEMANDS_READ)
def recommended() -> str:
    """Every product whose conditions are met as far as they can be checked without a demand, and what changed."""
    return render_template("demands/recommended.html", found=shown_recommended(reading.recommended(current_actor())))


@blueprint.route("/account/recommended", methods=["GET", "POST"])
@requires(Permission.OWN_DEMANDS_WRITE)
def recommending() -> Answer:
    """Whether anything is worked out unasked; off deletes what was kept."""
    actor = current_actor()
    form = SwitchForm()
    if form.validate_on_submit():
        on = form.wanted.data == "on"
        reading.switch(actor, on=on)
        flash(_("已打开，稍后在“我的融资”里可以看到。") if on else _("已关闭，保存的内容已经删除。"), "good")
        return redirect(url_for("matching.recommending"))
    status = 422 if request.method == "POST" else 200
    return render_template("demands/recommending.html", form=form, is_on=reading.is_on(actor)), status
