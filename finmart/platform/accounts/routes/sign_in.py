"""Signing in and out."""

from flask import redirect, render_template, request, session, url_for
from flask_login import logout_user
from werkzeug.wrappers import Response

from finmart.platform.accounts.forms.sign_in import ActionForm, SignInForm
from finmart.platform.accounts.routes.answers import begin, refuse, this_device
from finmart.platform.accounts.routes.blueprint import blueprint
from finmart.platform.accounts.service.sessions import sign_out as end_session
from finmart.platform.accounts.service.sign_in import sign_in as open_session
from finmart.platform.extensions import limiter
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import public, signed_in
from finmart.platform.web.actor import current_actor
from finmart.platform.web.edge import keep_changes

Answer = str | Response | tuple[str, int]


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit("20 per minute", methods=["POST"])
def sign_in() -> Answer:
    """Phone and password; a refused try is counted although the answer is an error."""
    form = SignInForm()
    status = 200
    if form.validate_on_submit():
        try:
            opened = open_session(phone=form.phone.data, password=form.password.data, device=this_device())
        except FinmartError as error:
            keep_changes()
            status = refuse(form, error)
        else:
            return begin(opened, request.args.get("next"))
    elif form.is_submitted():
        status = 400
    return render_template("accounts/sign_in.html", form=form), status


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> Response:
    """End this session, on the server and in the browser."""
    if ActionForm().validate_on_submit():
        end_session(current_actor())
        logout_user()
        session.clear()
    return redirect(url_for("web.home"))
