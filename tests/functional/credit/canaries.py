"""Values that nobody but their subject may see, planted in the demonstration city, and every way of finding them."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from finmart.platform.accounts.models.subjects import SubjectClaim
from finmart.platform.accounts.repository.subjects import identifiers_of
from finmart.platform.authz.roles import ROLES
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.errors import FinmartError
from finmart.platform.web import filters
from tests.fixtures.city import CityVisit
from tests.fixtures.people import Person, enter, new_person
from tests.fixtures.web import CheckingClient
from tests.functional.access.rows import PUBLIC, SIGNED_IN, VISITOR, Call, resolve
from tests.functional.access.table import ACCESS

#: data set → a fact of it, and a value that no other row of the city has: 分, and once a count.
PLANTED: Mapping[str, tuple[str, int]] = {
    "invoices": ("sales_12m", 7_368_291_457),
    "tax": ("annual_tax", 8_419_357_263),
    "registration": ("registered_capital", 9_527_146_381),
    "adverse": ("administrative_penalties_24m", 4_873_190_265),
}
IDENTIFIER = "identifier"


def spellings(value: int) -> tuple[str, ...]:
    """A number as tables, files and pages in both languages would spell it."""
    amounts = (
        wording(value, language) for wording in (filters.money, filters.money_exact) for language in ("zh", "en")
    )
    return (str(value), f"{value:,}", f"{value / 100:.2f}", f"{value / 100:,.2f}", *amounts)


@dataclass(frozen=True)
class Canaries:
    """What was planted: a name for each (a data set, or the identifier) → how it may be spelled."""

    subject_id: int
    owner: Person
    spelled: Mapping[str, tuple[str, ...]]

    def found_in(self, said: str) -> set[str]:
        """The names of those that ``said`` gives away."""
        return {name for name, spelled in self.spelled.items() if any(each in said for each in spelled)}


def plant(visit: CityVisit) -> Canaries:
    """Give the city's first enterprise the values, have its need matched on them, and make it a real firm."""
    owner = visit.enter("applicant_owner")
    assert owner is not None
    with unit_of_work() as current:
        subject_id = current.execute(
            text("SELECT subject_id FROM subject_claim WHERE organisation_id = :own AND state = 'verified'"),
            {"own": owner.organisation_id},
        ).scalar_one()
        for key, value in PLANTED.values():
            changed = current.execute(
                text("UPDATE credit_fact SET value = :value WHERE subject_id = :subject AND key = :key"),
                {"value": json.dumps(value), "subject": subject_id, "key": key},
            )
            assert changed.rowcount > 0, f"the city's enterprise has no {key}"  # type: ignore[attr-defined]
        identifiers = tuple(row.value for row in identifiers_of([subject_id]))
        demand = current.execute(
            text("SELECT public_id FROM demand WHERE organisation_id = :own ORDER BY id LIMIT 1"),
            {"own": owner.organisation_id},
        ).scalar_one()
    assert visit.send("matching.match_again", "POST", values={"public_id": demand}).status_code == 302
    with unit_of_work() as current:
        # What is demonstration is open to sample pages; from here on the firm is as real as any.
        current.execute(text("UPDATE subject SET demonstration = :no WHERE id = :id"), {"no": False, "id": subject_id})
    spelled = {name: spellings(value) for name, (_key, value) in PLANTED.items()}
    return Canaries(subject_id, owner, {**spelled, IDENTIFIER: identifiers})


def everybody_else(visit: CityVisit, canaries: Canaries) -> dict[str, Person | None]:
    """A visitor, somebody of every role, and those who come nearest to the subject without being it."""
    people: dict[str, Person | None] = {VISITOR: None}
    for role in sorted({call.role for row in ACCESS.values() for call in row.calls} - {VISITOR}):
        person = visit.person(role)
        mine = person is None or person.organisation_id == canaries.owner.organisation_id
        people[role] = new_person(role) if mine else person
    with unit_of_work(readonly=True) as current:
        former = current.execute(text("SELECT id FROM organisation WHERE code = 'ccb'")).scalar_one()
    people["institution whose consent was withdrawn"] = new_person("institution_clerk", organisation_id=former)
    people["foreign institution"] = new_person("institution_admin")
    for state in ("pending", "revoked"):
        claimant = new_person("applicant_owner")
        with unit_of_work():
            claim = SubjectClaim(subject_id=canaries.subject_id, organisation_id=claimant.organisation_id, state=state)
            session().add(claim)
        people[f"claimant, {state}"] = claimant
    return people


@dataclass(frozen=True)
class Address:
    """One page, part of a page, export or download."""

    endpoint: str
    url: str
    call: Call
    form: tuple[tuple[str, Any], ...]


def addresses(visit: CityVisit, planted: Canaries) -> list[Address]:
    """Everything that answers with content, of the caller's own objects and of the owner's, from the access table."""
    found: dict[tuple[str, str], Address] = {}
    for endpoint, row in ACCESS.items():
        for call in row.calls:
            if call.expected != 200:
                continue
            for person in (visit.person(call.role), planted.owner):
                found.update(((call.method, one.url), one) for one in _resolved(visit, endpoint, call, person))
    # Some rows of the table make the state that they need; the owner stays who it is.
    with unit_of_work() as current:
        current.execute(
            text("UPDATE subject_claim SET state = 'verified' WHERE subject_id = :id AND organisation_id = :own"),
            {"id": planted.subject_id, "own": planted.owner.organisation_id},
        )
    return list(found.values())


def _resolved(visit: CityVisit, endpoint: str, call: Call, person: Person | None) -> Iterator[Address]:
    try:
        values, query, form = (resolve(each, person) for each in (call.values, call.query, call.form))
    except (LookupError, FinmartError):
        return  # This person has no such thing.
    with visit.app.test_request_context():
        yield Address(
            endpoint,
            url_for(endpoint, **values, **query),
            call,
            tuple((name, _held(value)) for name, value in form.items()),
        )


class ReadingClient(CheckingClient):
    """Does not check pages as pages: that is done where each of them is tested, and takes ten times as long."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request, with the session's token where something is posted."""
        if kwargs.get("method", "GET") != "GET":
            kwargs["headers"] = {**dict(kwargs.get("headers") or {}), "X-CSRFToken": self._csrf_token()}
        return FlaskClient.open(self, *args, **kwargs)


def browser_of(visit: CityVisit, person: Person | None) -> FlaskClient:
    """A browser in which somebody is signed in."""
    client = ReadingClient(visit.app)
    if person is not None:
        enter(client, person.token)
    return client


def is_closed_to(address: Address, person: Person | None) -> bool:
    """Whether the access table closes an endpoint to somebody altogether."""
    access = ACCESS[address.endpoint].access
    if access == PUBLIC:
        return False
    return person is None or (access != SIGNED_IN and access not in ROLES[person.role])


def _held(value: Any) -> Any:
    """A file of a form by its bytes: whoever sends it closes it, and many are to send it."""
    return (value[0].getvalue(), value[1]) if isinstance(value, tuple) else value


def _sent(value: Any) -> Any:
    return (io.BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value


def ask(client: FlaskClient, address: Address) -> TestResponse:
    """Send the request of an address."""
    return client.open(
        address.url,
        method=address.call.method,
        data={name: _sent(value) for name, value in address.form} if address.call.method != "GET" else None,
        headers={"HX-Request": "true"} if address.call.htmx else {},
    )


def said_by(response: TestResponse) -> str:
    """Status, headers and everything in the body, archives unpacked."""
    body = response.get_data()
    parts = [body]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = [archive.read(name) for name in archive.namelist()]
    head = f"{response.status}\n{response.headers}\n"
    return head + "\n".join(part.decode("utf-8", "replace") for part in parts)


def rows_of(tables: Iterable[str]) -> str:
    """Every row of some tables, as they lie."""
    with unit_of_work(readonly=True) as current:
        # The tables' names are this test's own.
        rows = [str(tuple(row)) for name in tables for row in current.execute(text(f"SELECT * FROM {name}"))]  # noqa: S608
    return "\n".join(rows)
