"""Members of an organisation, and invitations into it."""

from finmart.platform.accounts.models.organisations import Membership, Organisation
from finmart.platform.accounts.models.users import OneTimeLink, User
from finmart.platform.accounts.repository import links, organisations, users
from finmart.platform.accounts.service.links import issue, redeemable, state_of, use_link
from finmart.platform.accounts.service.organisations import card_of
from finmart.platform.accounts.service.people import create_user
from finmart.platform.accounts.service.sessions import open_session
from finmart.platform.accounts.types.contacts import mask_phone
from finmart.platform.accounts.types.errors import (
    AlreadyMember,
    LastOwner,
    LinkUnusable,
    OrganisationUnknown,
    RoleUnknown,
    UserUnknown,
)
from finmart.platform.accounts.types.events import LinkWithdrawn, MembershipBegan, MembershipEnded, UserCreated
from finmart.platform.accounts.types.links import LinkPurpose, LinkState
from finmart.platform.accounts.types.values import (
    Device,
    InvitationView,
    IssuedLink,
    MemberView,
    NewUser,
    OpenSession,
    OrganisationCard,
)
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.authz.roles import ROLE_KINDS
from finmart.platform.kernel.actor import VISITOR, Actor
from finmart.platform.kernel.clock import now, today
from finmart.platform.notices.service.inbox import leave_behind

#: The role of each kind of organisation that must not run out.
KEEPER_ROLES = frozenset({"applicant_owner", "institution_admin"})


def list_members(actor: Actor) -> list[MemberView]:
    """The members of the actor's own organisation. Raises ``PermissionMissing``."""
    require(actor, Permission.OWN_MEMBERS_READ)
    return [
        MemberView(
            public_id=membership.public_id,
            user_public_id=user.public_id,
            name=user.name,
            phone_masked=mask_phone(user.phone),
            role=membership.role,
            branch=membership.branch,
            since=membership.valid_from,
            self=user.id == actor.user_id,
        )
        for membership, user in organisations.members_of(_organisation_id(actor))
    ]


def end_membership(actor: Actor, membership_public_id: str) -> None:
    """Remove a member of the actor's own organisation. Raises ``LastOwner`` when nobody could manage it any more."""
    require(actor, Permission.OWN_MEMBERS_INVITE)
    members = organisations.members_of(_organisation_id(actor), lock=True)
    found = next((pair for pair in members if pair[0].public_id == membership_public_id), None)
    if found is None:
        raise UserUnknown
    membership, user = found
    keepers = [pair for pair in members if pair[0].role in KEEPER_ROLES]
    if membership.role in KEEPER_ROLES and len(keepers) == 1:
        raise LastOwner
    membership.valid_until = today()
    leave_behind(user.id, membership.organisation_id)
    organisation = _organisation(_organisation_id(actor))
    record(actor, MembershipEnded(target=organisation.public_id, user=user.public_id, role=membership.role))


def roles_for(kind: str) -> tuple[str, ...]:
    """The roles that exist in a kind of organisation, in the table's order."""
    return tuple(role for role, its_kind in ROLE_KINDS.items() if its_kind == kind)


def invite(
    actor: Actor,
    *,
    role: str,
    organisation_public_id: str | None = None,
    branch: str = "",
    region: str | None = None,
) -> IssuedLink:
    """A copyable invitation into the actor's own organisation, or into any for whoever manages users.

    Raises ``PermissionMissing``, ``OrganisationUnknown`` or ``RoleUnknown``.
    """
    if organisation_public_id is None:
        require(actor, Permission.OWN_MEMBERS_INVITE)
        organisation = _organisation(_organisation_id(actor))
    else:
        require(actor, Permission.ALL_USERS_MANAGE)
        found = organisations.organisation_by_public_id(organisation_public_id)
        if found is None:
            raise OrganisationUnknown
        organisation = found
    if ROLE_KINDS.get(role) != organisation.kind:
        raise RoleUnknown(role)
    return issue(
        actor, LinkPurpose.INVITATION, organisation=organisation, role=role, branch=branch.strip()[:80], region=region
    )


def list_invitations(actor: Actor) -> list[InvitationView]:
    """The latest invitations into the actor's own organisation."""
    require(actor, Permission.OWN_MEMBERS_INVITE)
    return [
        InvitationView(
            public_id=link.public_id,
            role=link.role or "",
            branch=link.branch,
            created_at=link.created_at,
            expires_at=link.expires_at,
            state=state_of(link).value,
        )
        for link in links.invitations_of(_organisation_id(actor))
    ]


def withdraw_invitation(actor: Actor, public_id: str) -> None:
    """Withdraw an open invitation of the actor's own organisation. Raises ``LinkUnusable``."""
    require(actor, Permission.OWN_MEMBERS_INVITE)
    link = links.link_of_organisation(organisation_id=_organisation_id(actor), public_id=public_id)
    if link is None or state_of(link) is not LinkState.OPEN:
        raise LinkUnusable
    link.withdrawn_at = now()
    record(actor, LinkWithdrawn(target=link.public_id, purpose=link.purpose))


def invitation_of(token: str) -> tuple[OrganisationCard, str]:
    """The organisation and role an invitation leads to. Raises ``LinkUnusable``."""
    link = redeemable(token, LinkPurpose.INVITATION)
    return card_of(_inviting(link)), link.role or ""


def accept_as_member(actor: Actor, token: str) -> None:
    """Join with the account in use. Raises ``LinkUnusable`` or ``AlreadyMember``."""
    link = redeemable(token, LinkPurpose.INVITATION)
    user = users.user_by_id(actor.user_id, lock=True) if actor.user_id is not None else None
    if user is None:
        raise UserUnknown
    _join(actor, link, user)


def accept_as_new_user(token: str, person: NewUser, device: Device) -> OpenSession:
    """Make an account, join with it and sign it in. Raises ``LinkUnusable``, ``PhoneTaken``, ``WeakPassword`` …"""
    link = redeemable(token, LinkPurpose.INVITATION)
    user = create_user(person)
    organisation = _inviting(link)
    record(VISITOR, UserCreated(target=user.public_id, organisation=organisation.public_id, role=link.role or ""))
    _join(VISITOR, link, user)
    return open_session(user, device)


def _join(actor: Actor, link: OneTimeLink, user: User) -> None:
    organisation = _inviting(link)
    if any(mine.id == organisation.id for _membership, mine in organisations.memberships_of(user.id)):
        raise AlreadyMember
    use_link(actor, link, user)
    begin_membership(
        actor, user=user, organisation=organisation, role=link.role or "", branch=link.branch, region=link.region
    )


def begin_membership(
    actor: Actor, *, user: User, organisation: Organisation, role: str, branch: str = "", region: str | None = None
) -> Membership:
    """Let ``user`` into ``organisation`` from today on. Raises ``RoleUnknown`` for a role of another kind."""
    if ROLE_KINDS.get(role) != organisation.kind:
        raise RoleUnknown(role)
    membership = organisations.add_membership(
        user_id=user.id, organisation_id=organisation.id, role=role, branch=branch, region=region
    )
    record(actor, MembershipBegan(target=organisation.public_id, user=user.public_id, role=role))
    return membership


def _inviting(link: OneTimeLink) -> Organisation:
    if link.organisation_id is None:
        raise LinkUnusable
    return _organisation(link.organisation_id)


def _organisation(organisation_id: int) -> Organisation:
    organisation = organisations.organisation_by_id(organisation_id)
    if organisation is None:
        raise OrganisationUnknown
    return organisation


def _organisation_id(actor: Actor) -> int:
    if actor.organisation_id is None:
        raise OrganisationUnknown
    return actor.organisation_id
