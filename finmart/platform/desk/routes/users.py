"""The operator's list of users: find, lock, open again, hand over a one-time link."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.accounts.service.directory import list_users, lock_user, read_user, unlock_user
from finmart.platform.accounts.service.reset import issue_reset_link
from finmart.platform.accounts.service.second_factor import has_factor, reset_for
from finmart.platform.accounts.types.kinds import ROLE_WORDS, OrganisationKind
from finmart.platform.accounts.types.values import IssuedLink
from finmart.platform.authz.permissions import Permission
from finmart.platform.desk.forms import ActionForm, ReasonForm, SearchForm
from finmart.platform.desk.routes.blueprint import blueprint
from finmart.platform.desk.routes.choices import kind_choices
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.pages import page_number

Answer = str | Response | tuple[str, int]


@blueprint.get("/users")
@requires(Permission.ALL_USERS_READ)
def users() -> Answer:
    """Users by phone, organisation or kind."""
    form = SearchForm(request.args)
    form.kind.choices = kind_choices()
    kind = form.kind.data or ""
    page = list_users(
        current_actor(),
        text=form.q.data or "",
        kind=OrganisationKind(kind) if kind in set(OrganisationKind) else None,
        number=page_number(request.args.get("page")),
    )
    return render_template("operator/users.html", form=form, page=page, role_words=ROLE_WORDS)


@blueprint.get("/users/<public_id>")
@requires(Permission.ALL_USERS_READ)
def user(public_id: str) -> Answer:
    """One user and what can be done."""
    return _page(public_id, ReasonForm())


@blueprint.post("/users/<public_id>/lock")
@requires(Permission.ALL_USERS_MANAGE)
def lock(public_id: str) -> Answer:
    """Lock the account, with a reason."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _page(public_id, form), 422
    lock_user(current_actor(), public_id, reason=form.reason.data)
    flash(_("账号已锁定，该用户的登录已全部退出。"), "success")
    return redirect(url_for("desk.user", public_id=public_id))


@blueprint.post("/users/<public_id>/unlock")
@requires(Permission.ALL_USERS_MANAGE)
def unlock(public_id: str) -> Answer:
    """Open the account again."""
    unlock_user(current_actor(), public_id)
    flash(_("账号已解锁。"), "success")
    return redirect(url_for("desk.user", public_id=public_id))


@blueprint.post("/users/<public_id>/second-factor/reset")
@requires(Permission.ALL_USERS_MANAGE)
def reset_second_factor(public_id: str) -> Answer:
    """Take a lost authenticator away, with a reason."""
    form = ReasonForm(prefix="factor")
    if not form.validate_on_submit():
        return _page(public_id, ReasonForm(formdata=None), factor_form=form), 422
    reset_for(current_actor(), public_id, reason=form.reason.data)
    flash(_("两步验证已重置，该用户的登录已全部退出。"), "success")
    return redirect(url_for("desk.user", public_id=public_id))


@blueprint.post("/users/<public_id>/reset-link")
@requires(Permission.ALL_USERS_MANAGE)
def reset_link(public_id: str) -> Answer:
    """Make a one-time link; it is shown once, on this answer."""
    return _page(public_id, ReasonForm(formdata=None), issue_reset_link(current_actor(), public_id))


def _page(
    public_id: str, form: ReasonForm, issued: IssuedLink | None = None, factor_form: ReasonForm | None = None
) -> str:
    link = url_for("accounts.reset_link", token=issued.token, _external=True) if issued else None
    return render_template(
        "operator/user.html",
        user=read_user(current_actor(), public_id),
        form=form,
        has_factor=has_factor(current_actor(), public_id),
        factor_form=factor_form or ReasonForm(formdata=None, prefix="factor"),
        link=link,
        role_words=ROLE_WORDS,
        action=ActionForm(formdata=None),
    )
