"""One lead at an institution: everything for its present state, and only the steps that are possible now."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from finmart.credit.routes.wording import scope_words
from finmart.credit.service import consenting
from finmart.matching.demands.types.clocks import Owner
from finmart.matching.forms.applying import PostForm
from finmart.matching.forms.fields import told_apart, wan_text
from finmart.matching.forms.offers import ApproveForm, TakeForm, values_of
from finmart.matching.forms.working import (
    ContactForm,
    DeclineForm,
    DrawDownForm,
    HandOverForm,
    MaterialsForm,
    OpinionForm,
    PassForm,
    ReasonForm,
    RouteForm,
)
from finmart.matching.leads.service import handing, reading
from finmart.matching.leads.types.reasons import DECLINE_REASONS
from finmart.matching.leads.types.states import LeadStep, Side, steps_from
from finmart.matching.leads.types.values import OpenLead, Sheet
from finmart.matching.routes.blueprint import blueprint
from finmart.matching.routes.leads import wording
from finmart.matching.routes.leads.attempts import refusal
from finmart.platform.accounts.service.branches import list_branches
from finmart.platform.authz.permissions import Permission
from finmart.platform.consents.types import ConsentView
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.web.access import requires
from finmart.platform.web.actor import current_actor
from finmart.platform.web.language import localized
from finmart.products import service as products

Answer = str | Response | tuple[str, int]


def product_choices(actor: Actor) -> list[tuple[str, str]]:
    """The own published products, by code and name."""
    listed = products.own_products(actor)
    return [(one.product.code, localized(one.product.name_zh, one.product.name_en)) for one in listed]


def clerk_choices(actor: Actor, public_id: str, *, but: int | None = None) -> list[tuple[str, str]]:
    """Whoever works on leads at the branch of one, by public id; ``but``: without that user."""
    return [(each.public_id, each.name) for each in handing.clerks_for(actor, public_id) if each.user_id != but]


def branch_choices(actor: Actor) -> list[tuple[str, str]]:
    """The branches that the actor looks after as they lie in the tree; the head office first for whoever is of it."""
    found = list_branches(actor)
    choices = [(each.public_id, "　" * (each.level - 2) + each.details.name) for each in found]
    return choices if actor.branch_id is not None or not choices else [("", _("总部")), *choices]


def _at(actor: Actor, public_id: str) -> str:
    """The public id of the branch that works on a lead; empty for the head office."""
    branch_id = handing.branch_of(actor, public_id)
    return next((each.public_id for each in list_branches(actor) if each.id == branch_id), "")


def _terms(found: OpenLead) -> dict[str, Any]:
    """What a decision begins with: the offer that was made first, or what is asked for."""
    if found.bid is not None:
        return values_of(found.bid.terms)
    lead = found.lead
    most = min(lead.asked_amount, lead.product_cap or lead.asked_amount)
    return {"amount": wan_text(most), "months": found.demand.term_months}


def _blank(actor: Actor, found: OpenLead) -> dict[str, FlaskForm]:
    approved = found.lead.approved_amount
    drawn = {"amount": wan_text(approved)} if approved else {}
    return {
        "take": TakeForm(product_choices(actor), formdata=None, data=_terms(found)),
        "pass": PassForm(formdata=None),
        "contact": ContactForm(formdata=None),
        "opinion": OpinionForm(formdata=None),
        "materials": MaterialsForm(formdata=None),
        "approve": ApproveForm(formdata=None, data=_terms(found)),
        "decline": DeclineForm(formdata=None),
        "draw-down": DrawDownForm(formdata=None, data=drawn),
        "reverse": ReasonForm(formdata=None),
        "post": PostForm(formdata=None),
    }


def _consents(found: OpenLead) -> tuple[ConsentView, ...]:
    """The consents under which the profile may be read; never before the applicant has shown who it is."""
    if found.contact is None or found.demand.subject_id is None:
        return ()
    return consenting.consents_for(
        subject_id=found.demand.subject_id, institution_id=found.lead.organisation_id, on=today()
    )


#: The page's form of a step, where it is not called as the step is.
_FORMS = {LeadStep.ASK_MATERIALS: "materials", LeadStep.DRAW_DOWN: "draw-down"}


def _placed(found: OpenLead, may: frozenset[LeadStep], *, works: bool) -> set[str]:
    """The steps whose forms stand on the page, and show there why they were refused."""
    placed = {_FORMS.get(step, step.value) for step in may} - {"go_on"}
    if works and found.lead.is_at_work:
        placed.add("contact")
    if works and found.can_reverse:
        placed.add("reverse")
    if works and found.lead.is_live:
        placed |= {"hand-over", "route"}
    return placed | ({"post"} if works and wording.can_post(found.lead) else set())


def _passing(actor: Actor, found: OpenLead) -> dict[str, Any]:
    """The forms that give a lead to somebody else of the institution: a colleague there, or another branch."""
    lead = found.lead
    colleagues = clerk_choices(actor, lead.public_id, but=lead.clerk_user_id or actor.user_id)
    at = {"branch": _at(actor, lead.public_id)}
    return {
        "hand-over": HandOverForm(colleagues, formdata=None),
        "route": RouteForm(branch_choices(actor), formdata=None, data=at),
    }


def _places(passing: dict[str, Any]) -> dict[str, object]:
    """Whether there is anybody to give the lead to, and the name of the branch that has it."""
    if not passing:
        return {"can_hand_over": False, "can_route": False, "at_branch": ""}
    branch = passing["route"].branch
    return {
        "can_hand_over": len(passing["hand-over"].colleague.choices) > 1,
        "can_route": len(branch.choices) > 1,
        "at_branch": dict(branch.choices).get(branch.data, "").strip(),
    }


def lead_page(public_id: str, *, sheet: Sheet | None = None, **shown: FlaskForm) -> str:
    """The page of a lead; ``shown`` are forms as they were sent, by the name of their step.

    ``sheet`` is the cost of an offer that waits to be confirmed.
    """
    actor = current_actor()
    found = reading.open_lead(actor, public_id)
    lead = found.lead
    of_colleague = lead.clerk_user_id not in (None, actor.user_id)
    works = actor.may(Permission.OWN_LEADS_WORK) and not (of_colleague and not actor.may(Permission.OWN_MEMBERS_INVITE))
    may = steps_from(lead.state, Side.INSTITUTION) if works else frozenset()
    step = next(iter(shown), "")
    blank, passing = _blank(actor, found), _passing(actor, found) if works and lead.is_live else {}
    return render_template(
        "leads/lead.html",
        found=found,
        lead=lead,
        card=reading.card_of_lead(actor, public_id),
        turn=wording.turn_of_lead(lead, Owner.INSTITUTION),
        product=wording.product_name(lead),
        may=may,
        works=works,
        of_colleague=of_colleague,
        **_places(passing),
        mine=lead.clerk_user_id is not None and lead.clerk_user_id == actor.user_id,
        forms={name: told_apart(form, name) for name, form in (blank | passing | shown).items()},
        shown_step=step,
        refused_elsewhere=shown[step] if step and step not in _placed(found, may, works=works) else None,
        sheet=sheet,
        declined=DECLINE_REASONS.get(lead.decline_code),
        scope_words=scope_words,
        consents=_consents(found),
        side=Side.INSTITUTION,
    )


@blueprint.get("/institution/leads/<public_id>")
@requires(Permission.OWN_LEADS_READ)
def lead(public_id: str) -> Answer:
    """One lead of the institution."""
    return lead_page(public_id)


def take_step(public_id: str, step: str, form: FlaskForm, act: Callable[[], object], said: str) -> Answer:
    """Take a step of the institution, or show the page with the reason why not."""
    status = refusal(form, act)
    if status is not None:
        return lead_page(public_id, **{step: form}), status
    flash(said, "good")
    return redirect(url_for("matching.lead", public_id=public_id))
