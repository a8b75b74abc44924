"""The all-in cost of a loan (综合融资成本): interest and every charge, on the principal really received, as one rate.

人民银行公告〔2021〕第3号: the headline is the compound annual rate (the internal rate of return); a simple one stands
beside it under its own name: the rate of a month × 12, and for terms in days the cost of a day × 365.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from finmart.reference import internal_rate, repayment
from finmart.reference.interest_subsidy import InterestSubsidy, monthly_relief, relief_in_days
from finmart.reference.refusals import N_
from finmart.reference.repayment import MONTHS, PPM, Instalment, LoanRefusal, Method, Utilisation, rounded

#: Flows counted in days are annualised over the calendar year, as every dated internal rate is.
CALENDAR_YEAR_DAYS = 365
DAYS_A_MONTH = 30


class Timing(StrEnum):
    """When a charge is due and what its rate is a rate of.

    ``once``: of the principal, at the start. ``prepaid``: a year, the whole term at the start (as guarantee fees are
    often taken). ``year``: a year, at the start of each year, the last one by its months. ``month``: a month, at the
    start of each (as a pawnshop's composite fee). ``day``: a day, at the end.
    ``deposit``: of the principal, held back at the start and returned at the end.
    """

    ONCE = "once"
    PREPAID = "prepaid"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    DEPOSIT = "deposit"


class CostBasis(StrEnum):
    """What an all-in annual cost rests on, or why there is none."""

    STATED = "stated"
    #: Only the lowest rate is stated: the cost is "from".
    FROM_LOWEST = "from_lowest"
    #: Only the highest rate is stated: the cost is "up to".
    UP_TO = "up_to"
    RATE_NOT_STATED = "rate_not_stated"
    #: The stated rate is a fee (of a guarantee, of an insurance) beside a loan whose interest is not stated.
    ONLY_FEE_STATED = "only_fee_stated"
    #: A fee is stated in words only, so that no sum would be all-in.
    FEE_NOT_STATED = "fee_not_stated"
    #: What is stated takes the whole loan, or so much of it that no yearly rate says anything.
    CHARGES_TAKE_LOAN = "charges_take_loan"
    #: What is stated describes no loan, for example a rate above 100 %.
    NO_LOAN = "no_loan"

    @property
    def is_priced(self) -> bool:
        """Whether there is a cost at all."""
        return self in {CostBasis.STATED, CostBasis.FROM_LOWEST, CostBasis.UP_TO}


#: Where no method is stated that can be computed: with fees it gives the higher rate, so nothing is made to look cheap.
ASSUMED = Method.EQUAL_INSTALMENT


def method_of(stated: Iterable[str]) -> tuple[Method, bool]:
    """The repayment to compute with, the first of the ``stated`` codes that is a method, and whether it is assumed."""
    known = [Method(mode) for mode in stated if mode in set(Method)]
    return (known[0], False) if known else (ASSUMED, True)


def cost_basis(
    rate_min: int | None, rate_max: int | None, *, only_fee: bool, fee_rates: Iterable[int | None]
) -> CostBasis:
    """What a cost can rest on: ``only_fee`` when the rates are a fee's, ``fee_rates`` those the borrower pays."""
    if only_fee:
        return CostBasis.ONLY_FEE_STATED
    if rate_min is None and rate_max is None:
        return CostBasis.RATE_NOT_STATED
    if any(rate is None for rate in fee_rates):
        return CostBasis.FEE_NOT_STATED
    if rate_max is None:
        return CostBasis.FROM_LOWEST
    return CostBasis.UP_TO if rate_min is None else CostBasis.STATED


@dataclass(frozen=True)
class Charge:
    """A cost beside interest: ``rate`` in ppm of the principal per what ``timing`` says, or ``amount`` 分 once."""

    timing: Timing
    rate: int = 0
    amount: int = 0


@dataclass(frozen=True)
class LoanCost:
    """What a loan costs, in 分 and ppm.

    ``total_charges`` leaves out deposits, which come back; ``plan`` is empty for a line used by dates. ``relief`` is
    what an interest subsidy pays back: the interest stays whole beside it, the two rates are those after it.
    """

    plan: tuple[Instalment, ...]
    received: int
    total_interest: int
    total_charges: int
    simple_rate: int
    compound_rate: int
    relief: int = 0

    @property
    def first_payment(self) -> int:
        """What is due after the first month."""
        return self.plan[0].payment if self.plan and self.plan[0].period == 1 else 0

    @property
    def last_payment(self) -> int:
        """What is due at the end."""
        return self.plan[-1].payment if self.plan else 0


def loan_cost(
    principal: int,
    annual_rate: int,
    months: int,
    method: Method,
    charges: Iterable[Charge] = (),
    subsidy: InterestSubsidy | None = None,
) -> LoanCost:
    """Cost of ``principal`` 分 at ``annual_rate`` ppm over ``months``. Raises ``LoanRefusal`` or ``NoRate``.

    A subsidy is taken to come back with each payment of interest.
    """
    plan = repayment.schedule(principal, annual_rate, months, method)
    relief = monthly_relief(principal, plan, subsidy) if subsidy else {}
    flows: dict[int, int] = defaultdict(int, {0: -principal})
    for instalment in plan:
        flows[instalment.period] += instalment.payment - relief.get(instalment.period, 0)
    total = sum(_add_charge(flows, charge, principal, months) for charge in charges)
    factor = internal_rate.discount_factor(sorted(flows.items()))
    return LoanCost(
        plan,
        received=-flows[0],
        total_interest=sum(instalment.interest for instalment in plan),
        total_charges=total,
        simple_rate=internal_rate.simple_rate(factor, MONTHS),
        compound_rate=internal_rate.compound_rate(factor, MONTHS),
        relief=sum(relief.values()),
    )


def loan_cost_in_days(
    principal: int,
    annual_rate: int,
    days: int,
    charges: Iterable[Charge] = (),
    subsidy: InterestSubsidy | None = None,
) -> LoanCost:
    """Cost of a loan for a number of days, all repaid at the end. Raises ``LoanRefusal`` or ``NoRate``."""
    if principal <= 0 or days <= 0:
        raise LoanRefusal(N_("贷款金额和天数须大于零。"))
    interest = repayment.days_interest(principal, annual_rate, days)
    flows: dict[int, int] = defaultdict(int, {0: -principal})
    relief = sum(relief_in_days(principal, interest, days, subsidy).values()) if subsidy else 0
    flows[days] += principal + interest - relief
    total = sum(_add_charge_in_days(flows, charge, principal, days) for charge in charges)
    return _dated_cost(flows, interest, total, used_days=-flows[0] * days, relief=relief)


def revolving_cost(utilisations: Sequence[Utilisation], annual_rate: int, up_front: int = 0) -> LoanCost:
    """Cost of a revolving line as it was used; ``up_front`` are charges in 分 on the day of the first draw.

    Each utilisation is repaid with its own interest. Raises ``LoanRefusal`` or ``NoRate``.
    """
    if not utilisations:
        raise LoanRefusal(N_("没有用款记录，无法计算成本。"))
    start = min(each.drawn_on for each in utilisations)
    flows: dict[int, int] = defaultdict(int, {0: up_front})
    interest = 0
    for each in utilisations:
        own = repayment.utilisation_interest(each, annual_rate)
        flows[(each.drawn_on - start).days] -= each.amount
        flows[(each.repaid_on - start).days] += each.amount + own
        interest += own
    return _dated_cost(flows, interest, up_front, used_days=sum(each.amount * each.days for each in utilisations))


def _dated_cost(flows: dict[int, int], interest: int, charges: int, *, used_days: int, relief: int = 0) -> LoanCost:
    """Flows by days: compound over the calendar year; simple is the cost over the 分·days used, times 365."""
    factor = internal_rate.discount_factor(sorted(flows.items()))
    simple = rounded((interest + charges - relief) * CALENDAR_YEAR_DAYS * PPM, used_days)
    compound = internal_rate.compound_rate(factor, CALENDAR_YEAR_DAYS)
    return LoanCost((), -flows[0], interest, charges, simple, compound, relief)


def _add_charge(flows: dict[int, int], charge: Charge, principal: int, months: int) -> int:
    """Enter a charge into monthly ``flows``; returns what it costs in 分."""
    if charge.timing is Timing.YEAR and not charge.amount:
        parts = {
            start: rounded(principal * charge.rate * min(MONTHS, months - start), PPM * MONTHS)
            for start in range(0, months, MONTHS)
        }
        for start, part in parts.items():
            flows[start] += part
        return sum(parts.values())
    if charge.timing is Timing.MONTH and not charge.amount:
        return sum(_pay(flows, month, rounded(principal * charge.rate, PPM)) for month in range(months))
    if charge.timing is Timing.DAY and not charge.amount:
        return _pay(flows, months, rounded(principal * charge.rate * months * DAYS_A_MONTH, PPM))
    share = rounded(principal * charge.rate * months, PPM * MONTHS)
    return _add_at_start(flows, charge, principal, prepaid=share, end=months)


def _add_charge_in_days(flows: dict[int, int], charge: Charge, principal: int, days: int) -> int:
    if charge.timing is Timing.DAY and not charge.amount:
        return _pay(flows, days, rounded(principal * charge.rate * days, PPM))
    if charge.timing is Timing.MONTH and not charge.amount:
        return _add_monthly_in_days(flows, charge, principal, days)
    share = rounded(principal * charge.rate * days, PPM * repayment.INTEREST_YEAR_DAYS)
    return _add_at_start(flows, charge, principal, prepaid=share, end=days)


def _add_monthly_in_days(flows: dict[int, int], charge: Charge, principal: int, days: int) -> int:
    """Each month of 30 days at its start, the last one by its days."""
    parts = {
        start: rounded(principal * charge.rate * min(DAYS_A_MONTH, days - start), PPM * DAYS_A_MONTH)
        for start in range(0, days, DAYS_A_MONTH)
    }
    return sum(_pay(flows, start, part) for start, part in parts.items())


def _add_at_start(flows: dict[int, int], charge: Charge, principal: int, *, prepaid: int, end: int) -> int:
    of_principal = charge.amount or rounded(principal * charge.rate, PPM)
    if charge.timing is Timing.DEPOSIT:
        _pay(flows, 0, of_principal)
        _pay(flows, end, -of_principal)
        return 0
    yearly = charge.timing in (Timing.PREPAID, Timing.YEAR)
    return _pay(flows, 0, prepaid if yearly and not charge.amount else of_principal)


def _pay(flows: dict[int, int], period: int, amount: int) -> int:
    flows[period] += amount
    return amount
