"""What a row of the access table says: who may call an endpoint, and calls that show it working."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from finmart.platform.db.session import session, unit_of_work
from tests.fixtures.people import Person

VISITOR = "visitor"
PUBLIC = "public"
SIGNED_IN = "signed-in"

#: A value that stands, or one looked up in the demonstration city for the person who calls.
Value = str | Callable[[Person | None], Any]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request that must succeed: as ``role``, with the parts of the address, the query and the form.

    ``status`` is by default 200 for a GET and 302 for the rest. ``htmx``: asked for as a part of a page.
    """

    role: str = VISITOR
    method: str = "GET"
    values: Mapping[str, Value] = field(default_factory=dict)
    query: Mapping[str, Value] = field(default_factory=dict)
    form: Mapping[str, Value] = field(default_factory=dict)
    status: int | None = None
    htmx: bool = False

    @property
    def expected(self) -> int:
        """The status that means success."""
        return self.status or (200 if self.method == "GET" else 302)


@dataclass(frozen=True)
class Row:
    """``access`` is ``PUBLIC``, ``SIGNED_IN`` or a permission; at least one call for each method of the endpoint.

    What the address of a call names belongs to the caller: somebody else with the same role must not reach it. Where
    that is not so, ``shared`` says why: the thing is everybody's who has the access, or it is no thing at all.
    """

    access: str
    calls: tuple[Call, ...]
    shared: str = ""


def row(access: str, *calls: Call, shared: str = "") -> Row:
    """A row, spelled shortly."""
    return Row(access, calls, shared)


def first(query: str) -> Callable[[Person | None], str]:
    """The first value of an SQL query on the city; ``:user`` and ``:organisation`` are the caller's numbers."""

    def look_up(person: Person | None) -> str:
        known = {"user": person.user_id, "organisation": person.organisation_id} if person else {}
        wanted = {name: value for name, value in known.items() if f":{name}" in query}
        with unit_of_work(readonly=True):
            found = session().execute(text(query), wanted).scalar()
        if found is None:
            raise LookupError(f"the demonstration city has nothing for: {query}")
        return str(found)

    return look_up


def resolve(values: Mapping[str, Value], person: Person | None) -> dict[str, Any]:
    """The values of a call, each looked up where it must be."""
    return {name: value(person) if callable(value) else value for name, value in values.items()}
