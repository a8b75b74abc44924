"""People, organisations, subjects and claims for tests, made through the services that make them for real."""

from datetime import date
from itertools import count

from finmart.platform.accounts.repository import users
from finmart.platform.accounts.service import provisioning, sessions
from finmart.platform.accounts.service.organisations import ensure_organisation
from finmart.platform.accounts.service.sign_up import sign_up
from finmart.platform.accounts.service.subjects import find_or_create_subjects
from finmart.platform.accounts.types.kinds import OrganisationKind, SubjectKind
from finmart.platform.accounts.types.values import Device, FarmerDetails, Identity, NewUser, SubjectRow
from finmart.platform.authz.roles import ROLE_KINDS, permissions_of
from finmart.platform.kernel.actor import Actor, system_actor
from finmart.reference import credit_codes, resident_ids

PASSWORD = "tea-field-2718"
DEVICE = Device(label="Firefox · Linux", address="203.0.113.77")
REGION = "360102"
TESTS = system_actor("tests", "factories", permissions_of("operator"))
PREFIX = {
    SubjectKind.ENTERPRISE: "91",
    SubjectKind.INDIVIDUAL_BUSINESS: "92",
    SubjectKind.COOPERATIVE: "93",
}

_numbers = count(1)


def new_phone() -> str:
    """A phone nobody had before."""
    return f"139{next(_numbers):08d}"


def new_credit_code(kind: SubjectKind = SubjectKind.ENTERPRISE) -> str:
    """A valid credit code of a fictional firm."""
    return credit_codes.make(PREFIX[kind], "360102", f"T{next(_numbers):07d}")


def new_resident_id() -> str:
    """A valid resident ID of a fictional person."""
    number = next(_numbers)
    return resident_ids.make("360102", date(1950 + number // 900, 1, 1), number % 900)


def identifier_of(kind: str) -> str:
    """A valid identifier of the scheme that ``kind`` is asked for."""
    subject_kind = SubjectKind(kind)
    return new_credit_code(subject_kind) if subject_kind in PREFIX else new_resident_id()


def identity(kind: SubjectKind = SubjectKind.ENTERPRISE, *, identifier: str | None = None) -> Identity:
    """Whom somebody of ``kind`` says to be; complete for that kind and no more."""
    if kind in PREFIX:
        return Identity(kind, "南昌测试商贸有限公司", identifier or new_credit_code(kind), REGION)
    farmer = FarmerDetails("360102002", ("crops",), 30) if kind is SubjectKind.FARMER else None
    return Identity(kind, "章小满", identifier or new_resident_id(), REGION, farmer)


def person(phone: str | None = None, *, password: str = PASSWORD) -> NewUser:
    """Somebody who signs up."""
    return NewUser("万里行", phone or new_phone(), password, accepted_terms=True)


def signed_up(who: Identity | None = None, *, phone: str | None = None) -> Actor:
    """The actor of a new applicant, just signed up."""
    opened = sign_up(who or identity(), person(phone), DEVICE)
    return _actor(opened.token)


def member(role: str, *, organisation_id: int | None = None, phone: str | None = None) -> Actor:
    """The actor of a new user with ``role`` in a new organisation, or in the given one."""
    phone = phone or new_phone()
    if organisation_id is None:
        organisation_id = organisation(OrganisationKind(ROLE_KINDS[role]))
    provisioning.create_member(TESTS, person(phone), organisation_id=organisation_id, role=role)
    user = users.user_by_phone(phone)
    assert user is not None
    return _actor(sessions.open_session(user, DEVICE).token)


def organisation(kind: OrganisationKind = OrganisationKind.INSTITUTION) -> int:
    """The id of a new organisation of ``kind``."""
    number = next(_numbers)
    return ensure_organisation(kind, code=f"test-{number}", name_zh=f"测试单位{number}", actor=TESTS)


def subject(kind: SubjectKind = SubjectKind.ENTERPRISE, *, name: str = "赣江示例有限公司") -> int:
    """The id of a new subject."""
    row = SubjectRow("supplier_code", f"S{next(_numbers)}", kind, name)
    return find_or_create_subjects([row], actor=TESTS)[(row.scheme, row.value)]


def _actor(token: str) -> Actor:
    actor = sessions.load_actor(token)
    assert actor is not None
    return actor
