"""Organisations: the list with what each lacks, and bringing one in step by step."""

from datetime import date, timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from finmart.platform.accounts.service.members import invite, roles_for
from finmart.platform.accounts.service.onboarding import (
    change_registration,
    connect,
    institution_kinds,
    list_onboarding,
    read_onboarding,
    register,
    set_dates,
)
from finmart.platform.accounts.types.kinds import ORGANISATION_WORDS, ROLE_WORDS, OrganisationKind
from finmart.platform.accounts.types.onboarding import (
    ATTENTION_WORDS,
    INVITED_KINDS,
    LACK_WORDS,
    Attention,
    Dates,
    OnboardingView,
    Registration,
)
from finmart.platform.accounts.types.values import IssuedLink
from finmart.platform.authz.permissions import Permission
from finmart.platform.desk.forms import ActionForm
from finmart.platform.desk.operation_forms import DatesForm, MemberForm, OrganisationSearchForm, RegistrationForm
from finmart.platform.desk.routes.blueprint import blueprint
from finmart.platform.desk.routes.choices import kind_choices, region_choices
from finmart.platform.desk.routes.doing import WRONG_SHAPE, attempt
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.language import localized
from finmart.platform.web.pages import page_number
from finmart.reference import regions

Answer = str | Response | tuple[str, int]

ONE_DAY = timedelta(days=1)


@blueprint.get("/organisations")
@requires(Permission.ALL_ORGANISATIONS_READ)
def organisations() -> Answer:
    """Organisations by name, code, kind, and what they need."""
    form = OrganisationSearchForm(request.args)
    form.kind.choices = kind_choices()
    form.attention.choices = [
        SelectChoice("", _("不限")),
        *(SelectChoice(one.value, _(words)) for one, words in ATTENTION_WORDS.items()),
    ]
    kind, attention = form.kind.data or "", form.attention.data or ""
    page = list_onboarding(
        current_actor(),
        text=form.q.data or "",
        kind=OrganisationKind(kind) if kind in set(OrganisationKind) else None,
        attention=Attention(attention) if attention in set(Attention) else None,
        number=page_number(request.args.get("page")),
    )
    return render_template(
        "operator/organisations.html",
        form=form,
        page=page,
        kind_words=ORGANISATION_WORDS,
        lack_words=LACK_WORDS,
        invited_kinds=INVITED_KINDS,
    )


@blueprint.route("/organisations/new/<kind>", methods=["GET", "POST"])
@requires(Permission.ALL_ORGANISATIONS_MANAGE)
def new_organisation(kind: str) -> Answer:
    """Register an institution, a government office or a supplier."""
    if kind not in INVITED_KINDS:
        abort(404)
    chosen = OrganisationKind(kind)
    form = _registration_form(chosen)
    made: list[str] = []
    status = 200
    if form.is_submitted():
        refused = attempt(
            form,
            lambda: made.append(register(current_actor(), chosen, _registration(form), code=_code(form))),
        )
        if refused is None:
            flash(_("已登记。请按下面“还缺什么”逐项完成。"), "good")
            return redirect(url_for("desk.organisation", public_id=made[0]))
        status = refused
    page = render_template(
        "operator/organisation_form.html", form=form, kind=chosen, kind_words=ORGANISATION_WORDS, organisation=None
    )
    return page, status


@blueprint.get("/organisations/<public_id>")
@requires(Permission.ALL_ORGANISATIONS_READ)
def organisation(public_id: str) -> Answer:
    """One organisation: what it lacks, and the steps that are left."""
    return _page(read_onboarding(current_actor(), public_id))


@blueprint.route("/organisations/<public_id>/registration", methods=["GET", "POST"])
@requires(Permission.ALL_ORGANISATIONS_MANAGE)
def registration(public_id: str) -> Answer:
    """Change what is registered."""
    actor = current_actor()
    view = read_onboarding(actor, public_id)
    form = _registration_form(view.kind, view)
    status = 200
    if form.is_submitted():
        refused = attempt(form, lambda: change_registration(actor, public_id, _registration(form)))
        if refused is None:
            flash(_("登记信息已保存。"), "good")
            return redirect(url_for("desk.organisation", public_id=public_id))
        status = refused
    page = render_template(
        "operator/organisation_form.html", form=form, kind=view.kind, kind_words=ORGANISATION_WORDS, organisation=view
    )
    return page, status


@blueprint.post("/organisations/<public_id>/dates")
@requires(Permission.ALL_ORGANISATIONS_MANAGE)
def organisation_dates(public_id: str) -> Answer:
    """Set qualification and agreement."""
    actor = current_actor()
    form = DatesForm()
    refused = attempt(form, lambda: set_dates(actor, public_id, _dates(form)))
    if refused is not None:
        return _page(read_onboarding(actor, public_id), dates_form=form), refused
    flash(_("有效期已保存。"), "good")
    return redirect(url_for("desk.organisation", public_id=public_id))


@blueprint.post("/organisations/<public_id>/desk")
@requires(Permission.ALL_ORGANISATIONS_MANAGE)
def connect_organisation(public_id: str) -> Answer:
    """Give an institution a desk here, or take it away."""
    actor = current_actor()
    on = request.form.get("on") == "1"
    form = ActionForm()
    refused = attempt(form, lambda: connect(actor, public_id, on=on))
    if refused is not None:
        return _page(read_onboarding(actor, public_id), problems=tuple(form.form_errors)), refused
    flash(_("已接入平台，可以接收申请。") if on else _("已停止接入，产品仍然展示，不再接收新的申请。"), "good")
    return redirect(url_for("desk.organisation", public_id=public_id))


@blueprint.post("/organisations/<public_id>/invitations")
@requires(Permission.ALL_USERS_MANAGE)
def invite_into(public_id: str) -> Answer:
    """Make an invitation; the link is shown once, on this answer."""
    actor = current_actor()
    view = read_onboarding(actor, public_id)
    form = _member_form(view)
    if not form.validate_on_submit():
        return _page(view, form=form), WRONG_SHAPE
    issued = invite(
        actor,
        role=form.role.data,
        organisation_public_id=public_id,
        branch=form.branch.data or "",
        region=form.region.data or None if form.region else None,
    )
    return _page(view, form=form, issued=issued)


def _registration_form(kind: OrganisationKind, view: OnboardingView | None = None) -> RegistrationForm:
    form = RegistrationForm(obj=view.registration if view else None)
    kinds = institution_kinds()
    form.institution_kind.choices = [
        SelectChoice("", _("请选择")),
        *(SelectChoice(one.code, localized(one.label_zh, one.label_en)) for one in kinds),
    ]
    form.region.choices = region_choices(_("不填写"))
    own = view.registration.region if view else ""
    if own and own not in {choice.value for choice in form.region.choices}:
        form.region.choices.append(SelectChoice(own, regions.label(own)))
    if kind is not OrganisationKind.INSTITUTION:
        del form.institution_kind, form.contact_phone, form.contact_address
    if view is not None or kind is not OrganisationKind.INSTITUTION:
        del form.code
    return form


def _registration(form: RegistrationForm) -> Registration:
    names = ("name_zh", "name_en", "region", "institution_kind", "contact_phone", "contact_address")
    return Registration(**{name: form[name].data or "" for name in names if name in form})


def _code(form: RegistrationForm) -> str:
    return form.code.data or "" if form.code else ""


def _dates(form: DatesForm) -> Dates:
    """The form asks for last days, as contracts name them; the house keeps the day after."""
    return Dates(
        form.qualified_from.data,
        _after(form.qualified_last.data),
        form.agreement_from.data,
        _after(form.agreement_last.data),
    )


def _after(last: date | None) -> date | None:
    return last + ONE_DAY if last else None


def _last(until: date | None) -> date | None:
    return until - ONE_DAY if until else None


def _member_form(view: OnboardingView) -> MemberForm:
    form = MemberForm()
    form.role.choices = [SelectChoice(role, _(ROLE_WORDS[role])) for role in roles_for(view.kind)]
    form.region.choices = region_choices(_("按单位所在地区"))
    if view.kind is not OrganisationKind.GOVERNMENT:
        del form.region
    return form


def _page(
    view: OnboardingView,
    *,
    form: MemberForm | None = None,
    dates_form: DatesForm | None = None,
    issued: IssuedLink | None = None,
    problems: tuple[str, ...] = (),
) -> str:
    dates = view.dates
    known = DatesForm(
        formdata=None,
        qualified_from=dates.qualified_from,
        qualified_last=_last(dates.qualified_until),
        agreement_from=dates.agreement_from,
        agreement_last=_last(dates.agreement_until),
    )
    return render_template(
        "operator/organisation.html",
        organisation=view,
        lack_words=LACK_WORDS,
        kind_words=ORGANISATION_WORDS,
        kind_names={one.code: one for one in institution_kinds()},
        region_label=regions.label,
        form=form or _member_form(view),
        dates_form=dates_form or known,
        link=url_for("accounts.invitation", token=issued.token, _external=True) if issued else None,
        problems=problems,
    )
