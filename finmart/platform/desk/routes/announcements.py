"""Announcements: drafts, publishing, taking down."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from finmart.platform.announcements.service import (
    change,
    draft,
    list_announcements,
    publish,
    read_announcement,
    withdraw,
)
from finmart.platform.announcements.types import (
    ANNOUNCEMENT_WORDS,
    AUDIENCE_WORDS,
    AnnouncementState,
    AnnouncementView,
    Audience,
    Reach,
    Wording,
)
from finmart.platform.authz.permissions import Permission
from finmart.platform.desk.forms import ActionForm, ReasonForm
from finmart.platform.desk.operation_forms import AnnouncementForm
from finmart.platform.desk.routes.blueprint import blueprint
from finmart.platform.desk.routes.choices import region_choices
from finmart.platform.desk.routes.doing import attempt
from finmart.platform.kernel.clock import today
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.pages import page_number
from finmart.reference import regions

Answer = str | Response | tuple[str, int]

A_WEEK = timedelta(days=7)


@blueprint.get("/announcements")
@requires(Permission.ALL_ANNOUNCEMENTS_MANAGE)
def announcements() -> str:
    """All announcements, or those in one state."""
    state = request.args.get("state", "")
    page = list_announcements(
        current_actor(),
        state=AnnouncementState(state) if state in set(AnnouncementState) else None,
        number=page_number(request.args.get("page")),
    )
    return render_template(
        "operator/announcements.html",
        page=page,
        state=state,
        state_words=ANNOUNCEMENT_WORDS,
        audience_words=AUDIENCE_WORDS,
        region_label=regions.label,
        today=today(),
    )


@blueprint.route("/announcements/new", methods=["GET", "POST"])
@requires(Permission.ALL_ANNOUNCEMENTS_MANAGE)
def new_announcement() -> Answer:
    """Write a draft."""
    form = _form()
    made: list[str] = []
    status = 200
    if form.is_submitted():
        refused = attempt(form, lambda: made.append(draft(current_actor(), _wording(form), _reach(form))))
        if refused is None:
            flash(_("草稿已保存，核对后再发布。"), "good")
            return redirect(url_for("desk.announcement", public_id=made[0]))
        status = refused
    return render_template("operator/announcement_form.html", form=form, announcement=None), status


@blueprint.get("/announcements/<public_id>")
@requires(Permission.ALL_ANNOUNCEMENTS_MANAGE)
def announcement(public_id: str) -> Answer:
    """One announcement as readers will see it, and what can be done."""
    return _page(public_id)


@blueprint.route("/announcements/<public_id>/edit", methods=["GET", "POST"])
@requires(Permission.ALL_ANNOUNCEMENTS_MANAGE)
def edit_announcement(public_id: str) -> Answer:
    """Change a draft."""
    actor = current_actor()
    view = read_announcement(actor, public_id)
    form = _form(view)
    status = 200
    if form.is_submitted():
        refused = attempt(form, lambda: change(actor, public_id, _wording(form), _reach(form)))
        if refused is None:
            flash(_("草稿已保存，核对后再发布。"), "good")
            return redirect(url_for("desk.announcement", public_id=public_id))
        status = refused
    return render_template("operator/announcement_form.html", form=form, announcement=view), status


@blueprint.post("/announcements/<public_id>/publish")
@requires(Permission.ALL_ANNOUNCEMENTS_MANAGE)
def publish_announcement(public_id: str) -> Answer:
    """draft → published."""
    form = ActionForm()
    refused = attempt(form, lambda: publish(current_actor(), public_id))
    if refused is not None:
        return _page(public_id, problems=tuple(form.form_errors)), refused
    flash(_("公告已发布。"), "good")
    return redirect(url_for("desk.announcements"))


@blueprint.post("/announcements/<public_id>/withdraw")
@requires(Permission.ALL_ANNOUNCEMENTS_MANAGE)
def withdraw_announcement(public_id: str) -> Answer:
    """published → withdrawn."""
    form = ReasonForm()
    refused = attempt(form, lambda: withdraw(current_actor(), public_id, reason=form.reason.data))
    if refused is not None:
        return _page(public_id, form=form), refused
    flash(_("公告已撤下。"), "good")
    return redirect(url_for("desk.announcements"))


def _form(view: AnnouncementView | None = None) -> AnnouncementForm:
    beginning = {"shown_from": today(), "shown_until": today() + A_WEEK}
    form = AnnouncementForm(obj=view) if view else AnnouncementForm(**beginning)
    form.audience.choices = [SelectChoice(one.value, _(AUDIENCE_WORDS[one])) for one in Audience]
    form.region.choices = region_choices(_("不限地区"))
    return form


def _wording(form: AnnouncementForm) -> Wording:
    return Wording(form.title_zh.data, form.title_en.data, form.body_zh.data, form.body_en.data)


def _reach(form: AnnouncementForm) -> Reach:
    return Reach(Audience(form.audience.data), form.region.data or "", form.shown_from.data, form.shown_until.data)


def _page(public_id: str, *, form: ReasonForm | None = None, problems: tuple[str, ...] = ()) -> str:
    return render_template(
        "operator/announcement.html",
        announcement=read_announcement(current_actor(), public_id),
        form=form or ReasonForm(formdata=None),
        state_words=ANNOUNCEMENT_WORDS,
        audience_words=AUDIENCE_WORDS,
        region_label=regions.label,
        problems=problems,
    )
