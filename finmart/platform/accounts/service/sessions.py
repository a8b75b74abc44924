"""Sessions: opened at sign-in, looked up at every request, ended by sign-out, by their owner or by the operator."""

from datetime import timedelta
from functools import partial

from finmart.config import load_settings
from finmart.platform.accounts.models.organisations import Membership, Organisation
from finmart.platform.accounts.models.users import User, UserSession
from finmart.platform.accounts.repository import factors, organisations, sessions, users
from finmart.platform.accounts.service.actors import actor_of
from finmart.platform.accounts.service.tokens import new_token, token_hash
from finmart.platform.accounts.types.contacts import network_of
from finmart.platform.accounts.types.errors import OrganisationUnknown, SessionUnknown, UserUnknown
from finmart.platform.accounts.types.events import OrganisationSwitched, SessionRevoked, SignedIn
from finmart.platform.accounts.types.kinds import OrganisationKind
from finmart.platform.accounts.types.values import Device, MembershipView, OpenSession, SessionView
from finmart.platform.audit.service import record
from finmart.platform.authz.roles import SECOND_FACTOR_ROLES
from finmart.platform.db.session import after_commit
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now, today

#: A session ends after this time whatever happens.
LIFETIME = timedelta(days=14)
#: Being seen is written at most this often, so that reading pages hardly ever writes.
SEEN_EVERY = timedelta(minutes=1)


def open_session(user: User, device: Device) -> OpenSession:
    """Begin a session of ``user`` in their first membership; the token is new at every sign-in."""
    token, hashed = new_token()
    memberships = organisations.memberships_of(user.id)
    membership, organisation = memberships[0] if memberships else (None, None)
    row = sessions.add_session(
        user_id=user.id,
        membership_id=membership.id if membership else None,
        token_hash=hashed,
        expires_at=now() + LIFETIME,
        device=device.label[:80],
        network=network_of(device.address),
    )
    record(actor_of(user, membership, organisation, row.id), SignedIn(target=user.public_id, session=row.public_id))
    return OpenSession(token, row.public_id, user.id, organisation.id if organisation else None)


def load_actor(token: str) -> Actor | None:
    """Who the session with ``token`` stands for now; None when it ended, idled out or its user is locked."""
    found = sessions.open_session_by_hash(token_hash(token))
    if found is None:
        return None
    row, user, membership, organisation = found
    if user.blocked_at is not None:
        return None
    if not _holds(membership):
        membership, organisation = _first_membership(user.id)
    moment = now()
    if moment - row.last_seen_at > _idle_limit(organisation):
        return None
    if moment - row.last_seen_at >= SEEN_EVERY:
        # Once the request's unit has ended, so that a reader stays one and a writer does not wait for itself.
        after_commit(partial(sessions.touch, row.id, at=moment))
    return _actor(user, membership, organisation, row.id)


def ended_because(token: str) -> str:
    """Why the session with ``token`` opens nothing any more: ``idle``, ``ended``, or nothing where it is unknown."""
    row = sessions.session_by_hash(token_hash(token))
    if row is None:
        return ""
    return "idle" if row.revoked_at is None else "ended"


def _actor(
    user: User, membership: Membership | None, organisation: Organisation | None, session_id: int | None
) -> Actor:
    required = membership is not None and membership.role in SECOND_FACTOR_ROLES
    required = required and load_settings().entry.second_factor == "required"
    missing = required and factors.confirmed_factor(user.id) is None
    return actor_of(user, membership, organisation, session_id, must_enrol=missing)


def _holds(membership: Membership | None) -> bool:
    if membership is None:
        return False
    return membership.valid_from <= today() and (membership.valid_until is None or membership.valid_until > today())


def _first_membership(user_id: int) -> tuple[Membership | None, Organisation | None]:
    memberships = organisations.memberships_of(user_id)
    return memberships[0] if memberships else (None, None)


def _idle_limit(organisation: Organisation | None) -> timedelta:
    """Applicants come back by phone within days; staff leave desks unlocked."""
    entry = load_settings().entry
    applicant = organisation is None or organisation.kind == OrganisationKind.APPLICANT
    return timedelta(minutes=entry.idle_applicants if applicant else entry.idle_staff)


def list_sessions(actor: Actor) -> list[SessionView]:
    """The actor's own open sessions, the latest first."""
    return [
        SessionView(
            public_id=row.public_id,
            device=row.device,
            address=row.network,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            current=row.id == actor.session_id,
        )
        for row in sessions.open_sessions(_user_id(actor))
    ]


def sign_out(actor: Actor) -> None:
    """End the session the actor works in."""
    row = sessions.session_by_id(actor.session_id) if actor.session_id else None
    if row is not None and row.user_id == actor.user_id:
        _end(actor, row, "signed_out")


def revoke_session(actor: Actor, public_id: str) -> None:
    """End one of the actor's own sessions. Raises ``SessionUnknown`` for anybody else's."""
    row = sessions.session_of_user(user_id=_user_id(actor), public_id=public_id)
    if row is None:
        raise SessionUnknown
    _end(actor, row, "revoked_by_owner")


def revoke_other_sessions(actor: Actor) -> int:
    """End all of the actor's sessions but the one in use; how many."""
    return end_sessions(actor, _user_id(actor), "revoked_by_owner", keep=actor.session_id)


def end_sessions(actor: Actor, user_id: int, reason: str, *, keep: int | None = None) -> int:
    """End every open session of a user but ``keep``; how many. For services that changed what a session rests on."""
    ended = [row for row in sessions.open_sessions(user_id) if row.id != keep]
    for row in ended:
        _end(actor, row, reason)
    return len(ended)


def _end(actor: Actor, row: UserSession, reason: str) -> None:
    if row.revoked_at is not None:
        return
    row.revoked_at = now()
    row.revoke_reason = reason
    user = users.user_by_id(row.user_id)
    record(actor, SessionRevoked(target=row.public_id, user=user.public_id if user else "", reason=reason))


def list_memberships(actor: Actor) -> list[MembershipView]:
    """The organisations the actor's user belongs to today."""
    return [
        MembershipView(
            public_id=membership.public_id,
            organisation_id=organisation.id,
            organisation_name=organisation.name_zh,
            organisation_name_en=organisation.name_en,
            role=membership.role,
            current=membership.id == actor.membership_id,
        )
        for membership, organisation in organisations.memberships_of(_user_id(actor))
    ]


def switch_organisation(actor: Actor, membership_public_id: str) -> Actor:
    """Go on in another of the user's own memberships, as who that makes. ``OrganisationUnknown`` for any other."""
    row = sessions.session_by_id(actor.session_id) if actor.session_id else None
    user = users.user_by_id(_user_id(actor))
    for membership, organisation in organisations.memberships_of(_user_id(actor)):
        if membership.public_id == membership_public_id and row is not None and user is not None:
            row.membership_id = membership.id
            record(actor, OrganisationSwitched(target=organisation.public_id, session=row.public_id))
            return _actor(user, membership, organisation, row.id)
    raise OrganisationUnknown


def _user_id(actor: Actor) -> int:
    if actor.user_id is None:
        raise UserUnknown
    return actor.user_id
