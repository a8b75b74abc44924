"""Single sign-on: out to the provider, back, and the click that confirms what a proven identity is to do here."""

import secrets

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.config import load_settings
from finmart.platform.accounts.forms.sign_in import ActionForm
from finmart.platform.accounts.routes.answers import ask_second_step, this_device
from finmart.platform.accounts.routes.answers import begin as begin_session
from finmart.platform.accounts.routes.blueprint import blueprint
from finmart.platform.accounts.service.sso import link_account, sign_in_by_sso, unlink_account, verify_by_sso
from finmart.platform.accounts.types.contacts import mask_identifier, mask_name
from finmart.platform.accounts.types.second_factor import SecondStepNeeded
from finmart.platform.extensions import limiter
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.errors import NotAllowed
from finmart.platform.kernel.messages import N_
from finmart.platform.sso.service import flow
from finmart.platform.sso.types import Purpose, SsoForged
from finmart.platform.web.access import public, signed_in
from finmart.platform.web.actor import current_actor

Answer = str | Response | tuple[str, int]

#: Where the browser's own mark lies in its cookie while nobody is signed in.
BROWSER = "sso_browser"


@blueprint.app_context_processor
def _single_sign_on() -> dict[str, object]:
    # Asked by pages that offer it; empty where the installation has none.
    return {"single_sign_on": lambda: (flow.provider_name() or _("统一身份认证")) if flow.is_on() else ""}


@blueprint.get("/sso/start/<any('claim', 'link', 'sign-in'):purpose>")
@public
@limiter.limit("20 per minute")
def sso_start(purpose: str) -> Response:
    """Out to the provider. A link and not a form: our pages' forms may not lead elsewhere."""
    wanted = Purpose(purpose)
    actor = current_actor()
    if wanted is not Purpose.SIGN_IN and not actor.is_signed_in:
        raise NotAllowed(N_("请先登录，再继续。"))
    if not actor.is_signed_in:
        session[BROWSER] = secrets.token_urlsafe(16)
    return redirect(flow.begin(wanted, holder=_holder(actor), redirect_uri=_callback()))


@blueprint.get("/sso/callback")
@public
@limiter.limit("20 per minute")
def sso_callback() -> Answer:
    """Back from the provider: what it says is checked and shown; nothing is changed yet."""
    holder = _holder(current_actor())
    purpose, identity = flow.come_back(request.args.to_dict(), holder=holder, redirect_uri=_callback())
    return render_template(
        "accounts/sso.html",
        purpose=purpose.value,
        name=mask_name(identity.name) if identity.name else "",
        code=mask_identifier(identity.credit_code) if identity.credit_code else "",
        resident=mask_identifier(identity.resident_id) if identity.resident_id else "",
        proof=flow.proof_of(purpose, identity, holder=holder),
    )


@blueprint.post("/sso/finish")
@public
@limiter.limit("20 per minute")
def sso_finish() -> Answer:
    """Do what the identity was asked for."""
    if not ActionForm().validate_on_submit():
        raise SsoForged
    actor = current_actor()
    purpose, identity = flow.proven(request.form.get("proof", ""), holder=_holder(actor))
    session.pop(BROWSER, None)
    if purpose is Purpose.SIGN_IN:
        try:
            return begin_session(sign_in_by_sso(identity, this_device()))
        except SecondStepNeeded as needed:
            return ask_second_step(needed.step)
    if purpose is Purpose.LINK:
        link_account(actor, identity)
        flash(_("已关联，以后可以用统一身份认证登录。"), "success")
        return redirect(url_for("accounts.settings"))
    verify_by_sso(actor, identity)
    flash(_("认领已核实。"), "success")
    return redirect(url_for("accounts.papers"))


@blueprint.post("/sso/unlink")
@signed_in
def sso_unlink() -> Response:
    """The account elsewhere opens nothing here any more."""
    unlink_account(current_actor())
    flash(_("已解除关联。"), "success")
    return redirect(url_for("accounts.settings"))


def _holder(actor: Actor) -> str:
    """Who may end what is begun: the person signed in, or else this very browser."""
    if actor.is_signed_in:
        return f"user:{actor.user_id}"
    mark = session.get(BROWSER)
    if not mark:
        raise SsoForged
    return f"browser:{mark}"


def _callback() -> str:
    """The address registered at the provider; behind a proxy the setting knows it better than the request."""
    site = load_settings().site_url
    return f"{site}{url_for('accounts.sso_callback')}" if site else url_for("accounts.sso_callback", _external=True)
