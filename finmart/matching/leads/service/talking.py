"""The thread of questions and answers between an applicant and one institution."""

from finmart.matching.leads import repository
from finmart.matching.leads.models import LeadPost
from finmart.matching.leads.service.checks import checked_text
from finmart.matching.leads.service.letters import tell_of_post
from finmart.matching.leads.service.stepping import must_be, open_case
from finmart.matching.leads.types.errors import NotYourStep, StepRefused
from finmart.matching.leads.types.events import LeadPosted
from finmart.matching.leads.types.states import LIVE, LeadState, Side
from finmart.platform.audit.service import record
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now


def post(actor: Actor, public_id: str, *, text: str) -> None:
    """Ask or answer while the lead lives, and after a decline, so that its reason can be asked about.

    Raises ``LeadUnknown``, ``NotYourStep``, ``StepRefused`` or ``TextRefused``.
    """
    case = open_case(actor, public_id)
    if case.side is Side.OPERATOR:
        raise NotYourStep
    must_be(actor, case, case.side)
    state = LeadState(case.lead.state)
    if state not in LIVE and state is not LeadState.DECLINED:
        raise StepRefused(state.value, "post")
    words = checked_text(text, anonymous=case.lead.revealed_at is None)
    row = LeadPost(lead_id=case.lead.id, at=now(), user_id=actor.user_id, side=case.side.value, text=words)
    repository.add(row)
    record(actor, LeadPosted(target=case.lead.public_id, side=case.side.value))
    tell_of_post(case.lead, case.demand, to_applicant=case.side is Side.INSTITUTION)
