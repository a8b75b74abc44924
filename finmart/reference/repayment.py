"""Repayment plans, to the 分: what is due when, under the five ways loans here are repaid.

Interest of a month is balance × annual rate / 12, of a day balance × annual rate / 360, rounded half up to the 分; the
last instalment takes the remainder.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from enum import StrEnum

from finmart.reference.refusals import N_, Refusal

PPM = 1_000_000
MONTHS = 12
#: Daily interest counts a year of 360 days. Widely stated, the primary text is still to be confirmed.
INTEREST_YEAR_DAYS = 360
MAX_MONTHS = 600


class Method(StrEnum):
    """How a loan is repaid."""

    EQUAL_INSTALMENT = "equal_instalment"
    EQUAL_PRINCIPAL = "equal_principal"
    INTEREST_ONLY = "interest_only"
    BULLET = "bullet"
    REVOLVING = "revolving"


LABELS = {
    Method.EQUAL_INSTALMENT: ("等额本息", "Equal instalments"),
    Method.EQUAL_PRINCIPAL: ("等额本金", "Equal principal"),
    Method.INTEREST_ONLY: ("先息后本", "Interest only, principal at the end"),
    Method.BULLET: ("到期一次还本付息", "All at the end"),
    Method.REVOLVING: ("随借随还", "Draw and repay at any time"),
}

#: What institutions write for them.
_WORDS = {
    "等额本息": Method.EQUAL_INSTALMENT,
    "等额本金": Method.EQUAL_PRINCIPAL,
    "先息后本": Method.INTEREST_ONLY,
    "按月付息": Method.INTEREST_ONLY,
    "按月付息到期还本": Method.INTEREST_ONLY,
    "到期一次还本付息": Method.BULLET,
    "利随本清": Method.BULLET,
    "随借随还": Method.REVOLVING,
    "循环": Method.REVOLVING,
    "循环使用": Method.REVOLVING,
    "自助循环": Method.REVOLVING,
}


@dataclass(frozen=True)
class Instalment:
    """What is due ``period`` months after the loan was paid out; amounts in 分, ``balance`` after this payment."""

    period: int
    principal: int
    interest: int
    balance: int

    @property
    def payment(self) -> int:
        """Principal and interest together."""
        return self.principal + self.interest


@dataclass(frozen=True)
class Utilisation:
    """An amount (分) drawn from a revolving line and repaid with its interest on the day given."""

    amount: int
    drawn_on: date
    repaid_on: date

    @property
    def days(self) -> int:
        """Days of interest: the first counts, the last does not."""
        return (self.repaid_on - self.drawn_on).days


class LoanRefusal(Refusal):
    """These figures describe no loan."""


def method_of(words: str) -> Method | None:
    """The method an institution's words mean; None when they name none of the five plainly."""
    return _WORDS.get(words.strip())


def rounded(numerator: int, denominator: int) -> int:
    """A quotient of whole numbers, rounded half up; both at least zero, ``denominator`` above."""
    return (2 * numerator + denominator) // (2 * denominator)


def schedule(principal: int, annual_rate: int, months: int, method: Method) -> tuple[Instalment, ...]:
    """The plan for ``principal`` 分 at ``annual_rate`` ppm over ``months``. Raises ``LoanRefusal``.

    A revolving line counts as drawn whole for the whole term with interest each month: the most it can cost.
    """
    _check(principal, annual_rate, months)
    if method is Method.BULLET:
        return (Instalment(months, principal, rounded(principal * annual_rate * months, PPM * MONTHS), 0),)
    if method is Method.EQUAL_INSTALMENT:
        return _equal_instalments(principal, annual_rate, months)
    share = rounded(principal, months) if method is Method.EQUAL_PRINCIPAL else 0
    return _plan(principal, annual_rate, [share] * (months - 1))


def utilisation_interest(utilisation: Utilisation, annual_rate: int) -> int:
    """Interest of one utilisation in 分: amount × days × annual rate / 360. Raises ``LoanRefusal``."""
    if utilisation.amount <= 0 or utilisation.days < 0:
        raise LoanRefusal(N_("每次用款的金额须大于零，还款日不能早于提款日。"))
    return rounded(utilisation.amount * utilisation.days * annual_rate, PPM * INTEREST_YEAR_DAYS)


def days_interest(principal: int, annual_rate: int, days: int) -> int:
    """Interest in 分 of a loan whose term is counted in days."""
    return rounded(principal * days * annual_rate, PPM * INTEREST_YEAR_DAYS)


def _check(principal: int, annual_rate: int, months: int) -> None:
    if principal <= 0:
        raise LoanRefusal(N_("贷款金额须大于零。"))
    if not 0 <= annual_rate <= PPM:
        raise LoanRefusal(N_("年利率须在 0 到 100% 之间。"))
    if not 1 <= months <= MAX_MONTHS:
        raise LoanRefusal(N_("期限须在 1 到 600 个月之间。"))


def _month_interest(balance: int, annual_rate: int) -> int:
    return rounded(balance * annual_rate, PPM * MONTHS)


def _plan(principal: int, annual_rate: int, shares: list[int]) -> tuple[Instalment, ...]:
    """Instalments with the given principal shares; one more repays what is left."""
    balance, plan = principal, []
    for period, wanted in enumerate([*shares, principal], start=1):
        share = min(wanted, balance)
        interest = _month_interest(balance, annual_rate)
        balance -= share
        plan.append(Instalment(period, share, interest, balance))
    return tuple(plan)


def _equal_instalments(principal: int, annual_rate: int, months: int) -> tuple[Instalment, ...]:
    payment = _annuity(principal, annual_rate, months)
    balance, shares = principal, []
    for _ in range(months - 1):
        share = min(payment - _month_interest(balance, annual_rate), balance)
        shares.append(share)
        balance -= share
    return _plan(principal, annual_rate, shares)


def _annuity(principal: int, annual_rate: int, months: int) -> int:
    if annual_rate == 0:
        return rounded(principal, months)
    with localcontext(Context(prec=40)):
        monthly = Decimal(annual_rate) / (PPM * MONTHS)
        exact = principal * monthly / (1 - (1 + monthly) ** -months)
        return int(exact.to_integral_value(rounding=ROUND_HALF_UP))
