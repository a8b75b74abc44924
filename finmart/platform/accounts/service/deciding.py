"""The steps of a claim, whoever takes them: the operator, a clerk at a counter, or the single sign-on.

Nobody is asked for permission here; each door does that itself, with its own rules.
"""

from finmart.platform.accounts.models.subjects import Subject, SubjectClaim
from finmart.platform.accounts.repository import claims, organisations, subjects
from finmart.platform.accounts.service.telling import tell_members
from finmart.platform.accounts.types.claims import ClaimMethod, ClaimState, ClaimStep, after
from finmart.platform.accounts.types.errors import ClaimUnknown, ReasonMissing, SubjectHeld, SubjectUnknown
from finmart.platform.accounts.types.events import ClaimRevoked, ClaimVerified
from finmart.platform.accounts.types.letters import claim_revoked, claim_verified
from finmart.platform.audit.service import record
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now

MIN_REASON = 4


def locked(claim_public_id: str) -> tuple[SubjectClaim, Subject]:
    """The claim and its subject, both held until the end. Raises ``ClaimUnknown`` or ``SubjectUnknown``.

    The subject comes first, in every step: two claims on it must not be decided at the same moment, and whoever
    settles a dispute changes all of them.
    """
    row = claims.claim_row(claim_public_id)
    if row is None:
        raise ClaimUnknown
    subject = subjects.subject_by_id(row[1].id, lock=True)
    claim = claims.claim_by_public_id(claim_public_id)
    if subject is None or claim is None:
        raise SubjectUnknown
    return claim, subject


def require_reason(text: str) -> None:
    """Let a reason in words pass. Raises ``ReasonMissing``."""
    if len(text.strip()) < MIN_REASON:
        raise ReasonMissing


def verify(actor: Actor, claim: SubjectClaim, subject: Subject, *, method: ClaimMethod, note: str) -> None:
    """pending → verified; its members are told. Raises ``ClaimStepRefused``, ``ReasonMissing`` or ``SubjectHeld``."""
    old = ClaimState(claim.state)
    new = after(old, ClaimStep.VERIFY)
    require_reason(note)
    if claims.verified_organisation_id(claim.subject_id) is not None:
        raise SubjectHeld
    claim.state = new.value
    claim.method = method.value
    claim.evidence_note = note.strip()
    claim.verified_at = now()
    claim.verified_by_user_id = actor.user_id
    record(
        actor,
        ClaimVerified(
            target=claim.public_id,
            subject=subject.public_id,
            organisation=_organisation_public_id(claim),
            method=method.value,
            old_state=old.value,
        ),
    )
    tell_members(claim.organisation_id, claim_verified())


def revoke(actor: Actor, claim: SubjectClaim, subject: Subject, *, reason: str) -> None:
    """pending or verified → revoked; its members are told. Raises ``ClaimStepRefused`` or ``ReasonMissing``."""
    old = ClaimState(claim.state)
    new = after(old, ClaimStep.REVOKE)
    require_reason(reason)
    claim.state = new.value
    claim.revoke_reason = reason.strip()
    claim.revoked_at = now()
    claim.revoked_by_user_id = actor.user_id
    record(
        actor,
        ClaimRevoked(
            target=claim.public_id,
            subject=subject.public_id,
            organisation=_organisation_public_id(claim),
            old_state=old.value,
        ),
    )
    tell_members(claim.organisation_id, claim_revoked())


def _organisation_public_id(claim: SubjectClaim) -> str:
    organisation = organisations.organisation_by_id(claim.organisation_id)
    return organisation.public_id if organisation else ""
