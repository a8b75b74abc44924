"""One-time links: 72 hours, one use, only the hash is kept (DECISIONS 5)."""

from datetime import timedelta

from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.accounts.models.users import OneTimeLink, User
from finmart.platform.accounts.repository import links
from finmart.platform.accounts.service.tokens import new_token, token_hash
from finmart.platform.accounts.types.errors import LinkUnusable
from finmart.platform.accounts.types.events import LinkIssued, LinkUsed
from finmart.platform.accounts.types.links import LinkPurpose, LinkState
from finmart.platform.accounts.types.values import IssuedLink
from finmart.platform.audit.service import record
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now

LINK_LIFE = timedelta(hours=72)


def issue(
    actor: Actor,
    purpose: LinkPurpose,
    *,
    user: User | None = None,
    organisation: Organisation | None = None,
    role: str | None = None,
    branch: str = "",
    branch_id: int | None = None,
    region: str | None = None,
) -> IssuedLink:
    """Make a link and note that it was made. Whoever calls has asked for permission."""
    token, hashed = new_token()
    link = links.add_link(
        purpose=purpose.value,
        token_hash=hashed,
        expires_at=now() + LINK_LIFE,
        created_by_user_id=actor.user_id,
        user_id=user.id if user else None,
        organisation_id=organisation.id if organisation else None,
        role=role,
        branch=branch,
        branch_id=branch_id,
        region=region,
    )
    record(
        actor,
        LinkIssued(
            target=link.public_id,
            purpose=purpose.value,
            user=user.public_id if user else None,
            organisation=organisation.public_id if organisation else None,
            role=role,
        ),
    )
    return IssuedLink(link.public_id, token, purpose.value, link.expires_at)


def redeemable(token: str, purpose: LinkPurpose) -> OneTimeLink:
    """The link behind ``token``. Raises ``LinkUnusable`` for a forged, used, withdrawn or expired one."""
    link = links.usable_link(token_hash=token_hash(token), purpose=purpose.value)
    if link is None:
        raise LinkUnusable
    return link


def use_link(actor: Actor, link: OneTimeLink, user: User) -> None:
    """Use up ``link`` for ``user``. Raises ``LinkUnusable`` for whoever comes second."""
    if not links.use_up(link.id, by_user_id=user.id):
        raise LinkUnusable
    record(actor, LinkUsed(target=link.public_id, purpose=link.purpose, user=user.public_id))


def state_of(link: OneTimeLink) -> LinkState:
    """Where ``link`` stands now."""
    if link.used_at is not None:
        return LinkState.USED
    if link.withdrawn_at is not None:
        return LinkState.WITHDRAWN
    return LinkState.OPEN if link.expires_at > now() else LinkState.EXPIRED
