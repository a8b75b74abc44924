"""Setting up, renewing and turning off the second step of signing in."""

from collections.abc import Callable
from typing import Any

import segno
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.accounts.forms.second_factor import BeginForm, FirstCodeForm, SecondStepForm
from finmart.platform.accounts.routes.answers import refuse
from finmart.platform.accounts.routes.blueprint import blueprint
from finmart.platform.accounts.service import second_factor as service
from finmart.platform.accounts.types.second_factor import FactorOff
from finmart.platform.extensions import limiter
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web.access import signed_in_before_enrolment
from finmart.platform.web.actor import current_actor
from finmart.platform.web.edge import keep_changes

Answer = str | Response | tuple[str, int]


@blueprint.app_context_processor
def _advice() -> dict[str, object]:
    return {"second_factor_advised": lambda: service.is_advised(current_actor())}


@blueprint.get("/account/second-factor")
@signed_in_before_enrolment
def second_factor() -> Answer:
    """How the second step stands, and what can be done about it."""
    return _page()


@blueprint.post("/account/second-factor/begin")
@signed_in_before_enrolment
@limiter.limit("10 per minute")
def begin_second_factor() -> Answer:
    """Make a secret, for whoever knows the password."""
    form = BeginForm()
    if not form.validate_on_submit():
        return _page(begin=form), 422
    try:
        service.begin(current_actor(), password=form.password.data)
    except FinmartError as error:
        status = refuse(form, error)
        return _page(begin=form), status
    return redirect(url_for("accounts.set_second_factor"))


@blueprint.route("/account/second-factor/set", methods=["GET", "POST"])
@signed_in_before_enrolment
@limiter.limit("20 per minute", methods=["POST"])
def set_second_factor() -> Answer:
    """The picture for the authenticator, and its first code."""
    actor = current_actor()
    form = FirstCodeForm()
    status = 200
    if form.validate_on_submit():
        try:
            return _codes(service.confirm(actor, form.code.data))
        except FinmartError as error:
            keep_changes()
            status = refuse(form, error)
    elif form.is_submitted():
        status = 422
    try:
        return _enrolment(actor, form), status
    except FactorOff:
        return redirect(url_for("accounts.second_factor"))


@blueprint.post("/account/second-factor/codes")
@signed_in_before_enrolment
@limiter.limit("10 per minute")
def renew_recovery_codes() -> Answer:
    """Ten new recovery codes."""
    return _spending(lambda actor, code: _codes(service.renew_codes(actor, code)), "renew")


@blueprint.post("/account/second-factor/remove")
@signed_in_before_enrolment
@limiter.limit("10 per minute")
def remove_second_factor() -> Answer:
    """Turn the second step off."""

    def remove(actor: Actor, code: str) -> Response:
        service.remove(actor, code)
        flash(_("两步验证已停用，其他设备上的登录已全部退出。"), "success")
        return redirect(url_for("accounts.second_factor"))

    return _spending(remove, "remove")


def _spending(act: Callable[[Actor, str], Answer], form_name: str) -> Answer:
    form = SecondStepForm(prefix=form_name)
    if not form.validate_on_submit():
        return _page(**{form_name: form}), 422
    try:
        return act(current_actor(), form.code.data)
    except FinmartError as error:
        keep_changes()
        status = refuse(form, error)
        return _page(**{form_name: form}), status


def _page(**forms: Any) -> str:
    return render_template(
        "accounts/second_factor.html",
        state=service.state(current_actor()),
        must=current_actor().must_enrol,
        begin=forms.get("begin") or BeginForm(formdata=None),
        renew=forms.get("renew") or SecondStepForm(formdata=None, prefix="renew"),
        remove=forms.get("remove") or SecondStepForm(formdata=None, prefix="remove"),
    )


def _enrolment(actor: Actor, form: FirstCodeForm) -> str:
    enrolment = service.enrolment(actor)
    # A picture in the page itself: no second request has to carry the secret.
    picture = segno.make(enrolment.uri, error="m").svg_data_uri(scale=5, dark="#000", light="#fff")
    return render_template("accounts/set_second_factor.html", form=form, picture=picture, secret=enrolment.secret)


def _codes(codes: tuple[str, ...]) -> str:
    return render_template("accounts/recovery_codes.html", codes=codes)
