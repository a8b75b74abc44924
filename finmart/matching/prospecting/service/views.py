"""Rows as values."""

from datetime import date

from finmart.matching.prospecting.models import ProspectCount, ProspectInvitation
from finmart.matching.prospecting.types.values import CountView, InvitationView, stated_of
from finmart.matching.prospecting.types.words import InvitationState


def count_view(row: ProspectCount) -> CountView:
    """What was counted."""
    return CountView(row.product_code, row.product_version, row.counted_on, row.demonstration, stated_of(row.stated))


def state_of(row: ProspectInvitation, on: date) -> InvitationState:
    """Where an invitation stands on a day: one that nobody answered in time has lapsed."""
    state = InvitationState(row.state)
    return InvitationState.LAPSED if state is InvitationState.OPEN and on > row.valid_until else state


def invitation_view(row: ProspectInvitation, on: date) -> InvitationView:
    """An invitation as it stands on a day."""
    return InvitationView(
        public_id=row.public_id,
        institution_id=row.institution_id,
        product_code=row.product_code,
        reason=row.reason,
        sent_at=row.sent_at,
        valid_until=row.valid_until,
        state=state_of(row, on),
        answered_at=row.answered_at,
    )
