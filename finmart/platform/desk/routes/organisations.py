"""The operator's list of organisations, and invitations into them."""

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from finmart.platform.accounts.service.directory import list_organisations, read_organisation
from finmart.platform.accounts.service.members import invite, roles_for
from finmart.platform.accounts.types.kinds import ORGANISATION_WORDS, ROLE_WORDS, OrganisationKind
from finmart.platform.accounts.types.values import IssuedLink, OrganisationCard
from finmart.platform.authz.permissions import Permission
from finmart.platform.desk.forms import InviteForm, SearchForm
from finmart.platform.desk.routes.blueprint import blueprint
from finmart.platform.desk.routes.choices import kind_choices
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.pages import page_number

Answer = str | Response | tuple[str, int]


@blueprint.get("/organisations")
@requires(Permission.ALL_ORGANISATIONS_READ)
def organisations() -> Answer:
    """Organisations by name, code or kind."""
    form = SearchForm(request.args)
    form.kind.choices = kind_choices()
    kind = form.kind.data or ""
    page = list_organisations(
        current_actor(),
        text=form.q.data or "",
        kind=OrganisationKind(kind) if kind in set(OrganisationKind) else None,
        number=page_number(request.args.get("page")),
    )
    return render_template("operator/organisations.html", form=form, page=page, kind_words=ORGANISATION_WORDS)


@blueprint.get("/organisations/<public_id>")
@requires(Permission.ALL_ORGANISATIONS_READ)
def organisation(public_id: str) -> Answer:
    """One organisation."""
    card = read_organisation(current_actor(), public_id)
    return _page(card, _form(card))


@blueprint.post("/organisations/<public_id>/invitations")
@requires(Permission.ALL_USERS_MANAGE)
def invite_into(public_id: str) -> Answer:
    """Make an invitation; the link is shown once, on this answer."""
    actor = current_actor()
    card = read_organisation(actor, public_id)
    form = _form(card)
    if not form.validate_on_submit():
        return _page(card, form), 400
    return _page(card, form, invite(actor, role=form.role.data, organisation_public_id=public_id))


def _form(card: OrganisationCard) -> InviteForm:
    form = InviteForm()
    form.role.choices = [SelectChoice(role, _(ROLE_WORDS[role])) for role in roles_for(card.kind)]
    return form


def _page(card: OrganisationCard, form: InviteForm, issued: IssuedLink | None = None) -> str:
    link = url_for("accounts.invitation", token=issued.token, _external=True) if issued else None
    return render_template(
        "operator/organisation.html", organisation=card, form=form, link=link, kind_words=ORGANISATION_WORDS
    )
