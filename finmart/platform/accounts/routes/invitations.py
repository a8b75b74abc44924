"""Accepting an invitation: with the account in use, or with a new one."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.accounts.forms.members import AcceptForm
from finmart.platform.accounts.forms.sign_in import ActionForm
from finmart.platform.accounts.routes.answers import begin, refuse, this_device
from finmart.platform.accounts.routes.blueprint import blueprint
from finmart.platform.accounts.service.members import accept_as_member, accept_as_new_user, invitation_of
from finmart.platform.accounts.types.kinds import ROLE_WORDS
from finmart.platform.accounts.types.values import NewUser
from finmart.platform.extensions import limiter
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import public, signed_in
from finmart.platform.web.actor import current_actor
from finmart.platform.web.language import current_language

Answer = str | Response | tuple[str, int]


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@public
@limiter.limit("20 per minute")
def invitation(token: str) -> Answer:
    """What the invitation leads to; a visitor makes an account here, a signed-in person joins with one click."""
    organisation, role = invitation_of(token)
    form = AcceptForm()
    status = 200
    if form.validate_on_submit():
        person = NewUser(form.name.data, form.phone.data, form.password.data, form.terms.data, current_language())
        try:
            opened = accept_as_new_user(token, person, this_device())
        except FinmartError as error:
            status = refuse(form, error)
        else:
            return begin(opened)
    elif form.is_submitted():
        status = 422
    page = render_template(
        "accounts/invitation.html",
        organisation=organisation,
        role=ROLE_WORDS.get(role, role),
        form=form,
        token=token,
        action=ActionForm(),
    )
    return page, status


@blueprint.post("/invitation/<token>/join")
@signed_in
def join(token: str) -> Response:
    """Join with the account in use."""
    accept_as_member(current_actor(), token)
    flash(_("您已加入该单位，可在“账号与安全”中切换。"), "success")
    return redirect(url_for("accounts.settings"))
