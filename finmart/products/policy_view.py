"""What the pages of policies show: filters as links, clauses in words, figures that somebody has to fill in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext

from finmart.conditions.json_form import parse_condition, parse_expression
from finmart.conditions.sentence import expression_words, sentence
from finmart.platform.kernel.clock import today
from finmart.platform.web import filters as worded
from finmart.platform.web.language import current_language, localized
from finmart.products.labels import label
from finmart.products.policies.service.amounts import figures_of
from finmart.products.policies.service.reliefs import ReliefLine
from finmart.products.policies.service.shelf import Criteria, FoundPolicies
from finmart.products.policies.types.labels import DEPARTMENTS, GIVES, KINDS, LEVELS, STANDINGS
from finmart.products.policies.types.values import (
    Policy,
    PolicyClause,
    Standing,
    first_day,
    last_day,
    standing,
)

FACET_TITLES = {
    "standing": lazy_gettext("是否有效"),
    "level": lazy_gettext("政策层级"),
    "kind": lazy_gettext("适用对象"),
    "department": lazy_gettext("主管部门"),
}
_TABLES = {"standing": STANDINGS, "level": LEVELS, "kind": KINDS, "department": DEPARTMENTS, "gives": GIVES}
_TONES = {Standing.IN_FORCE: "good", Standing.UPCOMING: "warn", Standing.EXPIRED: "plain"}


def word(table: str, code: str) -> str:
    """``code`` of one of the tables in words; a department that no table knows is its own name."""
    return localized(*label(_TABLES[table], code))


def words(table: str, codes: Iterable[str]) -> str:
    """Several codes in words."""
    return (", " if current_language() == "en" else "、").join(word(table, code) for code in codes)


def title(policy: Policy) -> str:
    """What a policy is called in the language of the request."""
    return localized(policy.title_zh, policy.title_en)


@dataclass(frozen=True)
class PolicyFilter:
    """One facet: choices are (words, address, how many would be left, whether it is chosen)."""

    title: str
    choices: tuple[tuple[str, str, int, bool], ...]
    open: bool


def _address(criteria: Criteria, where: Mapping[str, frozenset[str]]) -> str:
    # Made of what was understood, never of the raw query.
    arguments: dict[str, Any] = {facet: sorted(codes) for facet, codes in sorted(where.items()) if codes}
    if criteria.text:
        arguments["q"] = criteria.text
    return url_for("products.policies", **arguments)


def _toggled(criteria: Criteria, facet: str, code: str) -> str:
    chosen = criteria.where.get(facet, frozenset()) ^ {code}
    return _address(criteria, {**criteria.where, facet: chosen})


def filters(criteria: Criteria, found: FoundPolicies) -> list[PolicyFilter]:
    """Every facet with the codes that would leave something, or are chosen."""
    shown = []
    for facet, title in FACET_TITLES.items():
        chosen = criteria.where.get(facet, frozenset())
        counts = {**dict.fromkeys(chosen, 0), **found.facets[facet]}
        choices = tuple(
            (word(facet, code), _toggled(criteria, facet, code), counts[code], code in chosen)
            for code in sorted(counts, key=lambda code: (-counts[code], code))
        )
        if choices:
            shown.append(PolicyFilter(str(title), choices, bool(chosen) or facet != "department"))
    return shown


def chosen_filters(criteria: Criteria) -> list[tuple[str, str]]:
    """What is filtered now, each with the address without it."""
    return [
        (word(facet, code), _toggled(criteria, facet, code))
        for facet in FACET_TITLES
        for code in sorted(criteria.where.get(facet, ()))
    ]


def without_filters(criteria: Criteria) -> str:
    """The address with the words alone."""
    return _address(criteria, {})


@dataclass(frozen=True)
class ShownStanding:
    """How a policy or a clause stands today: words, the tone of its tag, its days."""

    state: Standing
    words: str
    tone: str
    begins: date
    ends: date | None


def shown_standing(policy: Policy, clause: PolicyClause | None = None) -> ShownStanding:
    """How it stands today."""
    state = standing(policy, today(), clause)
    begins = first_day(policy, clause) if clause else policy.valid_from
    return ShownStanding(state, word("standing", state), _TONES[state], begins, last_day(policy, clause))


@dataclass(frozen=True)
class ShownPolicyClause:
    """One clause in words: whom it is for, how it is worked out, whether figures are needed for it."""

    clause: PolicyClause
    standing: ShownStanding
    who: str
    formula: str
    computes: bool
    figures: tuple[str, ...]


def who(clause: PolicyClause) -> str:
    """Whom a clause is for as a sentence, as far as its condition says it."""
    return "" if clause.condition is None else sentence(parse_condition(clause.condition), current_language())


def shown_clause(policy: Policy, clause: PolicyClause) -> ShownPolicyClause:
    """A clause in the language of the request; the source's own words stay as they are."""
    language = current_language()
    return ShownPolicyClause(
        clause=clause,
        standing=shown_standing(policy, clause),
        who=who(clause),
        formula="" if clause.formula is None else expression_words(parse_expression(clause.formula), language),
        computes=clause.formula is not None,
        figures=figures_of(clause),
    )


@dataclass(frozen=True)
class ShownRelief:
    """A subsidy beside a product's cost, in words; both costs are said."""

    title: str
    policy_code: str
    clause_code: str
    who: str
    amount: str
    without: str
    with_it: str


def _compound(low: int | None, high: int | None) -> str:
    ends = [None if ppm is None else worded.rate((ppm + 50) // 100 * 100, current_language()) for ppm in (low, high)]
    return worded.ends(ends[0], ends[1], current_language())


def shown_relief(line: ReliefLine) -> ShownRelief:
    """One line: the subsidy to the 分, and the compound rates between the stated bounds without and with it."""
    sheet = line.sheet
    stated = line.stated
    return ShownRelief(
        title=title(line.policy),
        policy_code=line.policy.code,
        clause_code=line.clause.code,
        who=who(line.clause),
        amount=worded.money_exact(stated.relief if stated else None, current_language()),
        without=_compound(*(None if c is None else c.compound_rate for c in (sheet.low, sheet.high))),
        with_it=_compound(*(None if c is None else c.compound_rate for c in (line.low, line.high))),
    )
