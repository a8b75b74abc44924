"""Interest subsidies, to the 分: what public funds pay back of a loan's interest, and what the loan costs with it.

The subsidy of a stretch of time is balance × yearly rate × its length, rounded down to the 分, and never more than the
interest of that stretch. A month is a twelfth of a year, as in repayment plans; a loan counted in days takes a year of
365 days, the only one that agrees with the ceiling stated for the national subsidy of 2026 (5000万 × 1.5 % × 2 years =
150万).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from finmart.reference.repayment import MONTHS, PPM, Instalment

YEAR_DAYS = 365


@dataclass(frozen=True)
class InterestSubsidy:
    """``rate`` ppm a year on at most ``principal_max`` 分, for at most ``months_max``, together at most ``total_max``.

    None means that the policy states no such bound.
    """

    rate: int
    principal_max: int | None = None
    months_max: int | None = None
    total_max: int | None = None

    def on(self, balance: int) -> int:
        """The part of a balance that is subsidised, in 分."""
        return balance if self.principal_max is None else min(balance, self.principal_max)


def _within(amounts: dict[int, int], most: int | None) -> dict[int, int]:
    """The amounts in order until ``most`` is used up."""
    left, kept = most, {}
    for period, amount in amounts.items():
        paid = amount if left is None else min(amount, left)
        left = None if left is None else left - paid
        if paid:
            kept[period] = paid
    return kept


def monthly_relief(principal: int, plan: Sequence[Instalment], subsidy: InterestSubsidy) -> dict[int, int]:
    """Month → 分 that come back with the interest paid then; a month without subsidy is left out."""
    amounts: dict[int, int] = {}
    balance, before = principal, 0
    for instalment in plan:
        last = instalment.period if subsidy.months_max is None else min(instalment.period, subsidy.months_max)
        share = subsidy.on(balance) * subsidy.rate * max(0, last - before) // (PPM * MONTHS)
        amounts[instalment.period] = min(share, instalment.interest)
        balance, before = instalment.balance, instalment.period
    return _within(amounts, subsidy.total_max)


def relief_in_days(principal: int, interest: int, days: int, subsidy: InterestSubsidy) -> dict[int, int]:
    """The last day → 分 that come back with the interest of a loan of ``days``; empty when nothing does."""
    most = days if subsidy.months_max is None else min(days, subsidy.months_max * YEAR_DAYS // MONTHS)
    share = subsidy.on(principal) * subsidy.rate * most // (PPM * YEAR_DAYS)
    return _within({days: min(share, interest)}, subsidy.total_max)
