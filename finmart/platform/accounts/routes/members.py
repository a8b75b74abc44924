"""Members of one's own organisation, and invitations into it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from finmart.platform.accounts.forms.members import InviteForm, MemberForm
from finmart.platform.accounts.forms.sign_in import ActionForm
from finmart.platform.accounts.routes.answers import refuse
from finmart.platform.accounts.routes.blueprint import blueprint
from finmart.platform.accounts.routes.branches import branch_choices
from finmart.platform.accounts.service.members import (
    change_member,
    end_membership,
    invite,
    list_invitations,
    list_members,
    read_member,
    roles_for,
    withdraw_invitation,
)
from finmart.platform.accounts.service.organisations import organisation_card
from finmart.platform.accounts.types.kinds import ROLE_WORDS
from finmart.platform.accounts.types.links import LINK_STATE_WORDS
from finmart.platform.accounts.types.values import IssuedLink
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor

Answer = str | Response | tuple[str, int]


@blueprint.get("/members")
@requires(Permission.OWN_MEMBERS_READ)
def members() -> Answer:
    """Who belongs to the organisation; whoever may invite sees invitations too."""
    return _page(current_actor(), _form(current_actor()))


@blueprint.post("/members/invitations")
@requires(Permission.OWN_MEMBERS_INVITE)
def invite_member() -> Answer:
    """Make an invitation; the link is shown once, on this answer."""
    actor = current_actor()
    form = _form(actor)
    if not form.validate_on_submit():
        return _page(actor, form), 422
    try:
        issued = invite(actor, role=form.role.data, branch=_text(form, "branch"), at=_text(form, "at"))
    except FinmartError as error:
        status = refuse(form, error)
        return _page(actor, form), status
    return _page(actor, form, issued)


@blueprint.post("/members/invitations/<public_id>/withdraw")
@requires(Permission.OWN_MEMBERS_INVITE)
def withdraw(public_id: str) -> Response:
    """Withdraw an open invitation."""
    withdraw_invitation(current_actor(), public_id)
    flash(_("邀请已撤回。"), "success")
    return redirect(url_for("accounts.members"))


@blueprint.post("/members/<public_id>/remove")
@requires(Permission.OWN_MEMBERS_INVITE)
def remove_member(public_id: str) -> Response:
    """End somebody's membership from today."""
    end_membership(current_actor(), public_id)
    flash(_("该成员已移出，从现在起不能再以贵单位的名义操作。"), "success")
    return redirect(url_for("accounts.members"))


@blueprint.route("/members/<public_id>", methods=["GET", "POST"])
@requires(Permission.OWN_MEMBERS_INVITE)
def member(public_id: str) -> Answer:
    """Give a member another role or branch."""
    actor = current_actor()
    found = read_member(actor, public_id)
    form = _choices(actor, MemberForm(data={"role": found.role, "at": found.branch_public_id}))
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate_on_submit():
            try:
                change_member(actor, public_id, role=form.role.data, branch=_text(form, "at"))
            except FinmartError as error:
                status = refuse(form, error)
            else:
                flash(_("已调整，对方下一次操作起生效。"), "success")
                return redirect(url_for("accounts.members"))
    return render_template("accounts/member.html", member=found, form=form), status


def _form(actor: Actor) -> InviteForm:
    form: InviteForm = _choices(actor, InviteForm())
    return form


def _choices(actor: Actor, form: Any) -> Any:
    """``form`` with the roles and branches that exist where the actor is; without branches the field goes."""
    roles = roles_for(actor.organisation_kind or "")
    form.role.choices = [SelectChoice(role, _(ROLE_WORDS[role])) for role in reversed(roles)]
    if actor.organisation_kind == "institution":
        form.at.choices = branch_choices(actor)
        if "branch" in form:
            del form.branch
    else:
        del form.at
    return form


def _text(form: Any, name: str) -> str:
    return (form[name].data or "") if name in form else ""


def _page(actor: Actor, form: InviteForm, issued: IssuedLink | None = None) -> str:
    may_invite = actor.may(Permission.OWN_MEMBERS_INVITE)
    link = url_for("accounts.invitation", token=issued.token, _external=True) if issued else None
    return render_template(
        "accounts/members.html",
        organisation=organisation_card(actor.organisation_id or 0),
        members=list_members(actor),
        invitations=list_invitations(actor) if may_invite else (),
        may_invite=may_invite,
        form=form,
        link=link,
        role_words=ROLE_WORDS,
        state_words=LINK_STATE_WORDS,
        action=ActionForm(),
    )
