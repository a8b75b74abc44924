"""What an identity proven at the single sign-on does here: it verifies a claim, links an account, or signs in."""

from urllib.parse import urlsplit

from finmart.config import load_settings
from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.repository import claims, organisations, sso, subjects, users
from finmart.platform.accounts.service.deciding import locked, verify
from finmart.platform.accounts.service.sign_in import enter
from finmart.platform.accounts.types.claims import ClaimMethod
from finmart.platform.accounts.types.errors import AccountBlocked, ClaimUnknown, UserUnknown
from finmart.platform.accounts.types.kinds import OrganisationKind, Scheme
from finmart.platform.accounts.types.sso import (
    SsoLinked,
    SsoNotForStaff,
    SsoOtherSubject,
    SsoRefers,
    SsoTaken,
    SsoUnlinked,
    SsoUnlinkedByUser,
)
from finmart.platform.accounts.types.values import Device, OpenSession
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import now
from finmart.platform.sso.types import SsoIdentity


def verify_by_sso(actor: Actor, identity: SsoIdentity) -> None:
    """pending → verified, when the provider says that the person is the subject they claim to be.

    Raises ``PermissionMissing``, ``ClaimUnknown``, ``SsoOtherSubject``, ``ClaimStepRefused``, or ``SsoRefers`` when
    another organisation is verified for the subject: whom to believe then is the operator's to say.
    """
    require(actor, Permission.OWN_CLAIMS_MANAGE)
    own = claims.latest_claim_of(actor.organisation_id) if actor.organisation_id is not None else None
    if own is None:
        raise ClaimUnknown
    claim, subject = locked(own.public_id)
    if not _is(subject.id, identity):
        raise SsoOtherSubject
    holder = claims.verified_organisation_id(subject.id)
    if holder is not None and holder != claim.organisation_id:
        raise SsoRefers
    note = f"OpenID Connect: {urlsplit(load_settings().sso.issuer).hostname}"
    verify(actor, claim, subject, method=ClaimMethod.SSO, note=note)


def link_account(actor: Actor, identity: SsoIdentity) -> None:
    """Have the account elsewhere open the actor's own account from now on; doing it again changes nothing.

    Raises ``UserUnknown``, ``SsoNotForStaff`` or ``SsoTaken``.
    """
    user = _own(actor)
    _refuse_staff(user)
    known = sso.link_of_account(identity.account, lock=True)
    if known is not None and known.user_id == user.id:
        return
    if known is not None or not sso.add_link(user_id=user.id, account=identity.account):
        raise SsoTaken
    record(actor, SsoLinked(target=user.public_id))


def unlink_account(actor: Actor) -> None:
    """No account elsewhere opens the actor's own account any more. Raises ``UserUnknown``."""
    user = _own(actor)
    links = sso.links_of_user(user.id)
    sso.remove_links(links)
    if links:
        record(actor, SsoUnlinkedByUser(target=user.public_id, count=len(links)))


def is_linked(actor: Actor) -> bool:
    """Whether an account elsewhere opens the actor's own."""
    return actor.user_id is not None and bool(sso.links_of_user(actor.user_id))


def may_link(actor: Actor) -> bool:
    """Whether the actor is somebody who may sign in by way of an account elsewhere."""
    return actor.user_id is not None and _only_applicant(actor.user_id)


def sign_in_by_sso(identity: SsoIdentity, device: Device) -> OpenSession:
    """Open a session of whoever linked the account.

    Raises ``SsoUnlinked``, ``AccountBlocked``, ``SsoNotForStaff`` or ``SecondStepNeeded``.
    """
    # The user's row is locked first, the link's row second, here as in linking: nobody waits in a circle.
    found = sso.link_of_account(identity.account)
    user = users.user_by_id(found.user_id, lock=True) if found is not None else None
    link = sso.link_of_account(identity.account, lock=True) if user is not None else None
    if user is None or link is None or link.user_id != user.id:
        raise SsoUnlinked
    if user.blocked_at is not None:
        raise AccountBlocked
    _refuse_staff(user)
    link.last_used_at = now()
    return enter(user, device)


def _is(subject_id: int, identity: SsoIdentity) -> bool:
    """Whether the provider's code is the one on the subject's papers, in the same scheme."""
    known = subjects.official_identifier_of(subject_id)
    if known is None:
        return False
    told = identity.credit_code if known.scheme == Scheme.USCC else identity.resident_id
    return bool(told) and told == known.value


def _own(actor: Actor) -> User:
    user = users.user_by_id(actor.user_id, lock=True) if actor.user_id is not None else None
    if user is None:
        raise UserUnknown
    return user


def _refuse_staff(user: User) -> None:
    if not _only_applicant(user.id):
        raise SsoNotForStaff


def _only_applicant(user_id: int) -> bool:
    """A second factor of staff must not be got round by somebody else's door."""
    belongings = organisations.memberships_of(user_id)
    return all(organisation.kind == OrganisationKind.APPLICANT for _membership, organisation in belongings)
