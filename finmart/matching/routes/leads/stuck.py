"""The operator's page of demands that wait: masked, to be sent to an institution or taken away from a silent one."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from finmart.matching.demands.types.clocks import Owner
from finmart.matching.forms.fields import told_apart
from finmart.matching.forms.working import DispatchForm, ReasonForm
from finmart.matching.leads.service import operator
from finmart.matching.leads.service.operator import Stuck
from finmart.matching.leads.types.states import Side, steps_from
from finmart.matching.routes.blueprint import blueprint
from finmart.matching.routes.leads import wording
from finmart.matching.routes.leads.attempts import refusal
from finmart.platform.accounts.service.organisations import organisation_cards
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.clock import today
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.language import localized
from finmart.platform.web.pages import page_number
from finmart.products import service as products

Answer = str | Response | tuple[str, int]


def _institutions() -> dict[int, tuple[str, str]]:
    """inner id → public id and name of every institution with a desk here, by name."""
    listed = [one.organisation_id for one in products.institutions() if one.record.ref.connected]
    cards = sorted(organisation_cards(listed).values(), key=lambda card: card.name_zh)
    return {card.id: (card.public_id, localized(card.name_zh, card.name_en)) for card in cards}


def _forms(one: Stuck, institutions: dict[int, tuple[str, str]], sent: dict[str, FlaskForm]) -> dict[str, FlaskForm]:
    busy = {lead.organisation_id for lead in one.leads if lead.is_live}
    free = [choice for key, choice in institutions.items() if key not in busy]
    forms: dict[str, FlaskForm] = {one.demand.public_id: DispatchForm(free, formdata=None)}
    forms |= {lead.public_id: ReasonForm(formdata=None) for lead in one.leads if lead.is_live}
    return {key: told_apart(sent.get(key, form), key) for key, form in forms.items()}


def stuck_page(**sent: FlaskForm) -> str:
    """Demands that wait; ``sent`` are forms as they were sent, by the public id of their demand or lead."""
    page = operator.stuck(current_actor(), number=page_number(request.args.get("page")))
    institutions = _institutions()
    forms = {key: form for one in page.items for key, form in _forms(one, institutions, sent).items()}
    return render_template(
        "leads/stuck.html",
        page=page,
        turns={one.demand.id: wording.turn_of_demand(one.clock, Owner.OPERATOR, one.institution) for one in page.items},
        lead_turns={
            lead.id: wording.turn_of_lead(lead, Owner.OPERATOR, wording.institution_name(lead.organisation_id))
            for one in page.items
            for lead in one.leads
        },
        may={lead.id: steps_from(lead.state, Side.OPERATOR) for one in page.items for lead in one.leads},
        forms=forms,
        sent=set(sent),
        refused=next(iter(sent.values()), None),
        today=today(),
    )


@blueprint.get("/operator/stuck")
@requires(Permission.ALL_DEMANDS_READ)
def stuck() -> Answer:
    """Demands whose clock is the operator's or overdue, the longest waiting first; no applicant is named."""
    return stuck_page()


def _step(key: str, form: FlaskForm, act: Callable[[], object], said: str) -> Answer:
    status = refusal(form, act)
    if status is not None:
        return stuck_page(**{key: form}), status
    flash(said, "good")
    return redirect(url_for("matching.stuck"))


@blueprint.post("/operator/demands/<public_id>/dispatch")
@requires(Permission.ALL_DEMANDS_DISPATCH)
def dispatch(public_id: str) -> Answer:
    """Ask one institution to take a demand."""
    actor, form = current_actor(), DispatchForm(_institutions().values())

    def act() -> None:
        operator.dispatch(actor, public_id, institution_public_id=form.institution.data)

    return _step(public_id, form, act, _("已派单，机构会收到通知，须在期限内答复。"))


@blueprint.post("/operator/leads/<public_id>/take-away")
@requires(Permission.ALL_DEMANDS_DISPATCH)
def take_away(public_id: str) -> Answer:
    """End a lead on which an institution was silent, with what was done about it."""
    actor, form = current_actor(), ReasonForm()

    def act() -> None:
        operator.take_away(actor, public_id, reason=form.reason.data)

    return _step(public_id, form, act, _("已收回，机构和申请人都会收到通知。"))
