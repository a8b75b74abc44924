"""Dictionaries: what holds today, what is missing, and entering dated values with their source."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from finmart.platform.authz.permissions import Permission
from finmart.platform.desk.forms import ReasonForm
from finmart.platform.desk.operation_forms import ValueForm
from finmart.platform.desk.routes.blueprint import blueprint
from finmart.platform.desk.routes.doing import attempt
from finmart.platform.dictionaries.service import (
    current_values,
    enter,
    list_values,
    missing_on,
    read_value,
    scopes,
    withdraw,
)
from finmart.platform.dictionaries.types import ENTRIES, GROUP_WORDS, Entry, KeyUnknown, Kind, NewValue, ValueRefused
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.messages import N_
from finmart.platform.kernel.money import Rate
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.language import localized

Answer = str | Response | tuple[str, int]


@blueprint.get("/dictionaries")
@requires(Permission.ALL_DICTIONARIES_MANAGE)
def dictionaries() -> str:
    """Everything that is kept, by group, with what holds today."""
    return render_template(
        "operator/dictionaries.html",
        entries=ENTRIES,
        group_words=GROUP_WORDS,
        values=current_values(current_actor(), today()),
        missing=missing_on(today()),
        today=today(),
    )


@blueprint.route("/dictionaries/<key>", methods=["GET", "POST"])
@requires(Permission.ALL_DICTIONARIES_MANAGE)
def dictionary(key: str) -> Answer:
    """One entry: its values so far, and one more."""
    entry = ENTRIES.get(key)
    if entry is None:
        raise KeyUnknown
    form = _form(entry)
    status = 200
    if form.is_submitted():
        refused = attempt(form, lambda: enter(current_actor(), _new(key, entry, form)))
        if refused is None:
            flash(_("取值已录入。"), "good")
            return redirect(url_for("desk.dictionary", key=key))
        status = refused
    page = render_template(
        "operator/dictionary.html",
        key=key,
        entry=entry,
        form=form,
        values=list_values(current_actor(), key),
        scope_names={scope.code: localized(scope.label_zh, scope.label_en) for scope in scopes()},
        group_words=GROUP_WORDS,
    )
    return page, status


@blueprint.route("/dictionaries/values/<public_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.ALL_DICTIONARIES_MANAGE)
def withdraw_value(public_id: str) -> Answer:
    """Withdraw a wrong value, with the reason."""
    actor = current_actor()
    value = read_value(actor, public_id)
    form = ReasonForm()
    status = 200
    if form.is_submitted():
        refused = attempt(form, lambda: withdraw(actor, public_id, reason=form.reason.data))
        if refused is None:
            flash(_("取值已撤回，以前的取值重新有效。"), "good")
            return redirect(url_for("desk.dictionary", key=value.key))
        status = refused
    page = render_template("operator/dictionary_withdraw.html", value=value, entry=ENTRIES[value.key], form=form)
    return page, status


def _form(entry: Entry) -> ValueForm:
    form = ValueForm(valid_from=today())
    form.scope.choices = [
        SelectChoice("", _("所有产品类型")),
        *(SelectChoice(scope.code, localized(scope.label_zh, scope.label_en)) for scope in scopes()),
    ]
    unwanted = ["number" if entry.kind is Kind.TEXT else "words"]
    unwanted += [] if entry.scoped else ["scope"]
    unwanted += [] if entry.dated_end else ["valid_until"]
    for name in unwanted:
        del form[name]
    return form


def _new(key: str, entry: Entry, form: ValueForm) -> NewValue:
    return NewValue(
        key=key,
        valid_from=form.valid_from.data,
        number=None if entry.kind is Kind.TEXT else _number(entry, form.number.data or ""),
        words=form.words.data if "words" in form else "",
        source=form.source.data,
        scope=form.scope.data or "" if "scope" in form else "",
        valid_until=form.valid_until.data if "valid_until" in form else None,
    )


def _number(entry: Entry, text: str) -> int:
    """What was typed, in the entry's unit: rates are typed in percent. Raises ``BadInput``."""
    if entry.kind is Kind.RATE:
        return Rate.from_percent(text).ppm
    if not (text.strip().isascii() and text.strip().isdigit()):
        raise ValueRefused(N_("请填写一个整数。"))
    return int(text)
