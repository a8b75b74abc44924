"""A clerk hands a lead to a colleague: the state and the clock stay, the colleague is told."""

from finmart.matching.leads import repository
from finmart.matching.leads.service import letters
from finmart.matching.leads.service.institution import own_lead
from finmart.matching.leads.service.stepping import open_case
from finmart.matching.leads.types.errors import ColleagueUnknown, ReasonRefused, StepRefused
from finmart.matching.leads.types.events import LeadHandedOver, LeadRouted
from finmart.matching.leads.types.reasons import HANDOVER_REASONS
from finmart.platform.accounts.service.branches import own_branch_id
from finmart.platform.accounts.service.staff import colleagues_with
from finmart.platform.accounts.service.tree import user_ids_reaching
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


def clerks_for(actor: Actor, public_id: str) -> list[Colleague]:
    """Those of the colleagues who look after the branch of a lead. Raises ``PermissionMissing`` or ``LeadUnknown``."""
    lead = open_case(actor, public_id, lock=False).lead
    there = user_ids_reaching(lead.organisation_id, lead.branch_id)
    return [each for each in clerks(actor) if each.user_id in there]


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
    there = user_ids_reaching(lead.organisation_id, lead.branch_id)
    able = [each for each in colleagues_with(lead.organisation_id, Permission.OWN_LEADS_WORK) if each.user_id in there]
    to = next((each for each in able if each.public_id == colleague and each.user_id != lead.clerk_user_id), None)
    if to is None:
        raise ColleagueUnknown
    before, lead.clerk_user_id = lead.clerk_user_id, to.user_id
    record(actor, LeadHandedOver(target=lead.public_id, clerk=to.user_id, clerk_before=before, reason=reason))
    letters.tell_of_handover(lead, to=to.user_id, by=actor.name, reason=HANDOVER_REASONS[reason])


def branch_of(actor: Actor, public_id: str) -> int | None:
    """The inner id of the branch that works on a lead; None: the head office. Raises ``LeadUnknown``."""
    return open_case(actor, public_id, lock=False).lead.branch_id


def pass_to_branch(actor: Actor, public_id: str, *, branch: str) -> None:
    """Give a living lead to another branch that the actor looks after (a public id; empty: the head office).

    Its day stays as it is; whoever worked on it no longer does, and the branch's people are told. Raises
    ``LeadUnknown``, ``NotYourStep``, ``TakenByColleague``, ``StepRefused``, ``BranchUnknown`` or
    ``BranchOutOfReach``.
    """
    lead = own_lead(actor, public_id)
    if lead.ended_at is not None:
        raise StepRefused(lead.state, "pass_to_branch")
    to = own_branch_id(actor, branch)
    if to == lead.branch_id:
        return
    before, lead.branch_id, lead.clerk_user_id = lead.branch_id, to, None
    record(actor, LeadRouted(target=lead.public_id, old_branch=before, branch=to))
    letters.tell_institution_of_branch(lead)


def count_at_branch(branch_id: int) -> int:
    """How many living leads a branch works on (an inner id)."""
    return repository.count_at_branch(branch_id)


def branch_closed(actor: Actor, branch_id: int, successor: int | None) -> int:
    """Give the living leads of a branch that has closed to its successor; returns how many there were."""
    found = repository.living_at_branch(branch_id)
    for lead in found:
        lead.branch_id = successor
        if lead.clerk_user_id not in user_ids_reaching(lead.organisation_id, successor):
            lead.clerk_user_id = None
        record(actor, LeadRouted(target=lead.public_id, old_branch=branch_id, branch=successor))
        letters.tell_institution_of_branch(lead)
    return len(found)
