"""Accounts and organisations of the demonstration, through the doors that everybody's accounts come through."""

from collections.abc import Iterable, Mapping
from datetime import date

from finmart.demo.city import identity
from finmart.demo.city.people import INSTITUTIONS, OFFICES, READERS, Person, applicants, staff
from finmart.demo.city.subjects import CitySubject
from finmart.demo.signins import SignIn, new_password
from finmart.platform.accounts.service.organisations import (
    ensure_organisation,
    find_organisation,
    set_reading_right,
)
from finmart.platform.accounts.service.provisioning import (
    ensure_demonstration_applicant,
    ensure_demonstration_member,
    ensure_operator_organisation,
)
from finmart.platform.accounts.service.subjects import find_or_create_subjects
from finmart.platform.accounts.types.errors import OrganisationUnknown
from finmart.platform.accounts.types.kinds import OrganisationKind, SubjectKind
from finmart.platform.accounts.types.values import NewUser, SubjectRow
from finmart.platform.kernel.actor import Actor

#: From when until when the demonstration's institutions may read authorised data.
READING_RIGHT = (date(2026, 1, 1), date(2028, 1, 1))


def ensure_subjects(actor: Actor, city: Iterable[CitySubject]) -> dict[int, int]:
    """Number of each subject in the city → its id, made where it is missing."""
    given = {
        subject.number: SubjectRow(
            subject.scheme, subject.identifier, SubjectKind(subject.kind), subject.name, demonstration=True
        )
        for subject in city
    }
    ids = find_or_create_subjects(given.values(), actor=actor)
    return {number: ids[(row.scheme, row.value)] for number, row in given.items()}


def ensure_applicants(city: Iterable[CitySubject], ids: Mapping[int, int], *, verified: bool = True) -> dict[int, int]:
    """Number of each given subject → the id of its applicant organisation, with a verified (or pending) claim."""
    return {
        subject.number: ensure_demonstration_applicant(
            subject_id=ids[subject.number], region=subject.region, verified=verified
        )
        for subject in city
    }


def ensure_people(actor: Actor, organisations: Mapping[int, int]) -> list[SignIn]:
    """Everybody who may sign in, each with a new password. ``organisations``: as ``ensure_applicants`` gives them."""
    places = {**_institutions(actor), **_offices(actor), "platform": ensure_operator_organisation(actor)}
    regions = {office.code: office.region for office in OFFICES}
    found = [_ensure(person, places[person.place], regions.get(person.place)) for person in staff()]
    found += [_ensure(person, organisations[subject.number], None) for person, subject in applicants()]
    return found


def _ensure(person: Person, organisation_id: int, region: str | None) -> SignIn:
    signin = SignIn(person.title_zh, person.title_en, identity.phone(person.number), new_password())
    ensure_demonstration_member(
        NewUser(person.name, signin.phone, signin.password, accepted_terms=True),
        organisation_id=organisation_id,
        role=person.role,
        region=region,
    )
    return signin


def _institutions(actor: Actor) -> dict[str, int]:
    """Institutions of the catalogue, which must be published before; two of them may read authorised data."""
    found: dict[str, int] = {}
    for code in INSTITUTIONS:
        card = find_organisation(OrganisationKind.INSTITUTION, code)
        if card is None:
            raise OrganisationUnknown
        found[code] = card.id
        if code in READERS:
            set_reading_right(actor, card.id, qualified=READING_RIGHT, agreement=READING_RIGHT)
    return found


def _offices(actor: Actor) -> dict[str, int]:
    return {
        office.code: ensure_organisation(
            OrganisationKind.GOVERNMENT,
            code=office.code,
            name_zh=office.name_zh,
            actor=actor,
            name_en=office.name_en,
            region=office.region,
            demonstration=True,
        )
        for office in OFFICES
    }
