"""Getting back in: by a code to the phone, or by a one-time link."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.accounts.forms.sign_in import NewPasswordForm, ResetCodeForm, ResetRequestForm
from finmart.platform.accounts.routes.answers import refuse
from finmart.platform.accounts.routes.blueprint import blueprint
from finmart.platform.accounts.service.reset import (
    check_reset_link,
    request_code,
    reset_with_code,
    reset_with_link,
)
from finmart.platform.accounts.types.errors import CodeUnusable
from finmart.platform.extensions import limiter
from finmart.platform.kernel.errors import BadInput
from finmart.platform.web.access import public
from finmart.platform.web.edge import keep_changes

Answer = str | Response | tuple[str, int]


@blueprint.route("/reset", methods=["GET", "POST"])
@public
@limiter.limit("5 per minute", methods=["POST"])
def reset() -> Answer:
    """Ask for a code. The answer is the same whether the phone has an account or not."""
    form = ResetRequestForm()
    if not form.validate_on_submit():
        return render_template("accounts/reset.html", form=form), 422 if form.is_submitted() else 200
    try:
        request_code(form.phone.data)
    except BadInput as error:
        status = refuse(form, error)
        return render_template("accounts/reset.html", form=form), status
    following = ResetCodeForm(formdata=None, phone=form.phone.data)
    return render_template("accounts/reset_code.html", form=following, sent=True)


@blueprint.route("/reset/code", methods=["GET", "POST"])
@public
@limiter.limit("10 per minute", methods=["POST"])
def reset_code() -> Answer:
    """Set a new password with the code."""
    form = ResetCodeForm()
    status = 200
    if form.validate_on_submit():
        try:
            reset_with_code(phone=form.phone.data, code=form.code.data, password=form.password.data)
        except BadInput as error:
            if isinstance(error, CodeUnusable):
                keep_changes()
            status = refuse(form, error)
        else:
            return _done()
    elif form.is_submitted():
        status = 422
    return render_template("accounts/reset_code.html", form=form, sent=False), status


@blueprint.route("/reset/link/<token>", methods=["GET", "POST"])
@public
@limiter.limit("20 per minute")
def reset_link(token: str) -> Answer:
    """Set a new password with the operator's link."""
    check_reset_link(token)
    form = NewPasswordForm()
    status = 200
    if form.validate_on_submit():
        try:
            reset_with_link(token=token, password=form.password.data)
        except BadInput as error:
            status = refuse(form, error)
        else:
            return _done()
    elif form.is_submitted():
        status = 422
    return render_template("accounts/reset_link.html", form=form, token=token), status


def _done() -> Response:
    flash(_("新密码已保存，其他设备上的登录已全部退出。请用新密码登录。"), "success")
    return redirect(url_for("accounts.sign_in"))
