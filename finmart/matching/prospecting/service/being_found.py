"""The applicant's side: agree to be found, take it back, and answer invitations."""

from finmart.matching.prospecting import repository
from finmart.matching.prospecting.models import ProspectInvitation
from finmart.matching.prospecting.service.letters import tell_of_acceptance, tell_of_complaint
from finmart.matching.prospecting.service.views import invitation_view, state_of
from finmart.matching.prospecting.types.errors import (
    AgreementMissing,
    FoundAlready,
    InvitationOver,
    InvitationUnknown,
    NotFindable,
    NotVerified,
    ReasonUnknown,
)
from finmart.matching.prospecting.types.events import FoundAgreed, FoundWithdrawn, InvitationAnswered
from finmart.matching.prospecting.types.limits import TEXT_VERSION
from finmart.matching.prospecting.types.values import Findable, InvitationView
from finmart.matching.prospecting.types.words import Complaint, InvitationState
from finmart.platform.accounts.service.claims import verified_subject_of
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today


def findable(actor: Actor) -> Findable:
    """Whether the actor's organisation can be found, since when, and what it was invited to.

    Raises ``PermissionMissing``.
    """
    require(actor, Permission.OWN_CONSENTS_MANAGE)
    organisation_id, day = actor.organisation_id or 0, today()
    held = repository.living_opt_in(organisation_id)
    return Findable(
        verified=verified_subject_of(organisation_id) is not None,
        since=held.agreed_at if held is not None else None,
        invitations=tuple(invitation_view(row, day) for row in repository.invitations_to(organisation_id)),
    )


def agree(actor: Actor, *, agreed: bool) -> None:
    """Let institutions find the actor's organisation by its conditions, from now on.

    Raises ``PermissionMissing``, ``AgreementMissing``, ``NotVerified`` or ``FoundAlready``.
    """
    require(actor, Permission.OWN_CONSENTS_MANAGE)
    organisation_id = actor.organisation_id or 0
    if not agreed:
        raise AgreementMissing
    if verified_subject_of(organisation_id) is None:
        raise NotVerified
    if repository.living_opt_in(organisation_id) is not None:
        raise FoundAlready
    row = repository.add_opt_in(
        organisation_id=organisation_id, user_id=actor.user_id, agreed_at=now(), text_version=TEXT_VERSION
    )
    record(actor, FoundAgreed(target=row.public_id, text_version=TEXT_VERSION))


def withdraw(actor: Actor) -> None:
    """Be found no longer: off every list at once, and what waits for an answer is closed.

    Raises ``PermissionMissing`` or ``NotFindable``.
    """
    require(actor, Permission.OWN_CONSENTS_MANAGE)
    organisation_id = actor.organisation_id or 0
    row = repository.living_opt_in(organisation_id, lock=True)
    if row is None:
        raise NotFindable
    row.withdrawn_at, row.withdrawn_by_user_id = now(), actor.user_id
    sent = repository.invitations_to(organisation_id, lock=True)
    waiting = [one for one in sent if one.state == InvitationState.OPEN]
    for one in waiting:
        one.state = InvitationState.CLOSED.value
    record(actor, FoundWithdrawn(target=row.public_id, closed=len(waiting)))


def accept(actor: Actor, public_id: str) -> InvitationView:
    """Say that the product is of interest; who the applicant is, only an application tells.

    Raises ``PermissionMissing``, ``InvitationUnknown`` or ``InvitationOver``.
    """
    row = _answer(actor, public_id, InvitationState.ACCEPTED)
    tell_of_acceptance(row)
    return invitation_view(row, today())


def decline(actor: Actor, public_id: str) -> None:
    """Say no; this institution never asks for this product again. Raises as ``accept`` does."""
    _answer(actor, public_id, InvitationState.DECLINED)


def report(actor: Actor, public_id: str, complaint: str) -> None:
    """Tell the operators what is wrong; this institution never asks again. Raises as above, or ``ReasonUnknown``."""
    require(actor, Permission.OWN_CONSENTS_MANAGE)
    if complaint not in set(Complaint):
        raise ReasonUnknown
    tell_of_complaint(_answer(actor, public_id, InvitationState.REPORTED, complaint))


def _answer(actor: Actor, public_id: str, state: InvitationState, complaint: str = "") -> ProspectInvitation:
    require(actor, Permission.OWN_CONSENTS_MANAGE)
    row = repository.invitation(public_id)
    if row is None or actor.organisation_id is None or row.organisation_id != actor.organisation_id:
        raise InvitationUnknown
    old = state_of(row, today())
    if old is not InvitationState.OPEN:
        raise InvitationOver
    row.state, row.complaint = state.value, complaint
    row.answered_at, row.answered_by_user_id = now(), actor.user_id
    record(
        actor,
        InvitationAnswered(target=row.public_id, old_state=old.value, new_state=state.value, complaint=complaint),
    )
    return row
