"""Policies for firms (惠企政策): documents with clauses that say who gets what, worked out how, from when until when.

Every text that ends in ``_zh`` is the source's own words, unchanged; empty means that the source does not state it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


class Gives(StrEnum):
    """What a clause gives; only the first two are money for the applicant."""

    AWARD = "award"
    SUBSIDY = "subsidy"
    GUARANTEE_LINE = "guarantee_line"
    RISK_SHARE = "risk_share"
    SUPPORT_LINE = "support_line"
    HONOUR = "honour"
    RULE = "rule"


class Standing(StrEnum):
    """How a policy or a clause stands on a day."""

    UPCOMING = "upcoming"
    IN_FORCE = "in_force"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Relief:
    """A subsidy of interest that lowers what a product costs: ``rate`` ppm a year, money 分.

    ``uses`` are the codes of ``demand.fund_uses`` that it is for, ``product_types`` the kinds of loan it may go with.
    """

    rate: int
    principal_max: int | None
    months_max: int | None
    total_max: int | None
    uses: tuple[str, ...]
    product_types: tuple[str, ...]


@dataclass(frozen=True)
class PolicyClause:
    """One clause: its words, its place, and what of it can be checked and worked out.

    ``condition`` and ``formula`` are JSON of ``finmart.conditions``; ``words`` are what stays to be confirmed.
    ``valid_from`` and ``valid_to`` stand where they differ from the policy's. ``reading_zh`` is how it was understood.
    """

    code: str
    clause_no: str
    article_zh: str
    beneficiary_zh: str
    trigger_zh: str
    rule_zh: str
    base_zh: str
    eligibility_zh: str
    cap: int | None
    cap_scope_zh: str
    stacking_zh: str
    departments: tuple[str, ...]
    funding_zh: str
    note_zh: str
    reading_zh: str
    gives: Gives
    kinds: tuple[str, ...]
    condition: Json | None
    words: tuple[str, ...]
    formula: Json | None
    valid_from: date | None
    valid_to: date | None
    group: str
    group_cap: int | None
    relief: Relief | None


@dataclass(frozen=True)
class Policy:
    """One document as published here; ``version`` is 0 until it is."""

    code: str
    version: int
    title_zh: str
    title_en: str
    doc_no: str
    levels: tuple[str, ...]
    departments: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    valid_from_zh: str
    valid_to_zh: str
    beneficiary_zh: str
    cap_zh: str
    stacking_zh: str
    evidence_zh: str
    confidence_zh: str
    apply_zh: str
    clauses: tuple[PolicyClause, ...]

    def clause(self, code: str) -> PolicyClause | None:
        """The clause with that code."""
        return next((clause for clause in self.clauses if clause.code == code), None)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Whom any clause is for, in order of first mention."""
        return tuple(dict.fromkeys(kind for clause in self.clauses for kind in clause.kinds))

    @property
    def all_departments(self) -> tuple[str, ...]:
        """The departments of the document and of its clauses, in order of first mention."""
        own = (name for clause in self.clauses for name in clause.departments)
        return tuple(dict.fromkeys((*self.departments, *own)))


def _ends(policy: Policy, clause: PolicyClause | None) -> list[date]:
    return [end for end in (policy.valid_to, clause.valid_to if clause else None) if end is not None]


def first_day(policy: Policy, clause: PolicyClause) -> date:
    """The first day on which the clause holds."""
    return max(policy.valid_from, clause.valid_from or policy.valid_from)


def last_day(policy: Policy, clause: PolicyClause | None = None) -> date | None:
    """The last day on which the policy, or one clause of it, holds; None while no end is known."""
    return min(_ends(policy, clause), default=None)


def standing(policy: Policy, day: date, clause: PolicyClause | None = None) -> Standing:
    """How a policy, or one clause of it, stands on ``day``; both its first and its last day belong to it."""
    begins = first_day(policy, clause) if clause else policy.valid_from
    ends = last_day(policy, clause)
    if day < begins:
        return Standing.UPCOMING
    return Standing.EXPIRED if ends is not None and day > ends else Standing.IN_FORCE


@dataclass(frozen=True)
class PolicyVersionLine:
    """One version in a policy's history: who published it (None: the system), when and why."""

    number: int
    shown: bool
    valid_from: date
    valid_to: date | None
    published_at: datetime
    by_system: bool
    reason: str


@dataclass(frozen=True)
class PolicyReport:
    """What loading the files did; a second run of the same files publishes nothing."""

    policies: int
    clauses: int
    computable: int
    with_condition: int
    in_force: int
    published: int
    unchanged: int
