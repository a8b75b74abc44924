"""The facts an applicant may lawfully change, and the data it may authorise: the only ones that are ever advised.

The list is ``data/actions.csv``, each line with its reason. A fact that is not on it (age, founding date, industry,
region, a record) can never be advised, whatever it would open. What a source is said to hold and no delivery brings
(``withheld``) is not promised to whoever authorises it.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from finmart.conditions.types import FactValue
from finmart.matching.engine.inputs import ApplicantFacts
from finmart.reference.facts import facts as dictionary
from finmart.reference.tables import rows

PACKAGE = "finmart.matching.engine"
SETTLE, OPEN, AUTHORISE, WITHHELD = "settle", "open", "authorise", "withheld"
#: Where facts come from that no data set holds.
SAID = frozenset({"declared", "demand", "supposed"})
_FLAGS = {"yes": True, "no": False}


@cache
def changeable() -> Mapping[str, tuple[str, bool]]:
    """Fact → what is done (settle, open) and the value it has afterwards."""
    found = {row["key"]: (row["action"], _FLAGS[row["value"]]) for row in rows("actions.csv", PACKAGE) if _is_fact(row)}
    return MappingProxyType(found)


def _is_fact(row: Mapping[str, str]) -> bool:
    return row["action"] in {SETTLE, OPEN}


@cache
def authorised_by() -> Mapping[str, str]:
    """Fact → the data set whose authorisation makes it known."""
    sets = {row["key"]: row["value"] for row in rows("actions.csv", PACKAGE) if row["action"] == AUTHORISE}
    withheld = {row["key"] for row in rows("actions.csv", PACKAGE) if row["action"] == WITHHELD}
    sources = {key: f.source for key, f in dictionary().items() if key not in withheld}
    return MappingProxyType({key: sets[source] for key, source in sources.items() if source in sets})


def already_read(facts: ApplicantFacts) -> frozenset[str]:
    """The data sets of which something is known of the applicant: authorising them once more tells nothing more."""
    known = (key for key, fact in facts.values.items() if fact.origin not in SAID)
    return frozenset(authorised_by()[key] for key in known if key in authorised_by())


def open_changes(facts: ApplicantFacts) -> tuple[tuple[str, str], ...]:
    """(action, fact) for every change that is open to this applicant: its fact is known and stands otherwise.

    What is no yes or no is not known: nobody is told to settle a debt that nobody has seen.
    """
    known = {key: facts.values[key].value for key in changeable() if key in facts.values}
    return tuple(
        (action, key) for key, (action, value) in changeable().items() if key in known and known[key] is (not value)
    )


def after(facts: ApplicantFacts, key: str) -> ApplicantFacts:
    """The facts once ``key`` is changed as the list says. Raises ``KeyError`` for a fact that is not on it."""
    changed = FactValue(changeable()[key][1], observed_until=None, source="supposed", origin="supposed")
    return ApplicantFacts({**facts.values, key: changed})
