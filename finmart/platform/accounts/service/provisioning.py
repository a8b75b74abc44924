"""Accounts that do not come through sign-up: the first operator, the demonstration's people, staff by command."""

from finmart.platform.accounts.repository import organisations, users
from finmart.platform.accounts.service.claims import make_claim, verify_claim
from finmart.platform.accounts.service.members import begin_membership
from finmart.platform.accounts.service.organisations import ensure_organisation
from finmart.platform.accounts.service.passwords import check_password, hash_password
from finmart.platform.accounts.service.people import create_user
from finmart.platform.accounts.service.subjects import subject_card
from finmart.platform.accounts.types.claims import ClaimMethod
from finmart.platform.accounts.types.contacts import normal_phone
from finmart.platform.accounts.types.errors import OrganisationUnknown
from finmart.platform.accounts.types.events import OrganisationSaved, PasswordChanged, UserCreated
from finmart.platform.accounts.types.kinds import OrganisationKind
from finmart.platform.accounts.types.values import NewUser
from finmart.platform.audit.service import record
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor, system_actor

OPERATOR_CODE = "platform"

_DEMONSTRATION = system_actor(
    "demonstration",
    "people of the demonstration city",
    frozenset({Permission.ALL_CLAIMS_READ, Permission.ALL_CLAIMS_REVIEW, Permission.ALL_USERS_MANAGE}),
)


def ensure_operator_organisation(actor: Actor) -> int:
    """The id of the one organisation that runs the platform."""
    return ensure_organisation(
        OrganisationKind.OPERATOR, code=OPERATOR_CODE, name_zh="平台运营", name_en="Platform operator", actor=actor
    )


def create_operator(actor: Actor, *, name: str, phone: str, password: str) -> str:
    """A new operator account (DECISIONS 5: the first one comes by command); its public id."""
    return create_member(
        actor,
        NewUser(name, phone, password, accepted_terms=True),
        organisation_id=ensure_operator_organisation(actor),
        role="operator",
    )


def create_member(
    actor: Actor,
    person: NewUser,
    *,
    organisation_id: int,
    role: str,
    branch: str = "",
    region: str | None = None,
    demonstration: bool = False,
) -> str:
    """A new account that belongs to an organisation; its public id.

    Raises ``PermissionMissing`` and what ``create_user`` raises.
    """
    require(actor, Permission.ALL_USERS_MANAGE)
    organisation = organisations.organisation_by_id(organisation_id)
    if organisation is None:
        raise OrganisationUnknown
    user = create_user(person, demonstration=demonstration)
    record(actor, UserCreated(target=user.public_id, organisation=organisation.public_id, role=role))
    begin_membership(actor, user=user, organisation=organisation, role=role, branch=branch, region=region)
    return user.public_id


def ensure_demonstration_member(
    person: NewUser, *, organisation_id: int, role: str, branch: str = "", region: str | None = None
) -> str:
    """A demonstration account with that phone, made or given that password; its public id.

    An account that is not of the demonstration is never touched: then ``PhoneTaken`` is raised.
    """
    phone = normal_phone(person.phone)
    known = users.user_by_phone(phone, lock=True)
    if known is None or not known.demonstration:
        return create_member(
            _DEMONSTRATION,
            person,
            organisation_id=organisation_id,
            role=role,
            branch=branch,
            region=region,
            demonstration=True,
        )
    check_password(person.password, phone=phone)
    known.password_hash = hash_password(person.password)
    record(_DEMONSTRATION, PasswordChanged(target=known.public_id, how="demonstration"))
    return known.public_id


def ensure_demonstration_applicant(*, subject_id: int, region: str, verified: bool = True) -> int:
    """The id of the applicant organisation of a demonstration subject, with a verified (or pending) claim."""
    card = subject_card(subject_id)
    code = f"demo-{card.public_id}"
    known = organisations.organisation_by_code(kind=OrganisationKind.APPLICANT.value, code=code)
    if known is not None:
        return known.id
    organisation = organisations.add_organisation(
        kind=OrganisationKind.APPLICANT.value,
        code=code,
        name_zh=card.display_name,
        region=region,
        applicant_kind=card.kind.value,
        demonstration=True,
    )
    saved = OrganisationSaved(target=organisation.public_id, kind=organisation.kind, created=True)
    record(_DEMONSTRATION, saved)
    claim = make_claim(_DEMONSTRATION, organisation_id=organisation.id, subject_id=subject_id)
    if verified:
        verify_claim(_DEMONSTRATION, claim.public_id, method=ClaimMethod.CLERK, note="演示数据，自动核实")
    return organisation.id
