"""Whatever an address names, somebody else with the same role does not reach it, and nothing is written of the try."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Engine, text
from werkzeug.routing import BuildError

from finmart.platform.db.session import session, unit_of_work
from tests.fixtures.city import City, CityVisit
from tests.fixtures.people import enter, new_person
from tests.functional.access.rows import PUBLIC, VISITOR, Call, resolve
from tests.functional.access.table import ACCESS
from tests.functional.access.watching import writes

#: A region of another city: what an official of it may see lies there.
ELSEWHERE = "360200"
#: What a try may leave behind: that it was refused.
REFUSED = {"INSERT audit_row"}

NAMED = [(endpoint, call) for endpoint, row in ACCESS.items() for call in row.calls if call.values]
#: Scope ``all``: there is nobody else whose objects they could be.
OWN = [
    (endpoint, call)
    for endpoint, call in NAMED
    if not ACCESS[endpoint].shared and not ACCESS[endpoint].access.startswith("all:") and call.role != VISITOR
]


def _name(pair: tuple[str, Call]) -> str:
    return f"{pair[0]}-{pair[1].method}-{pair[1].role}"


def _events_since(row_id: int) -> set[str]:
    with unit_of_work(readonly=True):
        query = text("SELECT name FROM audit_row WHERE id > :last")
        return {name for (name,) in session().execute(query, {"last": row_id})}


def _last_event() -> int:
    with unit_of_work(readonly=True):
        return int(session().execute(text("SELECT coalesce(max(id), 0) FROM audit_row")).scalar_one())


def _try(visit: CityVisit, engine: Engine, endpoint: str, call: Call, **parts: Mapping[str, Any]) -> int:
    """Send a call; its status. Fails when anything but the refusal was written."""
    before = _last_event()
    with writes(engine) as kept:
        response = visit.send(endpoint, call.method, htmx=call.htmx, **parts)
    assert set(kept) <= REFUSED, f"{endpoint} wrote {sorted(set(kept))} and answered {response.status_code}"
    assert _events_since(before) <= {"request.refused"}
    return response.status_code


@pytest.mark.parametrize(("endpoint", "call"), OWN, ids=map(_name, OWN))
def test_a_stranger_with_the_same_role_gets_nowhere(endpoint: str, call: Call, visit: CityVisit, city: City) -> None:
    owner = visit.person(call.role)
    parts = {
        "values": resolve(call.values, owner),
        "query": resolve(call.query, owner),
        "form": resolve(call.form, owner),
    }
    stranger = new_person(call.role, region=ELSEWHERE)
    visit.client = visit.app.test_client()
    enter(visit.client, stranger.token)
    assert _try(visit, city.engine, endpoint, call, **parts) in {403, 404}


@pytest.mark.parametrize(("endpoint", "call"), NAMED, ids=map(_name, NAMED))
def test_what_does_not_exist_is_not_found(endpoint: str, call: Call, visit: CityVisit, city: City) -> None:
    owner = visit.enter(call.role)
    for name in call.values:
        values = resolve(call.values, owner) | {name: "999999999" if name == "number" else "zzzzzzzzzzzz"}
        form, query = resolve(call.form, owner), resolve(call.query, owner)
        try:
            assert _try(visit, city.engine, endpoint, call, values=values, form=form, query=query) == 404
        except (BuildError, ValueError):  # The address itself takes only what exists.
            continue


def test_only_what_is_everybodys_is_marked_as_shared() -> None:
    public = {endpoint for endpoint, _call in NAMED if ACCESS[endpoint].access == PUBLIC}
    marked = {endpoint for endpoint, row in ACCESS.items() if row.shared}
    assert sorted(public - marked) == [], "say with shared=… why anyone may open what these addresses name"
    superfluous = {endpoint for endpoint in marked if ACCESS[endpoint].access.startswith("all:")}
    assert sorted(superfluous) == []
    assert sorted(marked - {endpoint for endpoint, _call in NAMED}) == []
