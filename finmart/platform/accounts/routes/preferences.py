"""How a person hears of news: e-mail, text messages, language; and confirming an e-mail address."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finmart.platform.accounts.forms.preferences import EmailForm, PreferencesForm
from finmart.platform.accounts.forms.sign_in import ActionForm
from finmart.platform.accounts.routes.answers import refuse
from finmart.platform.accounts.routes.blueprint import blueprint
from finmart.platform.accounts.service.mailbox import address_in, ask_to_confirm, confirm, forget
from finmart.platform.accounts.service.people import account, keep_language
from finmart.platform.accounts.types.contacts import mask_email
from finmart.platform.authz.permissions import Permission
from finmart.platform.extensions import limiter
from finmart.platform.kernel.errors import BadInput
from finmart.platform.notices.service.inbox import own_wishes, wish
from finmart.platform.notices.types import Wishes
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.language import choose

Answer = str | Response | tuple[str, int]


def _email_link(token: str) -> str:
    return url_for("accounts.confirm_email", token=token, _external=True)


@blueprint.route("/account/messages", methods=["GET", "POST"])
@requires(Permission.OWN_MESSAGES_READ)
def preferences() -> Answer:
    """Which ways are on."""
    actor = current_actor()
    wishes = own_wishes(actor)
    form = PreferencesForm(email=wishes.email, sms=wishes.sms, language=account(actor).language)
    if form.validate_on_submit():
        wish(actor, Wishes(email=form.email.data, sms=form.sms.data))
        keep_language(actor, form.language.data)
        choose(form.language.data)
        flash(_("接收方式已保存。"), "good")
        return redirect(url_for("accounts.preferences"))
    return _page(form, EmailForm(formdata=None)), 422 if form.is_submitted() else 200


@blueprint.post("/account/email")
@requires(Permission.OWN_MESSAGES_READ)
@limiter.limit("10 per hour")
def email() -> Answer:
    """Send a link to the address; only who opens it there can confirm it."""
    form = EmailForm()
    status = 422
    if form.validate_on_submit():
        try:
            ask_to_confirm(current_actor(), form.address.data, _email_link)
        except BadInput as error:
            status = refuse(form, error, field=form.address)
        else:
            flash(_("确认链接已发送，请在 24 小时内打开邮件中的链接完成确认。"), "good")
            return redirect(url_for("accounts.preferences"))
    return _page(_current(), form), status


@blueprint.route("/account/email/<token>", methods=["GET", "POST"])
@requires(Permission.OWN_MESSAGES_READ)
def confirm_email(token: str) -> Answer:
    """Confirm the address with the link that was sent there."""
    actor = current_actor()
    address = address_in(actor, token)
    if ActionForm().validate_on_submit():
        confirm(actor, token)
        flash(_("邮箱已确认，今后的消息也会发到这里。"), "good")
        return redirect(url_for("accounts.preferences"))
    return render_template("accounts/confirm_email.html", address=mask_email(address), token=token)


@blueprint.post("/account/email/remove")
@requires(Permission.OWN_MESSAGES_READ)
def remove_email() -> Response:
    """Keep no address any more."""
    forget(current_actor())
    flash(_("邮箱已删除，今后不再发送电子邮件。"), "good")
    return redirect(url_for("accounts.preferences"))


def _current() -> PreferencesForm:
    actor = current_actor()
    wishes = own_wishes(actor)
    return PreferencesForm(formdata=None, email=wishes.email, sms=wishes.sms, language=account(actor).language)


def _page(form: PreferencesForm, email_form: EmailForm) -> str:
    return render_template(
        "accounts/preferences.html", form=form, email_form=email_form, account=account(current_actor())
    )
