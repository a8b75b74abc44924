"""Every endpoint stands in the access table, keeps to it, and works for somebody."""

import pytest
from flask import Flask

from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.roles import ROLES
from finmart.platform.web.access import access_of
from tests.fixtures.city import CityVisit
from tests.functional.access.rows import PUBLIC, SIGNED_IN, VISITOR, Call, resolve
from tests.functional.access.table import ACCESS

#: Some endpoints work only beside a provider of the single sign-on: a small one runs as a process of its own.
pytestmark = pytest.mark.usefixtures("sso")

#: Files of Flask and Bootstrap, which everyone may read.
FILES = {"static", "bootstrap.static"}
CALLS = [(endpoint, call) for endpoint, row in ACCESS.items() for call in row.calls]
CLOSED = [endpoint for endpoint, row in ACCESS.items() if row.access != PUBLIC]
NAMES = [f"{endpoint}-{call.method}-{call.role}" for endpoint, call in CALLS]


def _methods(app: Flask, endpoint: str) -> set[str]:
    rules = app.url_map.iter_rules(endpoint)
    return {method for rule in rules for method in rule.methods or ()} - {"HEAD", "OPTIONS"}


def test_the_table_names_every_endpoint_and_no_other(app: Flask) -> None:
    endpoints = set(app.view_functions) - FILES
    assert sorted(endpoints - set(ACCESS)) == [], "these endpoints have no row in tests/functional/access"
    assert sorted(set(ACCESS) - endpoints) == [], "these rows have no endpoint"


def test_every_endpoint_has_the_access_that_the_table_states(app: Flask) -> None:
    stated = {endpoint: row.access for endpoint, row in ACCESS.items()}
    assert {endpoint: access_of(app, endpoint).label for endpoint in ACCESS} == stated


def test_every_method_of_every_endpoint_is_exercised(app: Flask) -> None:
    exercised = {endpoint: {call.method for call in row.calls} for endpoint, row in ACCESS.items()}
    assert {endpoint: _methods(app, endpoint) for endpoint in ACCESS} == exercised


def test_every_permission_opens_something() -> None:
    used = {row.access for row in ACCESS.values()} - {PUBLIC, SIGNED_IN}
    assert sorted(used - {permission.value for permission in Permission}) == []


@pytest.mark.parametrize(("endpoint", "call"), CALLS, ids=NAMES)
def test_the_call_succeeds(endpoint: str, call: Call, visit: CityVisit) -> None:
    person = visit.enter(call.role)
    response = visit.send(
        endpoint,
        call.method,
        values=resolve(call.values, person),
        query=resolve(call.query, person),
        form=resolve(call.form, person),
        htmx=call.htmx,
    )
    assert response.status_code == call.expected, visit.told(response)


@pytest.mark.parametrize("endpoint", CLOSED)
def test_nobody_else_gets_in(endpoint: str, visit: CityVisit) -> None:
    row = ACCESS[endpoint]
    values = resolve(row.calls[0].values, visit.person(row.calls[0].role))
    for role in [VISITOR, *ROLES]:
        if role != VISITOR and (row.access == SIGNED_IN or row.access in ROLES[role]):
            continue
        visit.enter(role)
        for method in sorted({call.method for call in row.calls}):
            response = visit.send(endpoint, method, values=values)
            if role == VISITOR and method == "GET":
                assert response.status_code == 302, f"{role} {method}"
                assert "next=" in response.headers["Location"]
            else:
                assert response.status_code == 403, f"{role} {method}"
