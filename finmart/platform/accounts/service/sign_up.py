"""Sign-up of all five kinds of applicant: user, organisation, subject and pending claim in one transaction."""

from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.repository import organisations, subjects, users
from finmart.platform.accounts.service.claims import make_claim
from finmart.platform.accounts.service.identities import check_identifier, checked
from finmart.platform.accounts.service.members import begin_membership
from finmart.platform.accounts.service.people import TERMS_VERSION, create_user
from finmart.platform.accounts.service.sessions import open_session
from finmart.platform.accounts.service.subjects import find_or_create_subjects, normal_identifier
from finmart.platform.accounts.types.contacts import mask_name
from finmart.platform.accounts.types.errors import OrganisationUnknown, UserUnknown
from finmart.platform.accounts.types.events import UserSignedUp
from finmart.platform.accounts.types.kinds import NATURAL_PERSONS, OrganisationKind, SubjectKind, identifier_scheme
from finmart.platform.accounts.types.values import Device, Identity, NewUser, OpenSession, SubjectRow
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import VISITOR, Actor
from finmart.platform.switches.service import require_on
from finmart.platform.switches.types import Switch

OWNER = "applicant_owner"


def sign_up(identity: Identity, person: NewUser, device: Device) -> OpenSession:
    """Make an account, its organisation, the subject it says to be (found or made) and a pending claim; sign it in.

    Whether anybody else registered the same code is never said: the claim is disputed and goes to the operator.
    Raises ``IdentifierInvalid``, ``RegionUnknown``, ``NameMissing``, ``PhoneTaken``, ``WeakPassword``,
    ``TermsNotAccepted`` or ``SwitchedOff``.
    """
    require_on(Switch.REGISTRATION)
    identity = checked(identity)
    user = create_user(person)
    organisation = _found_organisation(VISITOR, user, identity)
    record(
        VISITOR,
        UserSignedUp(
            target=user.public_id,
            organisation=organisation.public_id,
            subject_kind=identity.kind.value,
            terms_version=TERMS_VERSION,
        ),
    )
    return open_session(user, device)


def add_identity(actor: Actor, identity: Identity) -> str:
    """One more applicant organisation for somebody who has an account; its public id. Raises as ``sign_up`` does."""
    require_on(Switch.REGISTRATION)
    identity = checked(identity)
    user = users.user_by_id(actor.user_id, lock=True) if actor.user_id is not None else None
    if user is None:
        raise UserUnknown
    return _found_organisation(actor, user, identity).public_id


def claim_again(actor: Actor, identifier: str) -> None:
    """A new pending claim of the actor's own applicant organisation, after its last one was revoked.

    Raises ``PermissionMissing``, ``OrganisationUnknown``, ``IdentifierInvalid`` or ``AlreadyClaimed``.
    """
    require(actor, Permission.OWN_MEMBERS_INVITE)
    organisation = organisations.organisation_by_id(actor.organisation_id or 0)
    user = users.user_by_id(actor.user_id or 0)
    if organisation is None or organisation.applicant_kind is None or user is None:
        raise OrganisationUnknown
    kind = SubjectKind(organisation.applicant_kind)
    value = normal_identifier(identifier_scheme(kind).value, identifier)
    check_identifier(kind, value)
    # A natural person's organisation carries the masked name; the whole one is the person's own.
    name = user.name if kind in NATURAL_PERSONS else organisation.name_zh
    _claim(actor, organisation, kind, name, value)


def _found_organisation(actor: Actor, user: User, identity: Identity) -> Organisation:
    natural = identity.kind in NATURAL_PERSONS
    organisation = organisations.add_organisation(
        kind=OrganisationKind.APPLICANT.value,
        name_zh=mask_name(identity.name) if natural else identity.name,
        region=identity.region,
        applicant_kind=identity.kind.value,
        demonstration=user.demonstration,
    )
    begin_membership(actor, user=user, organisation=organisation, role=OWNER)
    if identity.farmer is not None:
        subjects.add_farmer_profile(
            organisation_id=organisation.id,
            village=identity.farmer.place,
            activities=list(identity.farmer.activities),
            scale_mu=identity.farmer.scale_mu,
            scale_note=identity.farmer.scale_note,
        )
    _claim(actor, organisation, identity.kind, identity.name, identity.identifier)
    return organisation


def _claim(actor: Actor, organisation: Organisation, kind: SubjectKind, name: str, identifier: str) -> None:
    scheme = identifier_scheme(kind).value
    row = SubjectRow(scheme, identifier, kind, name)
    subject_id = find_or_create_subjects([row], actor=actor)[(scheme, identifier)]
    make_claim(actor, organisation_id=organisation.id, subject_id=subject_id)
