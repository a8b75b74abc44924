"""What everybody asks of policies: which there are, searching and filtering them, one of them, its history."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from finmart.platform.kernel.clock import today
from finmart.products import repository as shelf
from finmart.products.policies import repository
from finmart.products.policies.types.errors import PolicyUnknown
from finmart.products.policies.types.values import (
    Policy,
    PolicyClause,
    PolicyVersionLine,
    Standing,
    standing,
)

#: Words of a search beyond these are no search any more.
MOST_WORDS = 8


class _Cache:
    """The policies this process read last, and under which counter of the catalogue it read them."""

    key: tuple[int, str] | None = None
    policies: tuple[Policy, ...] = ()


def published_policies() -> tuple[Policy, ...]:
    """Every policy, those in force and those that are not; one cheap read when nothing has changed since."""
    key = shelf.counter()
    if _Cache.key != key:
        _Cache.policies, _Cache.key = tuple(repository.published_policies()), key
    return _Cache.policies


def policy(code: str) -> Policy:
    """One policy. Raises ``PolicyUnknown``."""
    found = next((one for one in published_policies() if one.code == code), None)
    if found is None:
        raise PolicyUnknown
    return found


def clause(code: str, clause_code: str) -> tuple[Policy, PolicyClause]:
    """One clause with its policy. Raises ``PolicyUnknown``."""
    owner = policy(code)
    found = owner.clause(clause_code)
    if found is None:
        raise PolicyUnknown
    return owner, found


def history(code: str) -> list[PolicyVersionLine]:
    """Every version of a policy, the newest first."""
    return repository.version_lines(code)


def clauses_in_force(day: date) -> list[tuple[Policy, PolicyClause]]:
    """Every clause that holds on ``day``, with its policy."""
    return [
        (one, each)
        for one in published_policies()
        for each in one.clauses
        if standing(one, day, each) is Standing.IN_FORCE
    ]


@dataclass(frozen=True)
class Criteria:
    """What somebody looks for: words, and codes by facet."""

    text: str = ""
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class FoundPolicies:
    """The policies that were found, those in force first; ``facets`` count what each choice would leave."""

    policies: tuple[Policy, ...]
    facets: Mapping[str, Mapping[str, int]]


#: facet → the codes of a policy on a day
FACETS: Mapping[str, Callable[[Policy, date], Iterable[str]]] = MappingProxyType(
    {
        "standing": lambda one, day: (standing(one, day).value,),
        "level": lambda one, _day: one.levels,
        "kind": lambda one, _day: one.kinds,
        "department": lambda one, _day: one.all_departments,
    }
)


def known_codes(facet: str) -> frozenset[str]:
    """What may be chosen of a facet: every way to stand, and else what any policy carries."""
    if facet == "standing":
        return frozenset(Standing)
    return frozenset(code for one in published_policies() for code in FACETS[facet](one, today()))


_ORDER = {Standing.IN_FORCE: 0, Standing.UPCOMING: 1, Standing.EXPIRED: 2}


def _texts(one: Policy) -> Iterable[str]:
    yield from (one.code, one.title_zh, one.title_en, one.doc_no, one.beneficiary_zh, one.cap_zh, one.stacking_zh)
    yield from (one.evidence_zh, one.apply_zh, *one.departments)
    for each in one.clauses:
        yield from (each.code, each.article_zh, each.beneficiary_zh, each.trigger_zh, each.rule_zh, each.base_zh)
        yield from (each.eligibility_zh, each.cap_scope_zh, each.note_zh, *each.departments)


def _words(text: str) -> list[str]:
    return text.casefold().split()[:MOST_WORDS]


def matches(one: Policy, text: str) -> bool:
    """Whether every word of ``text`` stands somewhere in the policy."""
    haystack = "\n".join(_texts(one)).casefold()
    return all(word in haystack for word in _words(text))


def count_matching(text: str) -> int:
    """How many policies hold every word; for other searches that point here."""
    return sum(matches(one, text) for one in published_policies()) if _words(text) else len(published_policies())


def _fits(one: Policy, where: Mapping[str, frozenset[str]], day: date, *, but: str = "") -> bool:
    return all(
        not codes or facet == but or codes & frozenset(FACETS[facet](one, day)) for facet, codes in where.items()
    )


def find_policies(criteria: Criteria) -> FoundPolicies:
    """Search and filter; within a facet any of the codes is enough, across facets every one must fit."""
    day = today()
    named = [one for one in published_policies() if matches(one, criteria.text)]
    facets: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    for facet, codes_of in FACETS.items():
        for one in named:
            if _fits(one, criteria.where, day, but=facet):
                for code in codes_of(one, day):
                    facets[facet][code] = facets[facet].get(code, 0) + 1
    fitting = [one for one in named if _fits(one, criteria.where, day)]
    ordered = sorted(fitting, key=lambda one: (_ORDER[standing(one, day)], -one.valid_from.toordinal(), one.code))
    return FoundPolicies(tuple(ordered), facets)
