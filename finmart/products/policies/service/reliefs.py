"""Subsidies in force beside a product's cost: what they pay, and the cost without and with them, each its own line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from finmart.conditions.evaluate import evaluate
from finmart.conditions.json_form import parse_condition
from finmart.conditions.types import FactValue, State
from finmart.conditions.walk import keys_of
from finmart.platform.kernel.clock import today
from finmart.products.costs import CostSheet, subsidised
from finmart.products.policies.service.shelf import clauses_in_force
from finmart.products.policies.types.values import Policy, PolicyClause, Relief
from finmart.products.types import PublishedProduct
from finmart.reference.interest_subsidy import InterestSubsidy
from finmart.reference.loan_cost import LoanCost

USES = "demand.fund_uses"


@dataclass(frozen=True)
class ReliefLine:
    """One subsidy beside ``sheet``, which holds the costs without it: those with it, at the bounds of the rate."""

    policy: Policy
    clause: PolicyClause
    sheet: CostSheet
    low: LoanCost | None
    high: LoanCost | None

    @property
    def stated(self) -> LoanCost | None:
        """The cost with the subsidy at the rate whose rows the sheet shows."""
        return self.high or self.low


def _subsidy(relief: Relief) -> InterestSubsidy:
    return InterestSubsidy(relief.rate, relief.principal_max, relief.months_max, relief.total_max)


def _may_go_with(product: PublishedProduct, relief: Relief) -> bool:
    """Whether the product lends for what the subsidy is for, as far as the product says what it lends for."""
    if product.product_type not in relief.product_types:
        return False
    used = {USES: FactValue(relief.uses, None, "policy", "declared")}
    clauses = (clause for clause in product.variants[0].clauses if clause.required)
    conditions = (parse_condition(clause.condition) for clause in clauses)
    asking = (condition for condition in conditions if USES in keys_of(condition))
    return all(evaluate(condition, used).state is not State.NOT_MET for condition in asking)


def reliefs_in_force(day: date | None = None) -> list[tuple[Policy, PolicyClause]]:
    """The clauses in force that lower what a loan costs."""
    return [(policy, clause) for policy, clause in clauses_in_force(day or today()) if clause.relief is not None]


def relief_facts(day: date | None = None) -> frozenset[str]:
    """The facts that decide about subsidies in force."""
    stated = (clause.condition for _policy, clause in reliefs_in_force(day) if clause.condition is not None)
    return frozenset(key for condition in stated for key in keys_of(parse_condition(condition)))


def relief_lines(
    product: PublishedProduct,
    sheet: CostSheet,
    offered: Iterable[tuple[Policy, PolicyClause]] | None = None,
) -> list[ReliefLine]:
    """What each subsidy (those in force today by default) takes from the costs of ``sheet``; none without a cost."""
    if sheet.stated is None:
        return []
    lines = []
    for policy, clause in reliefs_in_force() if offered is None else offered:
        if clause.relief is None or not _may_go_with(product, clause.relief):
            continue
        low, high = subsidised(sheet, _subsidy(clause.relief))
        line = ReliefLine(policy, clause, sheet, low, high)
        if line.stated is not None and line.stated.relief:
            lines.append(line)
    return lines
