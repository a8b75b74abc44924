"""Which state puts whom under which duty: the clock of a lead follows from its state alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from finmart.matching.demands.types.clocks import DutyKind, Owner
from finmart.matching.leads.types.states import LIVE, LeadState


@dataclass(frozen=True)
class StateDuty:
    """What a state waits for. ``from_receipt``: days count from the receipt of the application, pauses left out."""

    kind: DutyKind
    owner: Owner
    from_receipt: bool = False


DUTIES: Mapping[LeadState, StateDuty] = MappingProxyType(
    {
        LeadState.ASSIGNED: StateDuty(DutyKind.RESPOND, Owner.INSTITUTION),
        LeadState.INTERESTED: StateDuty(DutyKind.CHOOSE, Owner.APPLICANT),
        LeadState.RECEIVED: StateDuty(DutyKind.CONTACT, Owner.INSTITUTION, from_receipt=True),
        LeadState.CONTACTED: StateDuty(DutyKind.FIRST_OPINION, Owner.INSTITUTION, from_receipt=True),
        LeadState.MATERIALS: StateDuty(DutyKind.MATERIALS, Owner.APPLICANT),
        LeadState.REVIEW: StateDuty(DutyKind.DECISION, Owner.INSTITUTION, from_receipt=True),
        LeadState.SUPPLEMENT: StateDuty(DutyKind.MATERIALS, Owner.APPLICANT),
        LeadState.APPROVED: StateDuty(DutyKind.ACCEPT, Owner.APPLICANT),
        LeadState.CONTRACTED: StateDuty(DutyKind.DRAW_DOWN, Owner.INSTITUTION),
    }
)

if DUTIES.keys() != LIVE:
    raise RuntimeError("every living state has a duty, and no other")
