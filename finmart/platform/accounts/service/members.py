"""Members of an organisation, and invitations into it."""

from finmart.platform.accounts.models.organisations import Membership, Organisation
from finmart.platform.accounts.models.users import OneTimeLink, User
from finmart.platform.accounts.repository import branches, links, organisations, users
from finmart.platform.accounts.service.branches import own_branch_id
from finmart.platform.accounts.service.links import issue, redeemable, state_of, use_link
from finmart.platform.accounts.service.organisations import card_of
from finmart.platform.accounts.service.people import create_user
from finmart.platform.accounts.service.sessions import open_session
from finmart.platform.accounts.service.tree import reach_of, reaches
from finmart.platform.accounts.types.branches import MembershipChanged
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
    found = _members(actor)
    at = branches.branch_public_ids(membership.branch_id for membership, _user in found if membership.branch_id)
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
            branch_public_id=at.get(membership.branch_id or 0, ""),
        )
        for membership, user in found
    ]


def _members(actor: Actor, *, lock: bool = False) -> list[tuple[Membership, User]]:
    """The members whom the actor looks after: of the own branch and below, of everything for the head office."""
    found, reach = organisations.members_of(_organisation_id(actor), lock=lock), reach_of(actor)
    return [pair for pair in found if reach is None or pair[0].branch_id in reach]


def end_membership(actor: Actor, membership_public_id: str) -> None:
    """Remove a member whom the actor looks after. Raises ``LastOwner`` when nobody could manage it any more."""
    require(actor, Permission.OWN_MEMBERS_INVITE)
    membership, user = _member(actor, membership_public_id)
    if _keeps_all(membership):
        _must_not_be_last(membership.organisation_id)
    membership.valid_until = today()
    leave_behind(user.id, membership.organisation_id)
    organisation = _organisation(_organisation_id(actor))
    record(actor, MembershipEnded(target=organisation.public_id, user=user.public_id, role=membership.role))


def change_member(actor: Actor, membership_public_id: str, *, role: str, branch: str = "") -> None:
    """Give a member whom the actor looks after another role, or another branch (a public id; empty: the head office).

    Sessions read the membership anew at each request, so that it holds at once. Raises ``PermissionMissing``,
    ``UserUnknown``, ``RoleUnknown``, ``LastOwner``, ``BranchUnknown`` or ``BranchOutOfReach``.
    """
    require(actor, Permission.OWN_MEMBERS_INVITE)
    membership, user = _member(actor, membership_public_id)
    if ROLE_KINDS.get(role) != ROLE_KINDS.get(membership.role):
        raise RoleUnknown(role)
    branch_id = _branch_id(actor, branch)
    if _keeps_all(membership) and (role not in KEEPER_ROLES or branch_id is not None):
        _must_not_be_last(membership.organisation_id)
    old_role, old_branch = membership.role, membership.branch_id
    if (old_role, old_branch) == (role, branch_id):
        return
    membership.role = role
    if branch_id != old_branch:
        membership.branch_id, membership.branch = branch_id, _branch_name(branch_id)
    names = branches.branch_public_ids(each for each in (old_branch, branch_id) if each is not None)
    record(
        actor,
        MembershipChanged(
            target=membership.public_id,
            user=user.public_id,
            old_role=old_role,
            role=role,
            old_branch=names.get(old_branch or 0, ""),
            branch=names.get(branch_id or 0, ""),
        ),
    )


def read_member(actor: Actor, membership_public_id: str) -> MemberView:
    """A member whom the actor looks after. Raises ``PermissionMissing`` or ``UserUnknown``."""
    for member in list_members(actor):
        if member.public_id == membership_public_id:
            return member
    raise UserUnknown


def _member(actor: Actor, membership_public_id: str) -> tuple[Membership, User]:
    for membership, user in _members(actor, lock=True):
        if membership.public_id == membership_public_id:
            return membership, user
    raise UserUnknown


def _keeps_all(membership: Membership) -> bool:
    """Whether somebody manages the whole organisation; who manages a branch does not."""
    return membership.role in KEEPER_ROLES and membership.branch_id is None


def _must_not_be_last(organisation_id: int) -> None:
    if sum(_keeps_all(each) for each, _user in organisations.members_of(organisation_id)) <= 1:
        raise LastOwner


def _branch_id(actor: Actor, branch: str) -> int | None:
    """The inner id of a branch that the actor looks after; only institutions have any."""
    if actor.organisation_kind != "institution":
        return None
    return own_branch_id(actor, branch)


def _branch_name(branch_id: int | None) -> str:
    return branches.branch_names([branch_id])[branch_id] if branch_id is not None else ""


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
    at: str = "",
) -> IssuedLink:
    """A copyable invitation into the actor's own organisation, or into any for whoever manages users.

    ``branch`` is written on the card as it stands; ``at`` is the public id of a branch of the institution's tree and
    gives the card that branch's name. Raises ``PermissionMissing``, ``OrganisationUnknown``, ``RoleUnknown``,
    ``BranchUnknown`` or ``BranchOutOfReach``.
    """
    branch_id = None
    if organisation_public_id is None:
        require(actor, Permission.OWN_MEMBERS_INVITE)
        organisation = _organisation(_organisation_id(actor))
        branch_id = _branch_id(actor, at)
        branch = _branch_name(branch_id) or branch
    else:
        require(actor, Permission.ALL_USERS_MANAGE)
        found = organisations.organisation_by_public_id(organisation_public_id)
        if found is None:
            raise OrganisationUnknown
        organisation = found
    if ROLE_KINDS.get(role) != organisation.kind:
        raise RoleUnknown(role)
    return issue(
        actor,
        LinkPurpose.INVITATION,
        organisation=organisation,
        role=role,
        branch=branch.strip()[:80],
        branch_id=branch_id,
        region=region,
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
        if reaches(actor, link.branch_id)
    ]


def withdraw_invitation(actor: Actor, public_id: str) -> None:
    """Withdraw an open invitation of the actor's own organisation. Raises ``LinkUnusable``."""
    require(actor, Permission.OWN_MEMBERS_INVITE)
    link = links.link_of_organisation(organisation_id=_organisation_id(actor), public_id=public_id)
    if link is None or state_of(link) is not LinkState.OPEN or not reaches(actor, link.branch_id):
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
    organisation = _inviting(link)
    user = create_user(person, demonstration=organisation.demonstration)
    record(VISITOR, UserCreated(target=user.public_id, organisation=organisation.public_id, role=link.role or ""))
    _join(VISITOR, link, user)
    return open_session(user, device)


def _join(actor: Actor, link: OneTimeLink, user: User) -> None:
    organisation = _inviting(link)
    if any(mine.id == organisation.id for _membership, mine in organisations.memberships_of(user.id)):
        raise AlreadyMember
    use_link(actor, link, user)
    membership = begin_membership(
        actor, user=user, organisation=organisation, role=link.role or "", branch=link.branch, region=link.region
    )
    membership.branch_id = link.branch_id


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
