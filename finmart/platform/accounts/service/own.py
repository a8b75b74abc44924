"""What pages tell somebody of their own: the whole name, and why a claim was revoked."""

from finmart.platform.accounts.repository import claims
from finmart.platform.accounts.types.claims import ClaimState
from finmart.platform.accounts.types.contacts import mask_name
from finmart.platform.kernel.actor import Actor


def own_name(actor: Actor, shown: str) -> str:
    """``shown``, or the actor's whole name where ``shown`` is that name masked; others go on seeing the mask."""
    return actor.name if actor.is_signed_in and shown == mask_name(actor.name) else shown


def own_revocation(actor: Actor) -> str:
    """The operator's reason for revoking the actor's own organisation's newest claim; empty when it is not revoked."""
    claim = claims.latest_claim_of(actor.organisation_id) if actor.organisation_id is not None else None
    return claim.revoke_reason or "" if claim is not None and claim.state == ClaimState.REVOKED else ""
