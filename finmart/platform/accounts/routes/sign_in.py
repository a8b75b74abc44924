"""Signing in and out."""

from flask import redirect, render_template, request, session, url_for
from flask_login import logout_user
from werkzeug.wrappers import Response

from finmart.platform.accounts.forms.second_factor import SecondStepForm
from finmart.platform.accounts.forms.sign_in import ActionForm, SignInForm
from finmart.platform.accounts.routes import answers
from finmart.platform.accounts.routes.answers import ask_second_step, begin, refuse, this_device
from finmart.platform.accounts.routes.blueprint import blueprint
from finmart.platform.accounts.service.second_factor import finish_sign_in
from finmart.platform.accounts.service.sessions import ended_because
from finmart.platform.accounts.service.sessions import sign_out as end_session
from finmart.platform.accounts.service.sign_in import sign_in as open_session
from finmart.platform.accounts.types.second_factor import SecondStepNeeded
from finmart.platform.extensions import limiter
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import public, signed_in_before_enrolment
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
        except SecondStepNeeded as needed:
            return ask_second_step(needed.step, request.args.get("next"))
        except FinmartError as error:
            keep_changes()
            status = refuse(form, error)
        else:
            return begin(opened, request.args.get("next"))
    elif form.is_submitted():
        status = 422
    return render_template("accounts/sign_in.html", form=form, ended=_ended()), status


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@public
@limiter.limit("20 per minute", methods=["POST"])
def second_step() -> Answer:
    """The code after the password; a refused try is counted although the answer is an error."""
    owed = answers.second_step()
    if owed is None:
        return redirect(url_for("accounts.sign_in"))
    step, target = owed
    form = SecondStepForm()
    status = 200
    if form.validate_on_submit():
        try:
            opened = finish_sign_in(step, code=form.code.data, device=this_device())
        except FinmartError as error:
            keep_changes()
            status = refuse(form, error)
        else:
            return begin(opened, target)
    elif form.is_submitted():
        status = 422
    return render_template("accounts/second_step.html", form=form), status


def _ended() -> str:
    """Why this browser's login opens nothing any more, if it had one."""
    token = session.get("_user_id")
    return ended_because(token) if token and not current_actor().is_signed_in else ""


@blueprint.post("/sign-out")
@signed_in_before_enrolment
def sign_out() -> Response:
    """End this session, on the server and in the browser."""
    if ActionForm().validate_on_submit():
        end_session(current_actor())
        logout_user()
        session.clear()
    return redirect(url_for("web.home"))
