"""A person's own account: who they are here, password, sessions, organisations."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.accounts.forms.sign_in import ActionForm, ChangePasswordForm
from finmart.platform.accounts.forms.sign_up import ClaimForm
from finmart.platform.accounts.routes.answers import first_page, refuse
from finmart.platform.accounts.routes.blueprint import blueprint
from finmart.platform.accounts.service.claims import own_claim
from finmart.platform.accounts.service.own import own_name, own_revocation
from finmart.platform.accounts.service.people import account
from finmart.platform.accounts.service.reset import change_password
from finmart.platform.accounts.service.sessions import (
    list_memberships,
    list_sessions,
    revoke_other_sessions,
    revoke_session,
    switch_organisation,
)
from finmart.platform.accounts.service.sign_up import claim_again
from finmart.platform.accounts.service.sso import is_linked, may_link
from finmart.platform.accounts.types.claims import CLAIM_STATE_WORDS, ClaimState
from finmart.platform.accounts.types.kinds import ROLE_WORDS
from finmart.platform.authz.permissions import Permission
from finmart.platform.extensions import limiter
from finmart.platform.kernel.errors import BadInput, FinmartError
from finmart.platform.web.access import requires, signed_in
from finmart.platform.web.actor import current_actor

Answer = str | Response | tuple[str, int]


@blueprint.app_context_processor
def _of_their_own() -> dict[str, object]:
    # Several domains' pages greet people by name and tell them where their claim stands.
    return {
        "own_name": lambda shown: own_name(current_actor(), shown),
        "own_revocation": lambda: own_revocation(current_actor()),
    }


@blueprint.get("/account")
@signed_in
def settings() -> Answer:
    """Everything a person can see and end about their own account."""
    actor = current_actor()
    return render_template(
        "accounts/settings.html",
        account=account(actor),
        sessions=list_sessions(actor),
        memberships=list_memberships(actor),
        claim=own_claim(actor),
        claim_words=CLAIM_STATE_WORDS,
        sso_linked=is_linked(actor),
        sso_allowed=may_link(actor),
        role_words=ROLE_WORDS,
        action=ActionForm(),
    )


@blueprint.route("/account/password", methods=["GET", "POST"])
@signed_in
@limiter.limit("10 per minute", methods=["POST"])
def password() -> Answer:
    """Change the password, knowing the old one; other sessions end."""
    form = ChangePasswordForm()
    status = 200
    if form.validate_on_submit():
        try:
            change_password(current_actor(), current=form.current.data, password=form.password.data)
        except BadInput as error:
            status = refuse(form, error)
        else:
            flash(_("密码已修改，其他设备上的登录已全部退出。"), "success")
            return redirect(url_for("accounts.settings"))
    elif form.is_submitted():
        status = 422
    return render_template("accounts/password.html", form=form), status


@blueprint.route("/account/claim", methods=["GET", "POST"])
@requires(Permission.OWN_MEMBERS_INVITE)
@limiter.limit("10 per minute", methods=["POST"])
def claim() -> Answer:
    """Claim anew after a claim was revoked; while one waits, that one is shown."""
    if request.method == "GET" and own_claim(current_actor()) is ClaimState.PENDING:
        flash(_("您的认领正在等待核实，不用再提交；还缺的材料可以在这里补。"), "info")
        return redirect(url_for("accounts.papers"))
    form = ClaimForm()
    status = 200
    if form.validate_on_submit():
        try:
            claim_again(current_actor(), form.identifier.data)
        except FinmartError as error:
            status = refuse(form, error)
        else:
            flash(_("认领已提交，正在等待核实。"), "success")
            return redirect(url_for("accounts.settings"))
    elif form.is_submitted():
        status = 422
    return render_template("accounts/claim.html", form=form), status


@blueprint.post("/account/sessions/<public_id>/revoke")
@signed_in
def end_session(public_id: str) -> Response:
    """End one of the person's sessions."""
    revoke_session(current_actor(), public_id)
    flash(_("该设备已退出登录。"), "success")
    return redirect(url_for("accounts.settings"))


@blueprint.post("/account/sessions/revoke-others")
@signed_in
def end_other_sessions() -> Response:
    """End every session but this one."""
    count = revoke_other_sessions(current_actor())
    flash(_("已退出其他 %(count)s 个设备上的登录。", count=count), "success")
    return redirect(url_for("accounts.settings"))


@blueprint.post("/account/organisation")
@signed_in
def switch() -> Response:
    """Go on in another of the person's organisations."""
    changed = switch_organisation(current_actor(), request.form.get("membership", ""))
    return redirect(first_page(changed))
