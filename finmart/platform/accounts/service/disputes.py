"""Two or more live claims on one subject: the operator sees them side by side, keeps one and revokes the others."""

from finmart.platform.accounts.repository import claims
from finmart.platform.accounts.service.claims import views
from finmart.platform.accounts.service.deciding import locked, require_reason, revoke, verify
from finmart.platform.accounts.service.evidence import papers_by_claim
from finmart.platform.accounts.service.telling import tell_members
from finmart.platform.accounts.types.claims import ClaimMethod, ClaimState
from finmart.platform.accounts.types.disputes import DisputeOver, DisputeSettled, DisputeSide
from finmart.platform.accounts.types.errors import ClaimUnknown
from finmart.platform.accounts.types.letters import claim_kept
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor


def dispute(actor: Actor, claim_public_id: str) -> tuple[DisputeSide, ...]:
    """All live claims on the subject of a claim, the oldest first.

    Raises ``PermissionMissing``, ``ClaimUnknown``, or ``DisputeOver`` when there are not two.
    """
    require(actor, Permission.ALL_CLAIMS_READ)
    row = claims.claim_row(claim_public_id)
    if row is None:
        raise ClaimUnknown
    rows = claims.live_rows_on(row[1].id)
    if len(rows) < 2:
        raise DisputeOver
    papers = papers_by_claim(one[0].id for one in rows)
    shown = views(rows)
    return tuple(DisputeSide(view, papers.get(one[0].id, ())) for view, one in zip(shown, rows, strict=True))


def settle(actor: Actor, kept_public_id: str, *, note: str, reason: str) -> None:
    """Keep one claim and revoke all others; a kept one that waits is verified on ``note``. All members are told.

    Raises ``PermissionMissing``, ``ClaimUnknown``, ``ReasonMissing`` or ``DisputeOver``.
    """
    require(actor, Permission.ALL_CLAIMS_REVIEW)
    kept, subject = locked(kept_public_id)
    require_reason(note)
    require_reason(reason)
    live = claims.live_claims_on(subject.id)
    others = [claim for claim in live if claim.id != kept.id]
    if len(others) == len(live) or not others:
        raise DisputeOver
    old = ClaimState(kept.state)
    for other in others:
        revoke(actor, other, subject, reason=reason)
    if old is ClaimState.PENDING:
        verify(actor, kept, subject, method=ClaimMethod.REVIEW, note=note)
    else:
        kept.evidence_note = note.strip()
        tell_members(kept.organisation_id, claim_kept())
    record(
        actor,
        DisputeSettled(
            target=kept.public_id,
            subject=subject.public_id,
            revoked_claims=tuple(other.public_id for other in others),
            old_state=old.value,
        ),
    )
