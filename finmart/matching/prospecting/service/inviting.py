"""An institution asks an applicant on its list to look at a product: once, in words of ours, and never many."""

from datetime import timedelta

from finmart.matching.prospecting import repository
from finmart.matching.prospecting.models import ProspectOptIn
from finmart.matching.prospecting.service.finding import candidates, first_count, not_to_be_asked, own_product
from finmart.matching.prospecting.service.letters import tell_of_invitation
from finmart.matching.prospecting.types.errors import (
    ApplicantFull,
    FoundUnknown,
    InstitutionSpent,
    MayNotRead,
    ReasonUnknown,
)
from finmart.matching.prospecting.types.events import InvitationSent
from finmart.matching.prospecting.types.limits import INVITATIONS_A_DAY, INVITATIONS_A_WEEK, OPEN_FOR, WEEK
from finmart.matching.prospecting.types.words import InvitationState, Reason
from finmart.platform.accounts.service.reading_right import may_read
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import midnight, now, today


def invite(actor: Actor, code: str, ref: str, reason: str) -> str:
    """Invite the applicant that the list calls ``ref`` to the product ``code``; the invitation's public id.

    Raises ``PermissionMissing``, ``ProductUnknown``, ``ReasonUnknown``, ``MayNotRead``, ``FoundUnknown``,
    ``InstitutionSpent`` or ``ApplicantFull``.
    """
    require(actor, Permission.OWN_LEADS_WORK)
    own_product(actor, code)
    if reason not in set(Reason):
        raise ReasonUnknown
    institution_id = actor.organisation_id or 0
    if not may_read(institution_id, today()):
        raise MayNotRead
    opt_in = _chosen(institution_id, code, ref)
    _must_have_room(institution_id, opt_in.organisation_id)
    row = repository.add_invitation(
        institution_id=institution_id,
        organisation_id=opt_in.organisation_id,
        opt_in_id=opt_in.id,
        product_code=code,
        product_version=_version(institution_id, code),
        reason=reason,
        sent_at=now(),
        sent_by_user_id=actor.user_id,
        valid_until=today() + timedelta(days=OPEN_FOR.days),
        state=InvitationState.OPEN.value,
    )
    tell_of_invitation(row)
    record(actor, InvitationSent(target=row.public_id, product=code, reason=reason))
    return row.public_id


def _version(institution_id: int, code: str) -> int:
    counted = first_count(institution_id, code)
    if counted is None:
        raise FoundUnknown
    return counted.product_version


def _chosen(institution_id: int, code: str, ref: str) -> ProspectOptIn:
    """The agreement behind a reference, as it stands now; whoever else invites this applicant waits for us."""
    counted = first_count(institution_id, code)
    found = candidates(institution_id, counted) if counted is not None else []
    chosen = next((one.opt_in for one in found if one.row.ref == ref), None)
    held = repository.living_opt_in(chosen.organisation_id, lock=True) if chosen is not None else None
    # Between the list and the lock a colleague may have asked the same, or the applicant may have withdrawn or applied.
    if held is None or chosen is None or held.id != chosen.id:
        raise FoundUnknown
    if held.organisation_id in not_to_be_asked(institution_id, code):
        raise FoundUnknown
    return held


def _must_have_room(institution_id: int, organisation_id: int) -> None:
    repository.counts_of_day(institution_id, today(), lock=True)
    if repository.sent_by(institution_id, since=midnight()) >= INVITATIONS_A_DAY:
        raise InstitutionSpent(INVITATIONS_A_DAY)
    if repository.sent_to(organisation_id, since=now() - WEEK) >= INVITATIONS_A_WEEK:
        raise ApplicantFull(INVITATIONS_A_WEEK)
