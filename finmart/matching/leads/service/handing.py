"""A clerk hands a lead to a colleague: the state and the clock stay, the colleague is told."""

from finmart.matching.leads.service import letters
from finmart.matching.leads.service.institution import own_lead
from finmart.matching.leads.types.errors import ColleagueUnknown, ReasonRefused, StepRefused
from finmart.matching.leads.types.events import LeadHandedOver
from finmart.matching.leads.types.reasons import HANDOVER_REASONS
from finmart.platform.accounts.service.staff import colleagues_with
from finmart.platform.accounts.types.values import Colleague
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.messages import N_


def clerks(actor: Actor) -> list[Colleague]:
    """Everybody in the actor's institution who works on leads, by name. Raises ``PermissionMissing``."""
    require(actor, Permission.OWN_LEADS_WORK)
    return colleagues_with(actor.organisation_id or 0, Permission.OWN_LEADS_WORK)


def pass_to_colleague(actor: Actor, public_id: str, *, colleague: str, reason: str) -> None:
    """Give a living lead to a colleague (a public id) for a coded reason; its day stays as it is.

    Raises ``LeadUnknown``, ``NotYourStep``, ``TakenByColleague``, ``StepRefused``, ``ReasonRefused`` or
    ``ColleagueUnknown``.
    """
    lead = own_lead(actor, public_id)
    if lead.ended_at is not None:
        raise StepRefused(lead.state, "pass_to_colleague")
    if reason not in HANDOVER_REASONS:
        raise ReasonRefused(N_("请选择转交的原因。"))
    able = colleagues_with(lead.organisation_id, Permission.OWN_LEADS_WORK)
    to = next((each for each in able if each.public_id == colleague and each.user_id != lead.clerk_user_id), None)
    if to is None:
        raise ColleagueUnknown
    before, lead.clerk_user_id = lead.clerk_user_id, to.user_id
    record(actor, LeadHandedOver(target=lead.public_id, clerk=to.user_id, clerk_before=before, reason=reason))
    letters.tell_of_handover(lead, to=to.user_id, by=actor.name, reason=HANDOVER_REASONS[reason])
