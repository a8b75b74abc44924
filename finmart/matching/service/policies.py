"""Policies beside an applicant: which clauses in force it meets, and what a subsidy takes from its best product."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from finmart.conditions.types import FactValue
from finmart.conditions.walk import AS_OF
from finmart.matching import snapshots
from finmart.matching.demands import service as demands
from finmart.matching.demands.types.values import DemandView
from finmart.matching.engine import plain
from finmart.matching.engine.inputs import ApplicantFacts
from finmart.matching.engine.needs import ORIGIN
from finmart.matching.engine.results import Verdict
from finmart.matching.engine.rows import Row
from finmart.matching.engine.seen import SeenClause, see_clause
from finmart.matching.service.applicants import known_of
from finmart.matching.service.declaring import declarable_keys
from finmart.matching.service.runs import OpenRun
from finmart.platform.authz.permissions import Permission
from finmart.platform.authz.policy import require
from finmart.platform.kernel.actor import Actor
from finmart.platform.kernel.clock import today
from finmart.platform.kernel.money import Term
from finmart.products import costs
from finmart.products.costs import CostSheet, Wanted
from finmart.products.policies.service.reliefs import ReliefLine, relief_lines, reliefs_in_force
from finmart.products.policies.service.shelf import clauses_in_force
from finmart.products.policies.types.values import Policy, PolicyClause
from finmart.products.service import published_catalogue
from finmart.products.types import PublishedProduct
from finmart.reference.loan_cost import method_of

BASIS = "own"
MOST_ASKED = 12
#: Products of a run that are looked at: those of its first page.
MOST_LOOKED_AT = 10
DAYS_A_MONTH = 30
#: Clauses for institutions, regulators and other intermediaries are nothing an applicant could meet.
FOR_APPLICANTS = frozenset({"firms", "sole_traders_farmers", "tech_firms", "listing_firms", "credit_repair", "people"})
#: The order in which clauses are shown.
ORDER = (Verdict.MET, Verdict.MET_CHECKED, Verdict.OPEN, Verdict.UNCHECKED, Verdict.NOT_MET)


@dataclass(frozen=True)
class JudgedClause:
    """One clause in force and how the applicant stands to it; ``seen`` is what its condition saw."""

    policy: Policy
    clause: PolicyClause
    verdict: Verdict
    seen: SeenClause | None
    missing: tuple[str, ...]


@dataclass(frozen=True)
class OwnPolicies:
    """Every clause in force that is for applicants, those that are met first.

    ``demand`` is the open need that conditions about a loan were judged on; ``asks`` are the facts whose answer would
    decide something.
    """

    judged: tuple[JudgedClause, ...]
    counts: Mapping[Verdict, int]
    asks: tuple[str, ...]
    demand: DemandView | None
    verified: bool


def _judge(policy: Policy, clause: PolicyClause, facts: ApplicantFacts) -> JudgedClause:
    stated = snapshots.policy_clause(clause)
    if stated is None:
        return JudgedClause(policy, clause, Verdict.UNCHECKED, None, ())
    state = plain.clause_state(stated, facts)
    verdict = plain.verdict_of([state], len(clause.words))
    return JudgedClause(policy, clause, verdict, see_clause(stated, facts), state.missing)


def own_policies(actor: Actor) -> OwnPolicies:
    """How the actor's own organisation stands to every clause in force; its profile's read is noted as its own.

    Raises ``PermissionMissing``, or ``OrganisationUnknown`` for anybody who is no applicant.
    """
    require(actor, Permission.OWN_PROFILE_READ)
    known = known_of(actor, actor.organisation_id or 0, basis=BASIS)
    demand = next((one for one in demands.own_demands(actor).items if one.is_open), None)
    facts = _facts(known.merged.facts, demand)
    offered = [(p, c) for p, c in clauses_in_force(today()) if FOR_APPLICANTS & set(c.kinds)]
    judged = sorted(
        (_judge(policy, clause, facts) for policy, clause in offered), key=lambda one: ORDER.index(one.verdict)
    )
    wanted = Counter(key for one in judged if one.verdict is Verdict.OPEN for key in one.missing)
    asks = tuple(key for key, _times in wanted.most_common() if key in declarable_keys())[:MOST_ASKED]
    counts = Counter(one.verdict for one in judged)
    return OwnPolicies(tuple(judged), counts, asks, demand, known.profile_version is not None)


def _facts(facts: ApplicantFacts, demand: DemandView | None) -> ApplicantFacts:
    if demand is not None:
        return snapshots.with_demand(facts, demand, today())
    return replace(facts, values={**facts.values, AS_OF: FactValue(today(), None, ORIGIN, ORIGIN)})


@dataclass(frozen=True)
class BestRelief:
    """The first product of a run that a subsidy goes with, by its place; without one there are no lines."""

    place: int
    lines: list[ReliefLine]


def best_relief(run: OpenRun) -> BestRelief:
    """Subsidies in force today that the run's applicant fully meets, beside the best product that they go with."""
    met = [
        (policy, clause)
        for policy, clause in reliefs_in_force()
        if _judge(policy, clause, run.facts).verdict is Verdict.MET
    ]
    catalogue = published_catalogue().by_code
    for row in run.rows[:MOST_LOOKED_AT] if met else ():
        product = catalogue.get(row.code)
        sheet = None if product is None or row.verdict is Verdict.NOT_MET else _sheet(run, row, product)
        if product is not None and sheet is not None and (lines := relief_lines(product, sheet, met)):
            return BestRelief(row.place, lines)
    return BestRelief(0, [])


def _sheet(run: OpenRun, row: Row, product: PublishedProduct) -> CostSheet | None:
    """The cost sheet of the product for the amount, term and way that the run's own cost was worked out for."""
    variant = next((way for way in product.variants if way.key == row.variant), None)
    if variant is None or product.version != row.version:
        return None
    available = row.limit.amount if row.limit.amount is not None else row.limit.at_most
    amount = min(run.need.amount, available) if available else run.need.amount
    longest = variant.term_max.in_days if variant.term_max else None
    days = min(run.need.term_days, longest) if longest else run.need.term_days
    whole = days >= DAYS_A_MONTH and not days % DAYS_A_MONTH
    term = Term(months=days // DAYS_A_MONTH) if whole else Term(days=days)
    method, _assumed = method_of(variant.repayment_modes)
    return costs.sheet(replace(product, variants=(variant,)), Wanted(amount, term, method))
