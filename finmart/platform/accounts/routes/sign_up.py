"""Sign-up: first the kind, then only what that kind is asked."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from finmart.platform.accounts.forms.sign_up import IDENTITY_FORMS, SIGN_UP_FORMS
from finmart.platform.accounts.routes.answers import begin, refuse, this_device
from finmart.platform.accounts.routes.blueprint import blueprint
from finmart.platform.accounts.service.identities import farmer_place, region_choices, township_choices
from finmart.platform.accounts.service.people import TERMS_VERSION
from finmart.platform.accounts.service.sign_up import add_identity
from finmart.platform.accounts.service.sign_up import sign_up as make_account
from finmart.platform.accounts.types.errors import PhoneTaken
from finmart.platform.accounts.types.kinds import ACTIVITY_WORDS, NATURAL_PERSONS, SUBJECT_WORDS, SubjectKind
from finmart.platform.accounts.types.values import FarmerDetails, Identity, NewUser
from finmart.platform.extensions import limiter
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.switches.service import is_on, require_on
from finmart.platform.switches.types import DEFINITIONS, Switch
from finmart.platform.web.access import public
from finmart.platform.web.actor import current_actor
from finmart.platform.web.language import current_language, localized

Answer = str | Response | tuple[str, int]


@blueprint.get("/sign-up")
@public
def sign_up() -> Answer:
    """Choose which kind of applicant one is."""
    closed = "" if is_on(Switch.REGISTRATION) else _(DEFINITIONS[Switch.REGISTRATION].sentence)
    return render_template("accounts/sign_up.html", kinds=SUBJECT_WORDS, closed=closed)


@blueprint.get("/terms")
@public
def terms() -> Answer:
    """The terms, and the list of what is stored, why and for how long."""
    return render_template("accounts/terms.html", version=TERMS_VERSION)


@blueprint.route("/sign-up/<kind>", methods=["GET", "POST"])
@public
@limiter.limit("10 per minute", methods=["POST"])
def sign_up_as(kind: str) -> Answer:
    """The form of one kind; a visitor is signed in afterwards, somebody with an account has one identity more."""
    if kind not in set(SubjectKind):
        abort(404)
    require_on(Switch.REGISTRATION)
    chosen = SubjectKind(kind)
    actor = current_actor()
    form = _form(chosen, actor)
    status = 200
    if form.validate_on_submit():
        try:
            return _add(actor, form, chosen) if actor.is_signed_in else _enrol(form, chosen)
        except PhoneTaken as error:
            status = refuse(form, error, field=form.phone)
        except FinmartError as error:
            status = refuse(form, error)
    elif form.is_submitted():
        status = 422
    page = render_template(
        "accounts/sign_up_form.html",
        form=form,
        kind=chosen,
        words=SUBJECT_WORDS[chosen],
    )
    return page, status


def _enrol(form: Any, kind: SubjectKind) -> Response:
    opened = make_account(_identity_in(form, kind), _person_in(form, kind), this_device())
    answer = begin(opened, request.args.get("next"))
    flash(_("注册成功。您的身份正在等待核实，核实前也可以填写需求、按自报信息匹配产品。"), "success")
    return answer


def _add(actor: Actor, form: Any, kind: SubjectKind) -> Response:
    add_identity(actor, _identity_in(form, kind))
    flash(_("已添加新的身份，正在等待核实；可在“账号与安全”中切换。"), "success")
    return redirect(url_for("accounts.settings"))


def _form(kind: SubjectKind, actor: Actor) -> Any:
    form = (IDENTITY_FORMS if actor.is_signed_in else SIGN_UP_FORMS)[kind]()
    form.kind = kind
    form.region.choices = [
        SelectChoice("", _("请选择")),
        *(SelectChoice(code, localized(zh, en)) for code, zh, en in region_choices()),
    ]
    if kind is SubjectKind.FARMER:
        form.township.choices = _townships()
        form.activities.choices = [SelectChoice(code, _(words)) for code, words in ACTIVITY_WORDS.items()]
    return form


def _townships() -> list[SelectChoice]:
    known = [
        SelectChoice(
            street.code,
            localized(street.label_zh, street.label_en),
            optgroup=localized(district.label_zh, district.label_en),
        )
        for district, streets in township_choices()
        for street in streets
    ]
    return [SelectChoice("", _("不在列表中，或不清楚")), *known]


def _identity_in(form: Any, kind: SubjectKind) -> Identity:
    """Whom the form says to be."""
    farmer = None
    if kind is SubjectKind.FARMER:
        farmer = FarmerDetails(
            place=farmer_place(form.region.data, form.township.data or "", form.village.data or ""),
            activities=tuple(form.activities.data),
            scale_mu=form.scale_mu.data,
            scale_note=form.scale_note.data or "",
        )
    return Identity(
        kind=kind, name=form.name.data, identifier=form.identifier.data, region=form.region.data, farmer=farmer
    )


def _person_in(form: Any, kind: SubjectKind) -> NewUser:
    name = form.name.data if kind in NATURAL_PERSONS else form.contact.data
    return NewUser(name, form.phone.data, form.password.data, form.terms.data, current_language())
